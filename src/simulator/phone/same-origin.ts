// Keeps other web pages out: only this server's own page may call it from a browser.
import type { RequestHandler } from "express";
import { hostProblem, LOOPBACK_NAMES, originProblem, refusedCaller } from "../../domain/loopback.ts";

const ofThisMachine: RequestHandler = (req, res, next) => {
  const { host, origin } = req.headers;
  const problem = hostProblem(host, LOOPBACK_NAMES) ?? originProblem(origin, LOOPBACK_NAMES);
  if (problem === undefined) next();
  else res.status(403).json(refusedCaller(problem));
};

// The one above does not look at ports; another page on this machine has the same host name.
const exactOrigin: RequestHandler = (req, res, next) => {
  const { origin, host } = req.headers;
  if (origin === undefined || origin === `http://${host}`) next();
  else res.status(403).json({ error: "requests from other origins are refused" });
};

/** Refuses with 403 what comes for another host name or from another origin. */
export const sameOriginOnly: readonly RequestHandler[] = [ofThisMachine, exactOrigin];
