// Who may use the local routes: loopback names only, no foreign web page, and a token when one is set.

import { createHash, timingSafeEqual } from "node:crypto";
import { localhostHostValidation, localhostOriginValidation } from "@modelcontextprotocol/express";
import type { RequestHandler } from "express";
import type { Log } from "../core/ports/log.ts";
import { setRequester } from "../doors/requester.ts";

export interface LocalAccess {
  /** The address that the listener is bound to; on one that others can reach the token is what protects. */
  readonly host: string;
  /** When set, every request must carry it, or a named one, as `Authorization: Bearer …`. */
  readonly token?: string | undefined;
  /** Tokens of callers by name: what comes with one is asked in that name. */
  readonly namedTokens?: ReadonlyMap<string, string> | undefined;
  /** Whose a token of a running task is: `ended` for one that counts no more, undefined for one that is none. */
  readonly taskToken?: ((token: string) => { readonly requester: string } | "ended" | undefined) | undefined;
}

export function localAccess(access: LocalAccess, log: Log): RequestHandler[] {
  return [...localNames(access), ...localToken(access, log)];
}

/** By which name the server is called, and from which page. */
export function localNames({ host }: LocalAccess): RequestHandler[] {
  const isLoopback = host === "127.0.0.1" || host === "localhost" || host === "::1";
  return [...(isLoopback ? [localhostHostValidation()] : []), localhostOriginValidation()];
}

/** With which token. */
export function localToken(access: LocalAccess, log: Log): RequestHandler[] {
  const { token, namedTokens, taskToken } = access;
  const others = token === undefined ? [] : [requireToken(token, namedTokens ?? new Map(), log)];
  return taskToken === undefined ? others : [takeTaskToken(taskToken, others, log)];
}

/** A task has a token of its own, also where others need none: it asks in its own name, and in no other. */
function takeTaskToken(
  taskToken: NonNullable<LocalAccess["taskToken"]>,
  others: readonly RequestHandler[],
  log: Log,
): RequestHandler {
  const [next = (_req, _res, go) => go()] = others;
  return (req, res, go) => {
    const owner = taskToken(/^Bearer (\S+)$/.exec(req.get("authorization") ?? "")?.[1] ?? "");
    if (owner === undefined) {
      next(req, res, go);
      return;
    }
    if (owner !== "ended") {
      setRequester(res, owner.requester);
      go();
      return;
    }
    log.refused({ path: req.path }, "refused: a request of a task that has ended");
    res
      .status(401)
      .json({ error: "unauthorized", message: "This task has ended: its token counts no more." });
  };
}

function requireToken(own: string, named: ReadonlyMap<string, string>, log: Log): RequestHandler {
  const known = [[undefined, own] as const, ...named].map(([name, token]) => ({
    name,
    expected: digest(`Bearer ${token}`),
  }));
  return (req, res, next) => {
    const sent = digest(req.get("authorization") ?? "");
    // Digests have one length, and each is compared: the time it takes tells nothing about a token.
    const [match] = known.filter(({ expected }) => timingSafeEqual(sent, expected));
    if (match !== undefined) {
      if (match.name !== undefined) setRequester(res, match.name);
      return next();
    }
    log.refused(
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
