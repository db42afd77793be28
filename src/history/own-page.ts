// Lets the record's own page read, and no other: neither a page of another origin nor of another port of this machine.
import type { RequestHandler } from "express";
import { PAGE_HEADERS } from "../domain/page-headers.ts";

/** Nothing is loaded from elsewhere, framed, sniffed, cached, referred, or read by another origin. */
export const recordHeaders: RequestHandler = (_req, res, next) => {
  res.set(PAGE_HEADERS);
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
