// When which message may leave: the pace of the sender, one at a time to each phone, requests before confirmations. One
// that hangs holds its phone up for a moment only. No queue that we know of does all of these at once.
import type { Clock } from "../../../core/ports/clock.ts";
import type { Phone } from "../../../domain/tool-call.ts";
import type { OutgoingMessage } from "./message.ts";
import { createSendLanes, type Waiter } from "./send-lanes.ts";

/** A message's place in the order. */
export interface Ticket {
  /**
   * Resolves when the message may leave, for the first time or once more: in its turn then, before what came later.
   * @throws the signal's reason.
   */
  turn(): Promise<Left>;
  /** It has been sent or given up: the next one may go. */
  done(): void;
}

/** Says whether a message that left counts: Twilio took it, or may have. To be called once it is answered. */
export type Left = (counts: boolean) => void;

export interface SendOrder {
  enter(message: Pick<OutgoingMessage, "to" | "priority" | "signal">): Ticket;
  /** Lets nothing leave for so long, ms: Twilio has asked for it. */
  hold(ms: number): void;
  /** How long nothing may leave because Twilio has asked for it, ms. */
  heldFor(): number;
  /** How many wait for their first turn. */
  waiting(): number;
}

/** Twilio refuses more than 15 messages between two numbers in 30 s (error 14107). One is kept back for a lost answer. */
const BURST = { messages: 14, windowMs: 30_000 } as const;

/** A call that has not been answered for so long hangs, ms: what comes behind it goes on. */
const HANG_MS = 5_000;

/**
 * From here on the pace is counted from the answer to one call to the start of the next, so that Twilio never sees less,
 * whatever the network does. A faster sender need not wait for answers. ms
 */
const COUNTS_FROM_ANSWER_MS = 1_000;

/** So many messages of requests may pass a waiting confirmation: a request and its parts, not one after another for ever. */
const MAX_PASSING = 4;

const NEVER = Number.NEGATIVE_INFINITY;

/** @param intervalMs between two messages; 0 is no limit. */
export function createSendOrder(intervalMs: number, clock: Clock): SendOrder {
  const lanes = createSendLanes();
  /** The message that a phone is being sent. */
  const busy = new Map<Phone, object>();
  /** When messages left, by phone. */
  const leftAt = new Map<Phone, readonly { readonly at: number }[]>();
  let readyAt = NEVER;
  let heldUntil = NEVER;
  let latest: object | undefined;
  let passing = 0;
  let entered = 0;
  let cancelTimer = () => {};

  /** When a message to a phone may leave at the earliest, by `elapsed`. */
  function earliest(to: Phone): number {
    const now = clock.elapsed();
    const recent = (leftAt.get(to) ?? []).filter(({ at }) => at + BURST.windowMs > now);
    if (recent.length > 0) leftAt.set(to, recent);
    else leftAt.delete(to);
    const oldest = recent.at(-BURST.messages);
    return Math.max(now, readyAt, heldUntil, oldest === undefined ? NEVER : oldest.at + BURST.windowMs);
  }

  /** The smaller goes first. */
  function rank({ isFirst, isConfirmation }: Waiter): number {
    if (!isFirst) return 0;
    if (isConfirmation) return passing >= MAX_PASSING ? 1 : 3;
    return 2;
  }

  function next(): void {
    cancelTimer();
    cancelTimer = () => {};
    for (;;) {
      const [first] = lanes
        .phones()
        .flatMap((to) => {
          const waiter = lanes.first(to, busy.get(to), rank);
          return waiter === undefined ? [] : [{ waiter, at: earliest(to), rank: rank(waiter) }];
        })
        .sort((a, b) => a.at - b.at || a.rank - b.rank || a.waiter.number - b.waiter.number);
      if (first === undefined) return;
      const waitMs = first.at - clock.elapsed();
      if (waitMs > 0) {
        cancelTimer = clock.after(waitMs, next);
        return;
      }
      lanes.remove(first.waiter);
      count(first.waiter);
      first.waiter.go();
    }
  }

  function count({ isConfirmation, isFirst }: Waiter): void {
    const isPassed = lanes.confirmations() > 0;
    if (isConfirmation || !isPassed) passing = 0;
    else if (isFirst) passing += 1;
  }

  /** Takes the turn at once, so that the next one is counted from here. */
  function leave(to: Phone): Left {
    const left = { at: clock.elapsed() };
    if (intervalMs === 0) return () => {};
    const before = readyAt;
    leftAt.set(to, [...(leftAt.get(to) ?? []), left]);
    const fromAnswer = intervalMs >= COUNTS_FROM_ANSWER_MS;
    readyAt = left.at + intervalMs + (fromAnswer ? HANG_MS : 0);
    latest = left;
    return (counts) => {
      if (!counts) {
        const others = (leftAt.get(to) ?? []).filter((other) => other !== left);
        leftAt.set(to, others);
      }
      if (latest === left && fromAnswer)
        readyAt = counts ? Math.min(readyAt, clock.elapsed() + intervalMs) : before;
      next();
    };
  }

  return {
    enter({ to, priority, signal }) {
      const place = {};
      entered += 1;
      const number = entered;
      let isFirst = true;
      let cancelHang = () => {};

      function free(): void {
        if (busy.get(to) === place) busy.delete(to);
        next();
      }

      return {
        turn: () =>
          new Promise((resolve, reject) => {
            signal?.throwIfAborted();
            const giveUp = () => {
              lanes.remove(waiter);
              next();
              reject(signal?.reason);
            };
            const waiter: Waiter = {
              place,
              to,
              isConfirmation: priority === "confirmation",
              isFirst,
              number,
              go() {
                signal?.removeEventListener("abort", giveUp);
                busy.set(to, place);
                cancelHang();
                cancelHang = clock.after(HANG_MS, free);
                resolve(leave(to));
              },
            };
            isFirst = false;
            signal?.addEventListener("abort", giveUp, { once: true });
            lanes.add(waiter);
            next();
          }),
        done() {
          cancelHang();
          free();
        },
      };
    },
    hold(ms) {
      if (ms > 0) heldUntil = Math.max(heldUntil, clock.elapsed() + ms);
      next();
    },
    heldFor: () => Math.max(0, heldUntil - clock.elapsed()),
    waiting: lanes.size,
  };
}
