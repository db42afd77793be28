// Which web pages may call the local routes: those of this machine as far as they ever could, and those that ALLOWED_ORIGINS
// names, on the routes of agents and scripts only. Hooks, what steers the server, and the record stay closed to them.
import cors from "cors";
import type { RequestHandler } from "express";
import { LOOPBACK_NAMES, originProblem, refusedCaller } from "../domain/loopback.ts";
import { setAllowedPage } from "../doors/allowed-page.ts";

/** Express routes whatever the case of an address. */
const FOR_PAGES = /^\/(?:mcp|sse|message|v1)(?:\/|$)/i;
/** How long a browser need not ask again whether it may, seconds. */
const PREFLIGHT_SECONDS = 600;

/** Never `*`, and never cookies: a page shows the token in each request. */
const ANSWERS = {
  methods: ["GET", "POST", "DELETE"],
  allowedHeaders: [
    "authorization",
    "content-type",
    "accept",
    "idempotency-key",
    "last-event-id",
    "mcp-method",
    "mcp-name",
    "mcp-protocol-version",
    "mcp-session-id",
    "x-approval-project",
  ],
  exposedHeaders: ["mcp-session-id", "mcp-protocol-version", "location", "retry-after", "www-authenticate"],
  credentials: false,
  maxAge: PREFLIGHT_SECONDS,
};

const ofThisMachine: RequestHandler = (req, res, next) => {
  const problem = originProblem(req.headers.origin, LOOPBACK_NAMES);
  if (problem === undefined) next();
  else res.status(403).json(refusedCaller(problem));
};

/** @param origins exactly as browsers send them */
export function localOrigins(origins: readonly string[]): RequestHandler {
  if (origins.length === 0) return ofThisMachine;
  const known = new Set(origins);
  const answer = cors({ ...ANSWERS, origin: [...origins] });
  return (req, res, next) => {
    if (!FOR_PAGES.test(req.path)) return void ofThisMachine(req, res, next);
    // Caches must not hand the answer for one page to another, nor to a caller that is none.
    res.vary("Origin");
    const { origin } = req.headers;
    if (origin === undefined || !known.has(origin)) return void ofThisMachine(req, res, next);
    setAllowedPage(res);
    // Chromium asks this before a public page may reach a private address.
    if (req.method === "OPTIONS" && req.get("access-control-request-private-network") === "true") {
      res.set("Access-Control-Allow-Private-Network", "true");
    }
    answer(req, res, next);
  };
}
