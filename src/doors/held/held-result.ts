// One request whose caller comes back for the answer: it waits at the gate in the caller's place, and keeps the answer until it is fetched.
// An answer that is not fetched in time was given to nobody: from then on it no longer counts.

import type { Answer } from "../../core/pending-request.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { ApprovalRequest, CancelCause, Outcome } from "../../domain/approval.ts";

/** How long an answer is kept at least, ms; never shorter than the request could have waited. */
export const FETCH_MS = 60_000;
/** How long an answer that was fetched stays here, ms: until the record surely has it. */
const TAKEN_MS = 10_000;

export interface HeldResult {
  readonly request: ApprovalRequest;
  /** How it ended; undefined while it waits. */
  outcome(): Outcome | undefined;
  /** Whether the answer has left with a response. */
  isTaken(): boolean;
  /** Calls `listener` once, when it ends. @returns stops that */
  watch(listener: () => void): () => void;
  /** Told of each response that carries the outcome. @param written whether it was written to the end */
  handOver(written: Promise<boolean>): void;
  /** Gives the request up: from now on it is cancelled. @returns false when its answer has left, or is leaving */
  leave(cause: CancelCause): boolean;
  /** Forgets an answer that was not fetched in time. Timers stand still while the machine sleeps; the clock does not. */
  lapseIfDue(): void;
  /** Resolves when no response that carries the outcome is under way. */
  idle(): Promise<void>;
  /** Forgets an approval that has not been fetched, because nothing is to run any longer. */
  revoke(): void;
  /** Takes the answer of the gate. */
  end(answer: Answer): void;
  /** Forgets everything at once, and leaves no timer. */
  close(): void;
}

/** @param leaver ends the pending request at the gate @param onGone called once, when nothing is kept any longer */
export function createHeldResult(
  request: ApprovalRequest,
  clock: Clock,
  leaver: AbortController,
  onGone: () => void,
): HeldResult {
  const watchers = new Set<() => void>();
  const writing = new Set<Promise<boolean>>();
  let answer: Answer | undefined;
  /** When the answer is forgotten, epoch ms. */
  let keptUntil = Number.POSITIVE_INFINITY;
  let taken = false;
  let left = false;
  let gone = false;
  let cancelTimer = () => {};

  function keepUntil(at: number): void {
    cancelTimer();
    keptUntil = at;
    cancelTimer = clock.after(at - clock.now(), lapseIfDue);
  }

  function lapseIfDue(): void {
    // A response that is under way decides instead, and comes back here.
    if (clock.now() >= keptUntil && writing.size === 0) forget();
  }

  function forget(): void {
    if (gone) return;
    gone = true;
    cancelTimer();
    answer?.acknowledge(taken);
    onGone();
  }

  function wake(): void {
    for (const listener of watchers) listener();
  }

  return {
    request,
    outcome: () => answer?.outcome,
    isTaken: () => taken,
    watch(listener) {
      watchers.add(listener);
      return () => void watchers.delete(listener);
    },
    handOver(written) {
      writing.add(written);
      void written.then((complete) => {
        writing.delete(written);
        if (complete && !taken && !gone) {
          taken = true;
          answer?.acknowledge(true);
          keepUntil(clock.now() + TAKEN_MS);
        }
        lapseIfDue();
      });
    },
    leave(cause) {
      if (gone || taken || writing.size > 0) return false;
      left = true;
      leaver.abort(cause);
      // A decision that has already been made reaches nobody.
      answer?.acknowledge(false);
      answer = { request, outcome: { status: "cancelled", cause }, acknowledge: () => {} };
      wake();
      keepUntil(clock.now() + TAKEN_MS);
      return true;
    },
    lapseIfDue,
    revoke() {
      if (answer?.outcome.status === "approved" && !taken && writing.size === 0) forget();
    },
    idle: async () => void (await Promise.all(writing)),
    end(given) {
      if (gone || left) return given.acknowledge(false);
      answer = given;
      const isAwaited = watchers.size > 0;
      wake();
      const { outcome } = given;
      // A stop waits for its callers; one that is not there must not hold it up.
      if (outcome.status === "cancelled" && outcome.cause === "shutdown" && !isAwaited) return forget();
      keepUntil(Math.max(request.expiresAt, clock.now() + FETCH_MS));
    },
    close() {
      leaver.abort("shutdown");
      forget();
      wake();
    },
  };
}
