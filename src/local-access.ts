// Who may use the local routes: loopback names only, no foreign web page, and the token when one is set.
import { createHash, timingSafeEqual } from "node:crypto";
import { localhostHostValidation, localhostOriginValidation } from "@modelcontextprotocol/express";
import type { RequestHandler } from "express";
import type { Log } from "./core/ports.ts";

/**
 * @param host the address that the listener is bound to; on one that others can reach the token is what protects
 * @param token when set, every request must carry it as `Authorization: Bearer …`
 */
export function localAccess(host: string, token: string | undefined, log: Log): RequestHandler[] {
  const isLoopback = host === "127.0.0.1" || host === "localhost" || host === "::1";
  return [
    ...(isLoopback ? [localhostHostValidation()] : []),
    localhostOriginValidation(),
    ...(token === undefined ? [] : [requireToken(token, log)]),
  ];
}

function requireToken(token: string, log: Log): RequestHandler {
  const expected = digest(`Bearer ${token}`);
  return (req, res, next) => {
    // Digests have one length, so the comparison tells nothing about the token.
    if (timingSafeEqual(digest(req.get("authorization") ?? ""), expected)) return next();
    log.warn(
      { path: req.path, sent: req.get("authorization") !== undefined },
      "refused: a local request without the token (export APPROVAL_TOKEN in the shell that runs claude)",
    );
    res.status(401).set("WWW-Authenticate", "Bearer").json({
      error: "unauthorized",
      message: "This approval server wants Authorization: Bearer <APPROVAL_TOKEN>.",
    });
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
