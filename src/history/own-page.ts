// Lets the record's own page read, and no other: neither a page of another origin nor of another port of this machine.
import type { RequestHandler } from "express";

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

/** Nothing is loaded from elsewhere, framed, sniffed, cached, referred, or read by another origin. */
export const recordHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
  });
  next();
};

/** Programs send neither header. A link may lead here from anywhere: it loads the page, which holds nothing by itself. */
export const ownPageOnly: RequestHandler = (req, res, next) => {
  const { origin, host, "sec-fetch-site": site = "none" } = req.headers;
  const isOwn = origin === undefined || origin === `http://${host}`;
  const isLink = req.path === "/" && req.get("sec-fetch-dest") === "document";
  if (isOwn && (site === "none" || site === "same-origin" || isLink)) return next();
  res.status(403).json({ error: "forbidden", message: "Other web pages may not read the record." });
};

/** Nothing of the record can be changed. */
export const readOnly: RequestHandler = (req, res, next) => {
  if (req.method === "GET" || req.method === "HEAD") return next();
  res.status(405).set("Allow", "GET, HEAD").json({
    error: "method_not_allowed",
    message: "The record is read-only: nothing can be approved or changed here.",
  });
};
