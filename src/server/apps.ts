// The two Express apps: one for this machine, one that a tunnel may expose. Nothing listens here.

import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import { CHALLENGE_PARAMETER, WEBHOOK_PATH } from "../channels/twilio/receive/webhook.ts";
import type { Log } from "../core/ports/log.ts";
import { visibleLine } from "../domain/visible.ts";
import { NotUtf8Error, refuseTooMuch, TooMuchError } from "../doors/body-limits.ts";
import type { InstanceProof } from "./instance-proof.ts";
import { type LocalAccess, localNames, localToken } from "./local-access.ts";

/** What is taken in to be refused in words; how much of it is read is in doors/body-limits.ts. */
const BODY_LIMIT = "10mb";
/** Anybody on the internet can call paths that are not there. How many are noted, and how much of each, UTF-16 units. */
const MAX_NOTED = 50;
const MAX_NOTED_LENGTH = 200;

export interface LocalAppDeps {
  readonly access: LocalAccess;
  /** Files that hold nothing by themselves: a person loads them, and then shows the token. */
  readonly page?: RequestHandler | undefined;
  readonly doors: readonly (RequestHandler | ErrorRequestHandler)[];
  /** What `/health` answers. */
  readonly health: () => Promise<{ readonly status: string }>;
  /** See server/instance-proof.ts. */
  readonly prove: InstanceProof;
  readonly log: Log;
}

/** Everything but the page, `/health` and the doors is 404. */
export function createLocalApp({ access, page, doors, health, prove, log }: LocalAppDeps): Express {
  const app = bareApp();
  app.use(...localNames(access), ...(page === undefined ? [] : [page]), ...localToken(access, log));
  const verify = (_req: unknown, _res: unknown, raw: Buffer, encoding: string) =>
    refuseTooMuch(raw, encoding);
  app.use(express.json({ limit: BODY_LIMIT, verify }), asRefused);
  app.get("/health", async (req, res) => {
    const state = await health();
    const proof = prove(req.query[CHALLENGE_PARAMETER]);
    res.status(state.status === "ok" ? 200 : 503).json({ ...state, proof });
  });
  app.use(...doors);
  app.use(notFound, failed(log));
  return app;
}

/** The body parser makes 403 of whatever is thrown before it parses. */
const asRefused: ErrorRequestHandler = (error: unknown, _req, _res, next) => {
  if (error instanceof TooMuchError) error.status = 413;
  if (error instanceof NotUtf8Error) error.status = 415;
  next(error);
};

/** Only the webhook. A tunnel exposes every route of the port that it is pointed at. */
export function createPublicApp(webhook: RequestHandler, log: Log): Express {
  const app = bareApp();
  app.use(webhook);
  app.use(noteMissing(log), notFound, failed(log));
  return app;
}

function bareApp(): Express {
  return express().disable("x-powered-by").disable("etag");
}

/** A path that came to nothing, said once: most often the address at Twilio, or a proxy, is not quite right. */
function noteMissing(log: Log): RequestHandler {
  const noted = new Set<string>();
  return (req, _res, next) => {
    const path = visibleLine(req.path.slice(0, MAX_NOTED_LENGTH));
    if (noted.size < MAX_NOTED && !noted.has(path)) {
      noted.add(path);
      log.warn(
        { method: req.method, path, expected: WEBHOOK_PATH },
        "nothing is at this path of the webhook port: check the webhook's address at Twilio and the path of PUBLIC_URL",
      );
    }
    next();
  };
}

const notFound: RequestHandler = (_req, res) => {
  res.status(404).json({ error: "not_found", message: "There is nothing at this address." });
};

/** Says what was wrong with a request, and nothing about the inside. */
function failed(log: Log): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (res.headersSent) return next(error);
    const status = statusOf(error);
    if (status >= 500) log.error({ err: error }, "a request failed");
    const said = error instanceof URIError ? WRONG_ESCAPE : (MESSAGES[status] ?? "The request failed.");
    res.status(status).json({ error: "bad_request", message: said });
  };
}

const WRONG_ESCAPE = "An escape in the address is wrong.";
const MESSAGES: Readonly<Record<number, string>> = {
  400: "The body could not be read: it must be valid JSON.",
  413: "The body is too large, or has too many fields.",
  415: "The body has an encoding that is not supported.",
  500: "The approval server failed. Nothing was approved; see its log.",
};

function statusOf(error: unknown): number {
  const status = error !== null && typeof error === "object" && "status" in error ? error.status : undefined;
  return typeof status === "number" && status >= 400 && status < 500 ? status : 500;
}
