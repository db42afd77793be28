// Whether a response has really left: "approved" is told to a phone only when it has.
import type { ServerResponse } from "node:http";

/** Resolves true when the response was handed to the system in full, false when the connection broke before. */
export function whenWritten(res: ServerResponse): Promise<boolean> {
  return new Promise((resolve) => {
    if (res.destroyed || res.writableFinished) resolve(res.writableFinished);
    res.once("finish", () => resolve(true));
    res.once("close", () => resolve(res.writableFinished));
  });
}
