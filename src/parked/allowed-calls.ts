// Calls that a person has approved before Claude Code came to its own permission step. That step may ask about the same call once
// more: it gets the same answer, once at each entrance, and no other call does.
import { createHash } from "node:crypto";
import type { Clock } from "../core/ports/clock.ts";
import type { ApprovalRequest, Outcome } from "../domain/approval.ts";
import type { Submission } from "../domain/submission.ts";
import type { ApprovalId } from "../domain/tool-call.ts";

/** Claude Code's own step follows its hooks at once, ms. */
const STEP_MS = 60_000;

interface AllowedAnswer {
  readonly request: ApprovalRequest;
  readonly outcome: Outcome;
}

export interface AllowedCalls {
  /**
   * @param untilForgotten it holds for as long as the run that was resumed for it, and not for a minute
   * @param onTaken told when Claude Code has asked for it for the first time
   */
  note(answer: AllowedAnswer, options?: { readonly onTaken: () => void }): void;
  /** The answer to this very call, where it was allowed and this entrance has not had it. */
  take(submission: Submission, entrance: string): AllowedAnswer | undefined;
  /** A call of that session has run, or is made: what was allowed for another one like it holds no longer. */
  passed(sessionId: string | undefined, call: Submission["call"]): void;
  forget(id: ApprovalId): void;
  forgetAll(): void;
}

interface AllowedEntry {
  readonly answer: AllowedAnswer;
  readonly hash: string;
  /** By the clock that is never set, ms. */
  readonly until: number;
  readonly entrances: Set<string>;
  readonly onTaken: () => void;
}

export function createAllowedCalls(clock: Clock): AllowedCalls {
  const entries = new Map<ApprovalId, AllowedEntry>();
  return {
    note(answer, options) {
      const { request } = answer;
      if (answer.outcome.status !== "approved" || entries.has(request.id)) return;
      entries.set(request.id, {
        answer,
        hash: hashOf(request.call),
        until: options === undefined ? clock.elapsed() + STEP_MS : Number.POSITIVE_INFINITY,
        entrances: new Set(),
        onTaken: options?.onTaken ?? (() => {}),
      });
    },
    take(submission, entrance) {
      for (const [id, { until }] of entries) if (until < clock.elapsed()) entries.delete(id);
      const found = [...entries.values()].find(
        ({ answer, hash, entrances }) =>
          !entrances.has(entrance) && isSameCall(answer.request, submission, hash),
      );
      found?.entrances.add(entrance);
      found?.onTaken();
      return found?.answer;
    },
    passed(sessionId, call) {
      const passed = hashOf(call);
      for (const [id, { answer, hash }] of entries) {
        const { request } = answer;
        // Without an id it has run: then this is over, whichever of them it was.
        const isItself = call.toolUseId !== undefined && call.toolUseId === request.call.toolUseId;
        if (request.sessionId === sessionId && hash === passed && !isItself) entries.delete(id);
      }
    },
    forget: (id) => void entries.delete(id),
    forgetAll: () => entries.clear(),
  };
}

/** The permission tool does not know the session, and the PermissionRequest hook no id of the call: what both know must agree. */
function isSameCall(request: ApprovalRequest, submission: Submission, hash: string) {
  const { call, requester, sessionId, agent, door } = submission;
  // The permission tool does not say whose call it is, but it has the call's id.
  if (door === "hook" && agent !== request.agent) return false;
  const ofSession = sessionId === undefined || sessionId === request.sessionId;
  const ofCall = call.toolUseId === undefined || call.toolUseId === request.call.toolUseId;
  const isNamed = sessionId !== undefined || call.toolUseId !== undefined;
  return isNamed && ofSession && ofCall && requester === request.requester && hashOf(call) === hash;
}

/** SHA-256 of the tool and its whole input. */
export function hashOf({ toolName, input }: Submission["call"]): string {
  return createHash("sha256")
    .update(JSON.stringify([toolName, input]))
    .digest("hex");
}
