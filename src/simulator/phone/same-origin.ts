// Keeps other web pages out: only this server's own page may call it from a browser.
import { hostHeaderValidation, originValidation } from "@modelcontextprotocol/express";
import type { RequestHandler } from "express";

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

// The two validations above do not look at ports; another page on this machine has the same host name.
const exactOrigin: RequestHandler = (req, res, next) => {
  const { origin, host } = req.headers;
  if (origin === undefined || origin === `http://${host}`) next();
  else res.status(403).json({ error: "requests from other origins are refused" });
};

/** Refuses with 403 what comes for another host name or from another origin. */
export const sameOriginOnly: readonly RequestHandler[] = [
  hostHeaderValidation(LOOPBACK),
  originValidation(LOOPBACK),
  exactOrigin,
];
