// Who may use the local routes: loopback names only, no foreign web page, and the token when one is set.
import { createHash, timingSafeEqual } from "node:crypto";
import { localhostHostValidation, localhostOriginValidation } from "@modelcontextprotocol/express";
import type { RequestHandler } from "express";

/**
 * @param host the address that the listener is bound to; on one that others can reach the token is what protects
 * @param token when set, every request must carry it as `Authorization: Bearer …`
 */
export function localAccess(host: string, token: string | undefined): RequestHandler[] {
  const isLoopback = host === "127.0.0.1" || host === "localhost" || host === "::1";
  return [
    ...(isLoopback ? [localhostHostValidation()] : []),
    localhostOriginValidation(),
    ...(token === undefined ? [] : [requireToken(token)]),
  ];
}

function requireToken(token: string): RequestHandler {
  const expected = digest(`Bearer ${token}`);
  return (req, res, next) => {
    // Digests have one length, so the comparison tells nothing about the token.
    if (timingSafeEqual(digest(req.get("authorization") ?? ""), expected)) return next();
    res.status(401).set("WWW-Authenticate", "Bearer").json({
      error: "unauthorized",
      message: "This approval server wants Authorization: Bearer <APPROVAL_TOKEN>.",
    });
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
