// A POST on loopback, with its status.
import { Agent, request } from "node:http";

/**
 * How long a connection is kept for another request, ms: below the 5 s after which Node's server closes one that is idle. Used in
 * that very moment, it ends as "socket hang up", and nobody can tell whether the request was taken.
 */
const REUSE_MS = 3_000;

/** Keeps its connections, as many as are needed at once, and none for so long that the other end may be closing it. */
export function reusingAgent(): Agent {
  return new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, timeout: REUSE_MS });
}

export interface Posted {
  readonly status: number;
  /** When its answer had come, by `performance.now()`. */
  readonly at: number;
}

export function post(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  agent: Agent,
): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: "POST", agent, headers: { ...headers, "content-length": Buffer.byteLength(body) } },
      (response) => {
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, at: performance.now() }));
        response.resume();
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

export const FORM = { "content-type": "application/x-www-form-urlencoded" };
