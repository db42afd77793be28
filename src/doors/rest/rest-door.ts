// The REST entrance, for scripts and for agents without MCP: ask, fetch the decision, list, withdraw.

import { type ErrorRequestHandler, type RequestHandler, Router } from "express";
import type { Gate } from "../../core/gate-contract.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { HistoryStore } from "../../core/ports/history-store.ts";
import type { KeyStore } from "../../core/ports/key-store.ts";
import type { Log } from "../../core/ports/log.ts";
import type { RequestStore } from "../../core/ports/request-store.ts";
import type { TaskTools } from "../../core/ports/task-tools.ts";
import { createDesk } from "../held/desk.ts";
import { type HeldResults, RETRY_SECONDS, TooManyOpenError } from "../held/held-results.ts";
import { noWebPages } from "../no-web-pages.ts";
import { createHandlers } from "./handlers.ts";
import { createKeyedStarter } from "./keyed-start.ts";
import { OPERATIONS } from "./operations.ts";
import { Problem, type ProblemType } from "./problem.ts";
import { respondProblem } from "./respond.ts";
import { createTaskRoutes } from "./task-routes.ts";

const ROOT = "/v1";

export interface RestDoorDeps {
  readonly gate: Pick<Gate, "waiting">;
  readonly store: RequestStore & KeyStore & HistoryStore;
  readonly heldResults: HeldResults;
  readonly clock: Clock;
  readonly log: Log;
  /** The version of this package. */
  readonly version: string;
  /** The longest that a request may wait, ms. */
  readonly timeoutMs: number;
  /** Absent where tasks are off. */
  readonly taskSource?: TaskTools | undefined;
}

export interface RestDoor {
  readonly router: RequestHandler;
  /** For errors on its paths, those of the body parser before it included. */
  readonly onError: ErrorRequestHandler;
}

export function createRestDoor(deps: RestDoorDeps): RestDoor {
  const { store, heldResults, clock, log } = deps;
  const starter = createKeyedStarter(heldResults, store, clock);
  const tasks = deps.taskSource && createTaskRoutes(deps.taskSource);
  const handlers = createHandlers({ ...deps, desk: createDesk({ ...deps, door: "rest" }), starter, tasks });
  const router = Router();
  router.use(
    ROOT,
    noWebPages((_res, next) => next(new Problem("forbidden", "Web pages may not use this interface."))),
  );
  for (const path of new Set(OPERATIONS.map((operation) => operation.path))) {
    const operations = OPERATIONS.filter((operation) => operation.path === path);
    const route = router.route(path.replaceAll(/\{(\w+)\}/g, ":$1"));
    const allowed = operations.map(({ method }) => method.toUpperCase());
    // First, because Express would answer HEAD with GET: a decision would count as fetched that nobody has read.
    route.all((req, _res, next) => next(allowed.includes(req.method) ? undefined : notAllowed(allowed)));
    for (const { method, id } of operations) route[method](handlers[id]);
  }
  if (tasks !== undefined) router.use(tasks.router);
  router.use(ROOT, (_req, _res, next) => next(new Problem("not-found", "There is nothing at this address.")));
  return { router, onError: onError(log) };
}

function notAllowed(methods: readonly string[]): Problem {
  const allow = methods.join(", ");
  return new Problem("method-not-allowed", `This address takes: ${allow}.`, { headers: { allow } });
}

function onError(log: Log): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    // Express routes whatever the case of an address.
    if (res.headersSent || !`${req.path.toLowerCase()}/`.startsWith(`${ROOT}/`)) return next(error);
    if (error instanceof Problem) return respondProblem(res, error);
    if (error instanceof TooManyOpenError) {
      const headers = { "retry-after": String(RETRY_SECONDS) };
      return respondProblem(res, new Problem("too-many", error.message, { headers }));
    }
    // Of Express, with the status of a body that cannot be read.
    if (error instanceof URIError)
      return respondProblem(res, new Problem("invalid-parameter", "An escape in the address is wrong."));
    const [type, detail] = BODY_PROBLEMS[statusOf(error)] ?? [
      "server-error",
      "Nothing was approved; see the server's log.",
    ];
    if (type === "server-error") log.error({ err: error }, "a REST request failed");
    respondProblem(res, new Problem(type, detail));
  };
}

/** What the body parser, which runs before the door, refuses with. */
const BODY_PROBLEMS: Readonly<Record<number, readonly [ProblemType, string]>> = {
  400: ["invalid-json", "The body could not be read: it must be valid JSON. Nothing was asked."],
  413: ["body-too-large", "The body is too large, or has too many values or levels. Nothing was asked."],
  415: ["unsupported-media-type", "The body has an encoding that is not supported. Nothing was asked."],
};

function statusOf(error: unknown): number {
  const status = error !== null && typeof error === "object" && "status" in error ? error.status : undefined;
  return typeof status === "number" ? status : 500;
}
