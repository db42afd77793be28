// The PermissionRequest hook: the terminal's dialog and the phone race, and the first answer wins.
// Whatever goes wrong here is no opinion: the dialog stays. Only an approval of the gate allows.

import type { Request, RequestHandler, Response } from "express";
import type { Gate } from "../../core/gate-contract.ts";
import { isByPerson, type People } from "../../core/people.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Log } from "../../core/ports/log.ts";
import { requesterOf } from "../requester.ts";
import { whenWritten } from "../written.ts";
import type { ApprovedCalls, NotRun } from "./approved-calls.ts";
import type { BackgroundAgents } from "./background-agents.ts";
import type { Callers, WaitingCaller } from "./callers.ts";
import { type HookAnswer, hookAnswer, NO_OPINION } from "./hook-answer.ts";
import { isAttended } from "./hook-headers.ts";
import { type PermissionAsk, parsePermissionRequest } from "./hook-input.ts";
import type { HookOrigins } from "./hook-origin.ts";

export interface PermissionRequestDeps {
  readonly gate: Gate;
  readonly callers: Callers;
  readonly approved: ApprovedCalls;
  readonly agents: BackgroundAgents;
  readonly origins: HookOrigins;
  readonly people: Pick<People, "mayApprove">;
  readonly clock: Clock;
  readonly log: Log;
  /** How long the terminal has for itself before the phone is asked, ms. */
  readonly graceMs: number;
  /** Tells the phones of approvals that came to nothing. */
  readonly tellNotRun: (calls: readonly NotRun[]) => void;
}

export function createPermissionRequest(deps: PermissionRequestDeps): RequestHandler {
  const { callers, approved, clock, log } = deps;
  return async (req: Request, res: Response) => {
    const receivedAt = clock.elapsed();
    const written = whenWritten(res);
    const parsed = parsePermissionRequest(req.body);
    if (!parsed.ok) {
      log.refused({ problem: parsed.problem }, "a PermissionRequest could not be read: left to the terminal");
      res.json(NO_OPINION);
      return;
    }
    const posted = { ...parsed.ask, requester: requesterOf(res) };
    deps.tellNotRun(approved.asked(posted));
    const caller = callers.enter(posted);
    void written.then((isWritten) => isWritten || caller.gone());
    try {
      const { headers } = req;
      res.json(await decide({ ...posted, headers, receivedAt }, caller, written, deps));
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
  /** By the clock that is never set, ms. */
  readonly receivedAt: number;
}

async function decide(
  ask: HookAsk,
  caller: WaitingCaller,
  written: Promise<boolean>,
  { gate, approved, agents, origins, people, graceMs }: PermissionRequestDeps,
): Promise<HookAnswer> {
  const origin = await origins.of(ask, ask.headers);
  const { call, receivedAt } = ask;
  const submission = { ...origin, call, receivedAt };
  // Where nobody sits at a terminal there is no dialog to wait for.
  if (graceMs > 0 && isAttended(ask.headers))
    await gate.holdBack(submission, graceMs, [caller.signal, agents.signalFor(ask)]);
  if (caller.signal.aborted) return NO_OPINION;
  const answer = await gate.request(submission, { signal: caller.signal });
  const { request, outcome } = answer;
  // Before the answer leaves: PostToolUse may come in sooner than the news that it has left.
  const forget = isByPerson(outcome, people) ? approved.approved(ask, request.id) : () => {};
  void written.then((isWritten) => {
    const isDenied = outcome.status === "denied" || outcome.status === "refused";
    if (isWritten && isDenied) caller.denied(request.id);
    if (!isWritten) forget();
    answer.acknowledge(isWritten);
  });
  return hookAnswer(request, outcome);
}
