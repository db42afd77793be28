// The PreToolUse hook: a call before Claude Code has looked at it. Only `claude -p` is answered, and only about what can be parked;
// everything else, and whatever goes wrong, is no opinion: then Claude Code asks at its own step, as ever.
import type { Request, RequestHandler, Response } from "express";
import type { Clock } from "../../core/ports/clock.ts";
import type { Log } from "../../core/ports/log.ts";
import type { AheadAnswer, ParkedCalls } from "../../core/ports/parked-calls.ts";
import { requesterOf } from "../requester.ts";
import { whenWritten } from "../written.ts";
import { NO_OPINION } from "./hook-answer.ts";
import { claudePid, isAttended } from "./hook-headers.ts";
import { parsePreToolUse } from "./hook-input.ts";
import type { HookOrigins } from "./hook-origin.ts";

export interface PreToolUseDeps {
  readonly parked: ParkedCalls;
  readonly origins: HookOrigins;
  readonly clock: Clock;
  readonly log: Log;
}

export function createPreToolUse({ parked, origins, clock, log }: PreToolUseDeps): RequestHandler {
  return async (req: Request, res: Response) => {
    const receivedAt = clock.elapsed();
    const written = whenWritten(res);
    const parsed = parsePreToolUse(req.body);
    if (!parsed.ok) {
      log.refused({ problem: parsed.problem }, "a PreToolUse could not be read: no opinion");
      return void res.json(NO_OPINION);
    }
    parked.passed(parsed.ask.sessionId, parsed.ask.call);
    // A terminal has its dialog; a subagent's call cannot be kept back (measured with 2.1.329).
    if (isAttended(req.headers) || parsed.ask.agentId !== undefined) return void res.json(NO_OPINION);
    const gone = new AbortController();
    void written.then((isWritten) => isWritten || gone.abort("disconnected"));
    try {
      const posted = { ...parsed.ask, requester: requesterOf(res) };
      const origin = await origins.of(posted, req.headers);
      const submission = { ...origin, call: posted.call, receivedAt };
      const pid = claudePid(req.headers);
      const answer = await parked.ahead({ submission, claudePid: pid, signal: gone.signal, written });
      res.json(answerOf(answer));
    } catch (error) {
      log.error({ err: error }, "a PreToolUse failed: no opinion");
      if (!res.headersSent) res.json(NO_OPINION);
    }
  };
}

function answerOf(answer: AheadAnswer): object {
  if (answer.kind === "no-opinion") return NO_OPINION;
  const reason = answer.kind === "deny" ? answer.message : REASON[answer.kind];
  return {
    hookSpecificOutput: {
      hookEventName: "PreToolUse",
      permissionDecision: answer.kind,
      permissionDecisionReason: reason,
    },
  };
}

const REASON = {
  allow: "The person approved it on their phone.",
  defer: "The approval server keeps it for the person: once they approve, Claude goes on.",
} as const;
