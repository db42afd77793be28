// A POST on loopback, with its status.
import { type Agent, request } from "node:http";

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
