// One pending request in memory: who waits for it, its clocks, and its single way out.

import {
  type ApprovalRequest,
  type Approved,
  type CancelCause,
  type Endorser,
  isCancelCause,
  type Outcome,
} from "../domain/approval.ts";
import type { ChannelName } from "../domain/channel.ts";
import type { DeliveryState } from "../domain/delivery.ts";
import { once } from "./once.ts";
import type { Clock } from "./ports/clock.ts";
import { deferred, timeLeft } from "./timing.ts";

/** Claude Code drops a call after 300 s without progress; 15 s also feeds the line that the person sees. */
export const PROGRESS_INTERVAL_MS = 15_000;

export interface Progress {
  readonly request: ApprovalRequest;
  readonly leftMs: number;
  readonly delivery: DeliveryState | "sending";
  /** Those that it was sent over; before it was, those that it goes to first. Empty: not known. */
  readonly channels: readonly ChannelName[];
  /** It never waits for a person: its answer follows at once. */
  readonly isDecided?: boolean | undefined;
}

/** What one caller gets back. The caller reports through `acknowledge` whether it could hand the outcome on. */
export interface Answer {
  readonly request: ApprovalRequest;
  readonly outcome: Outcome;
  acknowledge(delivered: boolean): void;
}

export interface Caller {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Aborts when the caller has gone; a `CancelCause` as its reason tells why. */
  readonly signal?: AbortSignal | undefined;
}

/** One of several approvals that a request needs. */
interface CountedApproval extends Endorser {
  /** Who it is, whatever the address. */
  readonly person: string;
  /** Where it is of a question: what the next one has to confirm. */
  readonly answers?: Approved["answers"];
}

/** A pending request: callers join it, exactly one `finish` releases them all. */
export interface PendingRequest {
  readonly request: ApprovalRequest;
  /** How it ended before it ever waited: written with its row, and told as soon as its callers are there. */
  readonly decided: Outcome | undefined;
  /** Aborts once the request has ended: what is still to be sent is dropped. */
  readonly ended: AbortSignal;
  /** Resolves true once a caller took the answer, false when none could. */
  readonly acknowledged: Promise<boolean>;
  /** Its caller's run has ended: what waits now is whoever resumes it. It may be allowed once, and no more. @param at epoch ms */
  park(at: number): void;
  isParked(): boolean;
  delivery: DeliveryState | "sending";
  /** Whether its message offers Session: false until one was rendered that does. */
  offersSession: boolean;
  /** Characters of the call that its message does not show; undefined until one was rendered. */
  hidden: number | undefined;
  /** The approvals that were counted and are not enough yet: by this run. */
  approvals: readonly CountedApproval[];
  /** Waits with the others. A caller that leaves, or comes too late, gets a cancelled outcome. */
  join(caller: Caller): Promise<Answer>;
  isDeserted(): boolean;
  /** How long it has waited, ms: by whichever clock says more, so that setting one back does not make it younger. */
  ageMs(): number;
  /**
   * How much longer it waits, ms; 0 when its time is over. By both clocks: the wall clock may be set back, the other one
   * may stand still while the machine sleeps, and neither may make the wait longer.
   */
  leftMs(): number;
  /** Tells every caller how things stand. */
  report(): void;
  /** Releases every caller. Only the first call counts. @returns whether this was the first. */
  finish(outcome: Outcome): boolean;
}

interface PendingRequestEvents {
  /** @returns `Progress.channels` */
  over?(request: ApprovalRequest): readonly ChannelName[];
  onDeadline(): void;
  /** The last caller has gone. */
  onDeserted(cause: CancelCause): void;
}

/** Starts the clocks of a request that waits. They stop in `finish`, which every path reaches. */
export function createPendingRequest(
  opened: ApprovalRequest,
  clock: Clock,
  events: PendingRequestEvents,
  decided?: Outcome,
): PendingRequest {
  let request = opened;
  const leaveByCaller = new Map<Caller, { release(answer: Answer): void; leave(): void }>();
  const ended = new AbortController();
  const { promise: acknowledged, resolve: resolveAcknowledged } = deferred<boolean>();
  const isOpen = decided === undefined;
  let stopProgress = isOpen ? clock.after(PROGRESS_INTERVAL_MS, tick) : NO_CLOCK;
  const waitMs = request.expiresAt - clock.now();
  const startedAt = clock.elapsed();
  const left = timeLeft(waitMs, clock);
  const stopDeadline = isOpen ? clock.after(waitMs, events.onDeadline) : NO_CLOCK;

  function tick(): void {
    stopProgress = clock.after(PROGRESS_INTERVAL_MS, tick);
    // Timers stand still while the machine sleeps.
    if (pending.leftMs() === 0) events.onDeadline();
    else pending.report();
  }

  function remove(caller: Caller): void {
    const entry = leaveByCaller.get(caller);
    if (entry === undefined) return;
    caller.signal?.removeEventListener("abort", entry.leave);
    leaveByCaller.delete(caller);
  }

  function tell(caller: Caller): void {
    const { delivery } = pending;
    const channels = (isOpen && caller.onProgress && events.over?.(request)) || [];
    caller.onProgress?.({ request, leftMs: pending.leftMs(), delivery, channels, isDecided: !isOpen });
  }

  const pending: PendingRequest = {
    get request() {
      return request;
    },
    decided,
    park(at) {
      const { session: _, parking, ...rest } = request;
      request = { ...rest, executor: "resumed", ...(parking && { parking: { ...parking, parkedAt: at } }) };
      pending.offersSession = false;
    },
    isParked: () => request.parking?.parkedAt !== undefined,
    ended: ended.signal,
    acknowledged,
    delivery: "sending",
    offersSession: false,
    hidden: undefined,
    approvals: [],
    join(caller) {
      return new Promise<Answer>((release) => {
        const leave = () => {
          remove(caller);
          const reason: unknown = caller.signal?.reason;
          const cause = isCancelCause(reason) ? reason : "disconnected";
          release({ request, outcome: { status: "cancelled", cause }, acknowledge: () => {} });
          if (isOpen && pending.isDeserted()) events.onDeserted(cause);
        };
        leaveByCaller.set(caller, { release, leave });
        if (ended.signal.aborted || caller.signal?.aborted) return leave();
        caller.signal?.addEventListener("abort", leave);
        tell(caller);
      });
    },
    leftMs: () => Math.max(0, left()),
    ageMs: () => Math.max(clock.now() - request.createdAt, clock.elapsed() - startedAt),
    isDeserted: () => leaveByCaller.size === 0 && !ended.signal.aborted,
    report() {
      for (const caller of leaveByCaller.keys()) tell(caller);
    },
    finish(outcome) {
      if (ended.signal.aborted) return false;
      ended.abort(ENDED);
      stopProgress();
      stopDeadline();
      const callers = [...leaveByCaller];
      const reported = createTally(callers.length, resolveAcknowledged);
      for (const [caller, { release }] of callers) {
        remove(caller);
        release({ request, outcome, acknowledge: once(reported) });
      }
      return true;
    },
  };
  return pending;
}

const NO_CLOCK = () => {};
/** One for all: each of its own would carry a stack. */
const ENDED = new DOMException("The request has ended.", "AbortError");

/** Resolves true with the first caller that took the answer, false when none of `count` could. */
function createTally(count: number, resolve: (any: boolean) => void): (delivered: boolean) => void {
  let outstanding = count;
  if (outstanding === 0) resolve(false);
  return (delivered) => {
    outstanding -= 1;
    if (delivered || outstanding === 0) resolve(delivered);
  };
}
