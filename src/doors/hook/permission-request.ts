// The PermissionRequest hook: the terminal's dialog and the phone race, and the first answer wins.
// Whatever goes wrong here is no opinion: the dialog stays. Only an approval of the gate allows.

import type { Request, RequestHandler, Response } from "express";
import type { Gate } from "../../core/gate-contract.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Log } from "../../core/ports/log.ts";
import { projectFolder, projectName, realFolder } from "../project.ts";
import { requesterOf } from "../requester.ts";
import { whenWritten } from "../written.ts";
import type { Callers, WaitingCaller } from "./callers.ts";
import { type HookAnswer, hookAnswer, NO_OPINION } from "./hook-answer.ts";
import { type PermissionAsk, parsePermissionRequest } from "./hook-input.ts";
import { startFolder } from "./start-folder.ts";

export interface PermissionRequestDeps {
  readonly gate: Gate;
  readonly callers: Callers;
  readonly clock: Clock;
  readonly log: Log;
  /** How long the terminal has for itself before the phone is asked, ms. */
  readonly graceMs: number;
}

export function createPermissionRequest(deps: PermissionRequestDeps): RequestHandler {
  const { callers, clock, log } = deps;
  return async (req: Request, res: Response) => {
    const receivedAt = clock.now();
    const written = whenWritten(res);
    const parsed = parsePermissionRequest(req.body);
    if (!parsed.ok) {
      log.warn({ problem: parsed.problem }, "a PermissionRequest could not be read: left to the terminal");
      res.json(NO_OPINION);
      return;
    }
    const requester = requesterOf(res);
    const caller = callers.enter({ ...parsed.ask, requester });
    void written.then((isWritten) => isWritten || caller.gone());
    try {
      const { headers } = req;
      res.json(await decide({ ...parsed.ask, headers, requester, receivedAt }, caller, written, deps));
    } catch (error) {
      log.error({ err: error }, "a PermissionRequest failed: left to the terminal");
      if (!res.headersSent) res.json(NO_OPINION);
    } finally {
      caller.leave();
    }
  };
}

interface HookAsk extends PermissionAsk {
  readonly requester: string | undefined;
  readonly headers: Request["headers"];
  /** Epoch ms. */
  readonly receivedAt: number;
}

async function decide(
  { call, cwd, headers, sessionId, permissionMode, mcpSource, requester, receivedAt }: HookAsk,
  caller: WaitingCaller,
  written: Promise<boolean>,
  { gate, clock, graceMs }: PermissionRequestDeps,
): Promise<HookAnswer> {
  await grace(graceMs, caller.signal, clock);
  const folder = await realFolder(projectFolder(cwd));
  const startedIn = await startFolder(headers, folder);
  if (caller.signal.aborted) return NO_OPINION;
  const project = projectName(startedIn ?? cwd);
  const answer = await gate.request(
    {
      call,
      door: "hook",
      receivedAt,
      project,
      cwd: folder,
      startedIn,
      sessionId,
      permissionMode,
      mcpSource,
      requester,
    },
    { signal: caller.signal },
  );
  const { request, outcome } = answer;
  void written.then((isWritten) => {
    const isDenied = outcome.status === "denied" || outcome.status === "refused";
    if (isWritten && isDenied) caller.denied(request.id);
    answer.acknowledge(isWritten);
  });
  return hookAnswer(request, outcome);
}

/** Resolves after `ms`, or as soon as nobody is waiting. Leaves no timer and no listener behind. */
async function grace(ms: number, signal: AbortSignal, clock: Clock): Promise<void> {
  if (ms === 0 || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const cancel = clock.after(ms, done);
    signal.addEventListener("abort", done);
    function done(): void {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
