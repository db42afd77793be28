// Claude Code's hook events, for interactive sessions: some ask, the others tell how things went on.
// No event but one that asks is ever answered with anything but "no opinion".

import { type ErrorRequestHandler, type RequestHandler, type Response, Router } from "express";
import type { FinishedTurns } from "../../core/finished-turns.ts";
import type { Gate } from "../../core/gate-contract.ts";
import type { People } from "../../core/people.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Inspector } from "../../core/ports/inspector.ts";
import type { Log } from "../../core/ports/log.ts";
import type { Messenger } from "../../core/ports/messenger.ts";
import { NO_PARKED_CALLS, type ParkedCalls } from "../../core/ports/parked-calls.ts";
import type { Notice } from "../../domain/notice.ts";
import type { Phone } from "../../domain/tool-call.ts";
import { TooMuchError } from "../body-limits.ts";
import { noWebPages } from "../no-web-pages.ts";
import { requesterOf } from "../requester.ts";
import { createApprovedCalls, type NotRun } from "./approved-calls.ts";
import { createBackgroundAgents } from "./background-agents.ts";
import { type Posted, sessionOf } from "./call-key.ts";
import { createCallers } from "./callers.ts";
import type { DoneMessages } from "./done-messages.ts";
import { createElicitation } from "./elicitation.ts";
import { NO_OPINION } from "./hook-answer.ts";
import { type HookEvent, parseHookEvent } from "./hook-input.ts";
import { createHookOrigins } from "./hook-origin.ts";
import type { LastWords } from "./last-words.ts";
import { createPermissionDenied } from "./permission-denied.ts";
import { createPermissionRequest } from "./permission-request.ts";
import { createPreToolUse } from "./pre-tool-use.ts";
import { createStopPairs } from "./stop-pairs.ts";
import { createWaitReply } from "./wait-reply.ts";

export const HOOKS_PATH = "/hooks/";

export interface HookDoorDeps {
  readonly gate: Gate;
  readonly messenger: Messenger;
  /** Masks secrets. */
  readonly inspector: Inspector;
  readonly people: Pick<People, "toTell" | "mayApprove">;
  readonly clock: Clock;
  readonly log: Log;
  /** How long the terminal has for itself before the phone is asked, ms. */
  readonly graceMs: number;
  readonly done: DoneMessages;
  /** Where Claude waits for a person's next words when it has finished. */
  readonly turns?: FinishedTurns | undefined;
  /** What Claude said before a call, where requests show it. */
  readonly lastWords?: LastWords | undefined;
  /** Default: none may wait longer than Claude does. */
  readonly parked?: ParkedCalls | undefined;
}

export interface HookDoor {
  readonly router: RequestHandler;
  /** For bodies on its paths that were not read. */
  readonly onError: ErrorRequestHandler;
  /** Leaves what still waits to the terminal. */
  close(): void;
}

/** A session goes on elsewhere under another id: what becomes of its calls is not known. */
const GOES_ON_ELSEWHERE = new Set<string | undefined>(["clear", "resume"]);

