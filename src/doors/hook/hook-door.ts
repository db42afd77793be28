// Claude Code's hook events, for interactive sessions: one asks, the others tell that the terminal was faster.
// No event but a PermissionRequest is ever answered with anything but "no opinion".

import { type ErrorRequestHandler, type RequestHandler, type Response, Router } from "express";
import type { Gate } from "../../core/gate-contract.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Log } from "../../core/ports/log.ts";
import type { Messenger } from "../../core/ports/messenger.ts";
import type { Phone } from "../../domain/tool-call.ts";
import { TooMuchError } from "../body-limits.ts";
import { noWebPages } from "../no-web-pages.ts";
import { requesterOf } from "../requester.ts";
import { createCallers, type Posted } from "./callers.ts";
import type { DoneMessages } from "./done-messages.ts";
import { NO_OPINION } from "./hook-answer.ts";
import { type HookEvent, parseHookEvent } from "./hook-input.ts";
import { createPermissionRequest } from "./permission-request.ts";

export const HOOKS_PATH = "/hooks/";

export interface HookDoorDeps {
  readonly gate: Gate;
  readonly messenger: Messenger;
  readonly approvers: readonly Phone[];
  readonly clock: Clock;
  readonly log: Log;
  /** How long the terminal has for itself before the phone is asked, ms. */
  readonly graceMs: number;
  readonly done: DoneMessages;
}

export interface HookDoor {
  readonly router: RequestHandler;
  /** For bodies on its paths that were not read. */
  readonly onError: ErrorRequestHandler;
  /** Leaves what still waits to the terminal. */
  close(): void;
}

export function createHookDoor(deps: HookDoorDeps): HookDoor {
  const { log, done } = deps;
  const callers = createCallers();
  const router = Router();
  router.use(HOOKS_PATH, noWebPages(refuseWebPage), onlyJson);
  router.post(`${HOOKS_PATH}permission-request`, createPermissionRequest({ ...deps, callers }));

  /** An event's answer does not wait for what it sets in motion, and no failure of that reaches it. */
  function on(name: string, handle: (event: Posted & HookEvent) => Promise<void> | void): void {
    router.post(HOOKS_PATH + name, (req, res) => {
      res.json(NO_OPINION);
      const event = parseHookEvent(req.body);
      if (event === undefined) {
        log.refused({ hook: name }, "a hook's event could not be read: ignored");
        return;
      }
      Promise.resolve({ ...event, requester: requesterOf(res) })
        .then(handle)
        .catch((error: unknown) => log.error({ err: error, hook: name }, "a hook's event failed"));
    });
  }

  async function toolEnded(event: Posted & HookEvent): Promise<void> {
    const id = callers.toolEnded(event);
    if (id === undefined) return;
    log.warn({ id }, "a call ran that was denied on the phone: the terminal had allowed it before");
    await Promise.all(
      deps.approvers.map((approver) => deps.messenger.tell(approver, { kind: "ran-anyway", id })),
    );
  }

  on("post-tool-use", toolEnded);
  on("post-tool-use-failure", toolEnded);
  on("user-prompt-submit", (event) => {
    callers.turnEnded(event);
    done.prompted(event);
  });
  on("stop", (event) => {
    callers.turnEnded(event);
    return done.stopped(event);
  });
  on("notification", (event) => done.notified(event));
  return { router, onError: leaveToTerminal(log), close: callers.close };
}

/** What is too much to be read is left to the terminal, as everything that cannot be read. */
function leaveToTerminal(log: Log): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (!(error instanceof TooMuchError) || !req.path.toLowerCase().startsWith(HOOKS_PATH))
      return next(error);
    log.refused({ problem: error.message }, "a hook's event was too large to be read: left to the terminal");
    if (!res.headersSent) res.json(NO_OPINION);
  };
}

const onlyJson: RequestHandler = (req, res, next) => {
  if (req.method !== "POST" || req.is("application/json")) return next();
  res.status(415).json({ error: "bad_request", message: "A hook's body is JSON." });
};

function refuseWebPage(res: Response): void {
  res.status(403).json({ error: "forbidden", message: "Hooks are Claude Code's, not a web page's." });
}
