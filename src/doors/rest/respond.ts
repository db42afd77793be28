// Writes the responses of the REST door, and tells whether one has really left. Express's `json` is not used: it turns
// into an empty 304 when a caller sends `If-None-Match: *`, and an answer that was not sent must not count as fetched.
import type { ServerResponse } from "node:http";
import { whenWritten } from "../written.ts";
import { PROBLEMS, type Problem, problemBody } from "./problem.ts";

/** @returns true when the body was handed to the system in full, false when the connection broke before */
export function respond(
  res: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  if (res.destroyed) return Promise.resolve(false);
  const written = whenWritten(res);
  const text = JSON.stringify(body);
  res.writeHead(status, {
    "content-type": "application/json",
    "cache-control": "no-store",
    "content-length": Buffer.byteLength(text),
    ...headers,
  });
  res.end(text);
  return written;
}

export function respondProblem(res: ServerResponse, problem: Problem): void {
  const [status] = PROBLEMS[problem.type];
  const headers = { "content-type": "application/problem+json", ...problem.headers };
  void respond(res, status, problemBody(problem), headers);
}
