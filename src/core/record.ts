// Writes what was asked and how it ended. What cannot be recorded as approved is not approved; a denial needs no disk.

import type { ApprovalRequest, Outcome } from "../domain/approval.ts";
import { soundOutcome } from "../domain/decision.ts";
import type { Inspection } from "../domain/inspection.ts";
import type { Submission } from "../domain/submission.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import type { Beforehand } from "./beforehand.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import type { Endorsed, Endorsement, RequestStore, StoredApproval } from "./ports/request-store.ts";
import { draftOf } from "./request-draft.ts";
import { retryWrites } from "./retry-writes.ts";

const ID_ATTEMPTS = 20;

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
   * Writes a new request under a free id; its time starts now. What is decided beforehand is written with it.
   * @param waiting how many requests wait with it, itself included
   * @param before asked for each id that is tried. Default: nothing is decided beforehand
   * @throws when it cannot be written
   */
  opened(
    submission: Submission,
    inspection: Inspection,
    waiting: number,
    before?: Beforehand,
  ): Promise<Opened>;
  /**
   * Writes an outcome. @returns the outcome that holds: the given one, or `failed` when it must not count; undefined, and
   * nothing written, for an approval by a grant that holds no longer
   */
  ended(id: ApprovalId, outcome: Outcome): Promise<Outcome | undefined>;
  /** Counts one of several approvals. @returns `failed` where it could not be counted: then the request is denied */
  endorsed(
    id: ApprovalId,
    endorsement: Endorsement,
  ): Promise<Exclude<Endorsed, { kind: "gone" }> | Uncounted>;
  /** Notes whether the caller got the answer. */
  acknowledged(id: ApprovalId, taken: boolean): Promise<void>;
  /** How a request ended whose row says otherwise: it could not be written yet, or something else has changed it. */
  unwritten(id: ApprovalId): Ended | undefined;
  /** Tries at once. Never rejects. */
  writeRest(): Promise<void>;
  /** Tries a last time. What then is not written is `cancelled` at the next start: nothing of it ran either. */
  stop(): Promise<void>;
}

interface Uncounted {
  readonly kind: "failed";
  readonly outcome: Outcome;
}

export interface Opened {
  readonly request: ApprovalRequest;
  /** How it has ended, where that was written with it; absent where it waits. */
  readonly outcome?: Outcome | undefined;
}

interface Ended extends Pick<StoredApproval, "status" | "acknowledged"> {
  readonly decidedAt: number;
  readonly outcome: Outcome;
}

const UNWRITTEN = { status: "failed", message: "the answer could not be written to the database." } as const;

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

  function changedOutside(id: ApprovalId): Outcome {
    log.error({ id }, "the record of a waiting request was changed from outside: denied");
    const failed = { status: "failed", message: "its record was changed by something else." } as const;
    return noteChanged(id, failed, clock.now());
  }

  /** @returns undefined where the id is taken */
  async function open(request: ApprovalRequest, before: Beforehand | undefined): Promise<Opened | undefined> {
    const decided = await before?.decide(request);
    if (decided?.holds()) {
      const outcome = soundOutcome(request, decided.outcome);
      if (await store.settle(request.id, outcome, clock.now(), request)) return { request, outcome };
      // Its grant has ended meanwhile: it waits. Or its id is taken.
    }
    return (await store.insert(request)) ? { request } : undefined;
  }

  return {
    async opened(submission, inspection, waiting, before) {
      const waitMs = submission.parking?.forMs ?? Math.min(timeoutMs, submission.maxWaitMs ?? timeoutMs);
      const draft = draftOf(submission, inspection, { at: clock.now(), waitMs, grantMs, waiting });
      for (let attempt = 0; attempt < ID_ATTEMPTS; attempt += 1) {
        const request: ApprovalRequest = { id: newId(), ...draft };
        let opened: Opened | undefined;
        try {
          opened = await open(request, before);
        } finally {
          if (opened === undefined) before?.dropped(request);
        }
        if (opened !== undefined) return opened;
      }
      throw new Error("no free request id was found");
    },
    async ended(id, outcome) {
      try {
        if (await store.settle(id, outcome, clock.now())) return outcome;
        if (outcome.status === "approved" && outcome.by === "grant") return undefined;
        return changedOutside(id);
      } catch (error) {
        log.error({ id, err: error }, "the outcome could not be recorded");
        if (outcome.status !== "approved") return keep(id, outcome);
        return keep(id, UNWRITTEN);
      }
    },
    async endorsed(id, endorsement) {
      try {
        const counted = await store.endorse(id, endorsement, clock.now());
        return counted.kind === "gone" ? { kind: "failed", outcome: changedOutside(id) } : counted;
      } catch (error) {
        log.error({ id, err: error }, "an approval could not be recorded");
        return { kind: "failed", outcome: keep(id, UNWRITTEN) };
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
