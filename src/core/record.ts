// Writes what was asked and how it ended. What cannot be recorded as approved is not approved; a denial needs no disk.

import type { ApprovalRequest, Outcome } from "../domain/approval.ts";
import type { Inspection } from "../domain/inspection.ts";
import type { Submission } from "../domain/submission.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import type { RequestStore } from "./ports/request-store.ts";

const ID_ATTEMPTS = 20;

/** A request without its id. @param at epoch ms @param waitMs how long it may wait */
export function draftOf(
  submission: Submission,
  inspection: Inspection,
  at: number,
  waitMs: number,
  waiting: number,
): Omit<ApprovalRequest, "id"> {
  const { call, door, project, requester, sessionId, permissionMode, mcpSource } = submission;
  return {
    call,
    inspection,
    door,
    createdAt: at,
    expiresAt: at + waitMs,
    waiting,
    project,
    requester,
    sessionId,
    permissionMode,
    mcpSource,
  };
}

export interface RecordDeps {
  readonly store: RequestStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => ApprovalId;
  /** The longest that a request may wait, ms. */
  readonly timeoutMs: number;
}

export interface Recorder {
  /**
   * Writes a new request under a free id; its time starts now.
   * @param waiting how many requests wait with it, itself included
   * @throws when it cannot be written
   */
  opened(submission: Submission, inspection: Inspection, waiting: number): Promise<ApprovalRequest>;
  /** Writes an outcome. @returns the outcome that holds: the given one, or `failed` when it must not count. */
  ended(id: ApprovalId, outcome: Outcome): Promise<Outcome>;
  /** Notes whether the caller got the answer. */
  acknowledged(id: ApprovalId, taken: boolean): Promise<void>;
}

export function createRecorder({ store, clock, log, newId, timeoutMs }: RecordDeps): Recorder {
  return {
    async opened(submission, inspection, waiting) {
      const waitMs = Math.min(timeoutMs, submission.maxWaitMs ?? timeoutMs);
      const draft = draftOf(submission, inspection, clock.now(), waitMs, waiting);
      for (let attempt = 0; attempt < ID_ATTEMPTS; attempt += 1) {
        const request: ApprovalRequest = { id: newId(), ...draft };
        if (await store.insert(request)) return request;
      }
      throw new Error("no free request id was found");
    },
    async ended(id, outcome) {
      try {
        if (await store.settle(id, outcome, clock.now())) return outcome;
        log.error({ id }, "the record of a waiting request was changed from outside: denied");
        return { status: "failed", message: "its record was changed by something else." };
      } catch (error) {
        log.error({ id, err: error }, "the outcome could not be recorded");
        if (outcome.status !== "approved") return outcome;
        return { status: "failed", message: "the answer could not be written to the database." };
      }
    },
    async acknowledged(id, taken) {
      await store.recordAcknowledged(id, taken).catch((error: unknown) => {
        log.error({ id, err: error }, "whether the caller got the answer could not be recorded");
      });
    },
  };
}