export function createHookDoor(deps: HookDoorDeps): HookDoor {
  const { log, done, turns, parked = NO_PARKED_CALLS } = deps;
  const callers = createCallers();
  const approved = createApprovedCalls();
  const agents = createBackgroundAgents();
  const origins = createHookOrigins(deps.lastWords);
  const pairs = createStopPairs(deps.clock);
  const router = Router();
  router.use(HOOKS_PATH, noWebPages(refuseWebPage), onlyJson);
  const tellNotRun = (calls: readonly NotRun[]) => void notRun(calls, false);
  const asking = { ...deps, parked, callers, approved, agents, origins, tellNotRun };
  router.post(`${HOOKS_PATH}permission-request`, createPermissionRequest(asking));
  router.post(`${HOOKS_PATH}pre-tool-use`, createPreToolUse(asking));
  // The plugin has these hooks always: whether they ask is DONE_MESSAGES' to say.
  const away = {
    "permission-denied": createPermissionDenied(asking),
    elicitation: createElicitation(asking),
  };
  for (const [name, ask] of Object.entries(away)) router.post(HOOKS_PATH + name, done.isOn ? ask : leave);

  router.post(
    `${HOOKS_PATH}wait-reply`,
    turns === undefined ? leave : createWaitReply({ turns, pairs, done, log }),
  );

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

  async function tellAll(notice: Notice): Promise<void> {
    const tell = (approver: Phone) =>
      deps.messenger.tell(approver, notice).catch((error: unknown) => {
        log.warn({ err: error, kind: notice.kind }, "what became of a call could not be told");
      });
    await Promise.all(deps.people.toTell().map(tell));
  }

  async function notRun(calls: readonly NotRun[], mayBeInterrupted: boolean): Promise<void> {
    for (const { id, toolName } of calls) {
      log.warn({ id }, "a call that was approved on the phone did not run, or was interrupted");
      await tellAll({ kind: "not-run", id, toolName, mayBeInterrupted });
    }
  }

  async function toolEnded(event: Posted & HookEvent): Promise<void> {
    agents.noted(event);
    if (event.agentId === undefined) turns?.worked(sessionOf(event));
    approved.ran(event);
    if (event.call !== undefined) parked.passed(event.sessionId, event.call);
    const id = callers.toolEnded(event);
    if (id === undefined) return;
    log.warn({ id }, "a call ran that was denied on the phone: the terminal had allowed it before");
    await tellAll({ kind: "ran-anyway", id });
  }

  /** @param mayBeInterrupted no event tells that a running call was interrupted at the terminal */
  function turnEnded(event: Posted & HookEvent, mayBeInterrupted: boolean): Promise<void> {
    agents.noted(event);
    callers.turnEnded(event);
    return notRun(approved.turnEnded(event), mayBeInterrupted);
  }

  on("post-tool-use", toolEnded);
  on("post-tool-use-failure", toolEnded);
  on("user-prompt-submit", async (event) => {
    origins.prompted(event);
    done.prompted(event);
    turns?.over(sessionOf(event), event.isByClaudeCode ? "went-on" : "typed");
    // What is typed while a call runs carries the same prompt_id; a new one means that the last turn is over.
    callers.turnEnded(event, event.promptId);
    await notRun(approved.turnEnded(event, event.promptId), true);
  });
  on("stop", async (event) => {
    const isLast = (event.tasksInFlight ?? 0) === 0;
    const told = async () => {
      if (turns !== undefined && isLast && (await pairs.isTold(sessionOf(event)))) return;
      await done.stopped(event);
    };
    await Promise.all([turnEnded(event, false), told()]);
  });
  on("stop-failure", async (event) => {
    await Promise.all([turnEnded(event, true), done.failed(event)]);
  });
  on("subagent-stop", (event) => turnEnded(event, true));
  on("session-end", async (event) => {
    turns?.over(sessionOf(event), "session-ended");
    parked.runEnded(event.sessionId);
    if (GOES_ON_ELSEWHERE.has(event.reason)) return approved.forget(event);
    callers.turnEnded(event);
    await notRun(approved.sessionEnded(event), true);
  });
  on("notification", (event) => done.notified(event));
  const close = () => {
    callers.close();
    turns?.closeAll("gone");
    pairs.close();
  };
  return { router, onError: leaveToTerminal(log), close };
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

const leave: RequestHandler = (_req, res) => void res.json(NO_OPINION);

const onlyJson: RequestHandler = (req, res, next) => {
  if (req.method !== "POST" || req.is("application/json")) return next();
  res.status(415).json({ error: "bad_request", message: "A hook's body is JSON." });
};

function refuseWebPage(res: Response): void {
  res.status(403).json({ error: "forbidden", message: "Hooks are Claude Code's, not a web page's." });
}
