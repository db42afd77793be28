// Who may use the local routes: loopback names only, no foreign web page, and a token when one is set.

import { createHash, timingSafeEqual } from "node:crypto";
import type { RequestHandler } from "express";
import type { Log } from "../core/ports/log.ts";
import { hostProblem, LOOPBACK_NAMES, refusedCaller } from "../domain/loopback.ts";
import { setRequester } from "../doors/requester.ts";
import { localOrigins } from "./allowed-origins.ts";

export interface LocalAccess {
  /** The address that the listener is bound to; on one that others can reach the token is what protects. */
  readonly host: string;
  /** When set, every request must carry it, or a named one, as `Authorization: Bearer …`. */
  readonly token?: string | undefined;
  /** Tokens of callers by name: what comes with one is asked in that name. */
  readonly namedTokens?: ReadonlyMap<string, string> | undefined;
  /** Names beside loopback's by which it is called; where there are some, no others count, whatever `host` is. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Origins of web pages beside loopback's, as browsers send them. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Whose a token of a running task is: `ended` for one that counts no more, undefined for one that is none. */
  readonly taskToken?: ((token: string) => { readonly requester: string } | "ended" | undefined) | undefined;
}

export function localAccess(access: LocalAccess, log: Log): RequestHandler[] {
  return [...localNames(access), ...localToken(access, log)];
}

/** What a proxy or a tunnel adds to a request that it passes on; not every one does. */
const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/** By which name the server is called, and from which page. */
export function localNames({ host, allowedHosts = [], allowedOrigins = [] }: LocalAccess): RequestHandler[] {
  const isLoopback = host === "127.0.0.1" || host === "localhost" || host === "::1";
  const names = calledBy([...LOOPBACK_NAMES, ...allowedHosts]);
  return [...(isLoopback || allowedHosts.length > 0 ? [names] : []), localOrigins(allowedOrigins)];
}

function calledBy(names: readonly string[]): RequestHandler {
  return (req, res, next) => {
    const problem = hostProblem(req.headers.host, names);
    if (problem === undefined) next();
    else res.status(403).json(refusedCaller(problem));
  };
}

/** With which token. */
export function localToken(access: LocalAccess, log: Log): RequestHandler[] {
  const { token, namedTokens, taskToken } = access;
  const others =
    token === undefined ? refusePassedOn(log) : requireToken(token, namedTokens ?? new Map(), log);
  return [taskToken === undefined ? others : takeTaskToken(taskToken, others, log)];
}

/** Without a token only this machine's own programs may ask: what a proxy passes on may come from anywhere. */
function refusePassedOn(log: Log): RequestHandler {
  return (req, res, next) => {
    if (!PROXY_HEADERS.some((name) => req.headers[name] !== undefined)) return next();
    log.refused({ path: req.path }, "refused: a proxy passed a request on, and no APPROVAL_TOKEN is set");
    res.status(403).json({
      error: "forbidden",
      message: "This approval server takes no requests through a proxy until APPROVAL_TOKEN is set.",
    });
  };
}

/** A task has a token of its own, also where others need none: it asks in its own name, and in no other. */
function takeTaskToken(
  taskToken: NonNullable<LocalAccess["taskToken"]>,
  others: RequestHandler,
  log: Log,
): RequestHandler {
  return (req, res, go) => {
    const owner = taskToken(/^Bearer (\S+)$/.exec(req.get("authorization") ?? "")?.[1] ?? "");
    if (owner === undefined) {
      others(req, res, go);
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
