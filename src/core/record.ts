// Writes what was asked and how it ended. What cannot be recorded as approved is not approved; a denial needs no disk.

import type { ApprovalRequest, Outcome } from "../domain/approval.ts";
import { offerOf } from "../domain/grant.ts";
import type { Inspection } from "../domain/inspection.ts";
import type { Submission } from "../domain/submission.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import type { RequestStore, StoredApproval } from "./ports/request-store.ts";
import { retryWrites } from "./retry-writes.ts";

const ID_ATTEMPTS = 20;

/**
 * A request without its id.
 * @param at epoch ms @param waitMs how long it may wait @param grantMs how long a grant given with it would hold
 */
export function draftOf(
  submission: Submission,
  inspection: Inspection,
  { at, waitMs, grantMs, waiting }: { at: number; waitMs: number; grantMs: number; waiting: number },
): Omit<ApprovalRequest, "id"> {
  const {
    call,
    door,
    project,
    requester,
    sessionId,
    permissionMode,
    agent,
    said,
    mcpSource,
    executor,
    parking,
  } = submission;
  const { grantable } = inspection;
  const isOnce = grantable === undefined || submission.asksAlways === true;
  const session = isOnce ? undefined : offerOf(submission, grantable, grantMs);
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
    agent,
    ...(said === undefined ? {} : { said }),
    ...(session === undefined ? {} : { session }),
    mcpSource,
    ...(executor === undefined ? {} : { executor }),
    ...(parking === undefined ? {} : { parking }),
  };
}

export interface RecordDeps {
  readonly store: RequestStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => ApprovalId;
  /** The longest that a request may wait, ms. */
  readonly timeoutMs: number;
  /** How long a grant holds, ms. */
  readonly grantMs: number;
}

export interface Recorder {
  /**
   * Writes a new request under a free id; its time starts now.
   * @param waiting how many requests wait with it, itself included
   * @throws when it cannot be written
   */
  opened(submission: Submission, inspection: Inspection, waiting: number): Promise<ApprovalRequest>;
  /**
   * Writes an outcome. @returns the outcome that holds: the given one, or `failed` when it must not count; undefined, and
   * nothing written, for an approval by a grant that holds no longer
   */
  ended(id: ApprovalId, outcome: Outcome): Promise<Outcome | undefined>;
  /** Notes whether the caller got the answer. */
  acknowledged(id: ApprovalId, taken: boolean): Promise<void>;
  /** How a request ended whose row says otherwise: it could not be written yet, or something else has changed it. */
  unwritten(id: ApprovalId): Ended | undefined;
  /** Tries at once. Never rejects. */
  writeRest(): Promise<void>;
  /** Tries a last time. What then is not written is `cancelled` at the next start: nothing of it ran either. */
  stop(): Promise<void>;
}

interface Ended extends Pick<StoredApproval, "status" | "acknowledged"> {
  readonly decidedAt: number;
  readonly outcome: Outcome;
}

/** Newest requests whose changed row is remembered: whoever changes rows must not fill the memory. */
const MAX_CHANGED = 1_000;

export function createRecorder({ store, clock, log, newId, timeoutMs, grantMs }: RecordDeps): Recorder {
  const rest = new Map<ApprovalId, Ended>();
  /** Whose row something else has written: what it says is no answer to a reply. */
  const changed = new Map<ApprovalId, Ended>();
  const retry = retryWrites(clock, async () => {
    for (const [id, { outcome, decidedAt, acknowledged }] of rest) {
      try {
        const [isWritten] = await Promise.all([
          store.settle(id, outcome, decidedAt),
          acknowledged === undefined ? undefined : store.recordAcknowledged(id, acknowledged),
        ]);
        rest.delete(id);
        if (isWritten)
          log.info({ id, status: outcome.status }, "an outcome was written that could not be written before");
        else {
          noteChanged(id, outcome, decidedAt);
          log.error({ id }, "the record of a request that had ended was changed from outside");
        }
      } catch {
        return false;
      }
    }
    return true;
  });

  function noteChanged<T extends Outcome>(id: ApprovalId, outcome: T, decidedAt: number): T {
    const [oldest] = changed.keys();
    if (oldest !== undefined && changed.size >= MAX_CHANGED) changed.delete(oldest);
    changed.set(id, { status: outcome.status, outcome, decidedAt });
    return outcome;
  }

  /** No row, no approval; every other outcome holds without one. */
  function keep(id: ApprovalId, outcome: Exclude<Outcome, { status: "approved" }>): Outcome {
    rest.set(id, { status: outcome.status, outcome, decidedAt: clock.now() });
    retry.later();
    return outcome;
  }

  return {
    async opened(submission, inspection, waiting) {
      const waitMs = submission.parking?.forMs ?? Math.min(timeoutMs, submission.maxWaitMs ?? timeoutMs);
      const draft = draftOf(submission, inspection, { at: clock.now(), waitMs, grantMs, waiting });
      for (let attempt = 0; attempt < ID_ATTEMPTS; attempt += 1) {
        const request: ApprovalRequest = { id: newId(), ...draft };
        if (await store.insert(request)) return request;
      }
      throw new Error("no free request id was found");
    },
    async ended(id, outcome) {
      try {
        if (await store.settle(id, outcome, clock.now())) return outcome;
        if (outcome.status === "approved" && outcome.by === "grant") return undefined;
        log.error({ id }, "the record of a waiting request was changed from outside: denied");
        const failed = { status: "failed", message: "its record was changed by something else." } as const;
        return noteChanged(id, failed, clock.now());
      } catch (error) {
        log.error({ id, err: error }, "the outcome could not be recorded");
        if (outcome.status !== "approved") return keep(id, outcome);
        return keep(id, { status: "failed", message: "the answer could not be written to the database." });
      }
    },
    unwritten: (id) => rest.get(id) ?? changed.get(id),
    writeRest: () => (rest.size === 0 ? Promise.resolve() : retry.now()),
    stop: () => retry.stop(),
    async acknowledged(id, taken) {
      const left = rest.get(id);
      if (left !== undefined) return void rest.set(id, { ...left, acknowledged: taken });
      await store.recordAcknowledged(id, taken).catch((error: unknown) => {
        log.error({ id, err: error }, "whether the caller got the answer could not be recorded");
      });
    },
  };
}
