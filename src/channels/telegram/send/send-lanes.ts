// When which message may leave: one at a time to each chat, one a second there and thirty a second in all, requests first. No queue that
// we know of keeps several paces at once over a clock that is a parameter.
import type { Clock } from "../../../core/ports/clock.ts";

/** The smaller goes first. `decoration`: changes of messages that are there already. */
const PRIORITY = { request: 0, confirmation: 1, decoration: 2 } as const;

export type Priority = keyof typeof PRIORITY;

export interface ChatLanes {
  /**
   * Resolves when a call to a chat may leave; what it resolves with is called once that is answered.
   * @throws the signal's reason; an Error after `close`
   */
  turn(chat: number, priority: Priority, signal?: AbortSignal): Promise<() => void>;
  /** Lets nothing leave to a chat for so long, ms. */
  hold(chat: number, ms: number): void;
  /** How long nothing may leave to a chat because Telegram has asked for it, ms. */
  heldFor(chat: number): number;
  /** Whoever waits is refused, and no timer is left. */
  close(): void;
}

/** Telegram's limits: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this */
const CHAT_INTERVAL_MS = 1_000;
const ALL = { messages: 30, windowMs: 1_000 } as const;
/** So many may pass one that waits. */
const MAX_PASSED = 4;

interface TurnWaiter {
  readonly rank: number;
  passed: number;
  go(): void;
  refuse(reason: unknown): void;
}

interface ChatLane {
  readonly waiting: TurnWaiter[];
  isBusy: boolean;
  readyAt: number;
  heldUntil: number;
}

export function createChatLanes(clock: Pick<Clock, "elapsed" | "after">): ChatLanes {
  const lanes = new Map<number, ChatLane>();
  let left: number[] = [];
  let cancelTimer = () => {};
  let isClosed = false;

  function laneOf(chat: number): ChatLane {
    const known = lanes.get(chat);
    if (known !== undefined) return known;
    const lane = { waiting: [], isBusy: false, readyAt: -Infinity, heldUntil: -Infinity };
    lanes.set(chat, lane);
    return lane;
  }

  /** When anything may leave at all. */
  function allReadyAt(now: number): number {
    left = left.filter((at) => at + ALL.windowMs > now);
    const oldest = left.at(-ALL.messages);
    return oldest === undefined ? now : oldest + ALL.windowMs;
  }

  function next(): void {
    cancelTimer();
    cancelTimer = () => {};
    let soonest = Number.POSITIVE_INFINITY;
    for (const [chat, lane] of lanes) {
      const now = clock.elapsed();
      const readyAt = Math.max(lane.readyAt, lane.heldUntil);
      if (lane.isBusy) continue;
      if (lane.waiting.length === 0) {
        if (readyAt <= now) lanes.delete(chat);
        continue;
      }
      const at = Math.max(readyAt, allReadyAt(now));
      if (at > now) soonest = Math.min(soonest, at);
      else leave(lane, now);
    }
    if (Number.isFinite(soonest)) cancelTimer = clock.after(soonest - clock.elapsed(), next);
  }

  function leave(lane: ChatLane, now: number): void {
    const { waiting } = lane;
    const first = waiting.findIndex(({ passed }) => passed >= MAX_PASSED);
    const best = waiting.reduce(
      (at, { rank }, index) => (rank < (waiting[at]?.rank ?? rank) ? index : at),
      0,
    );
    const [waiter] = waiting.splice(first >= 0 ? first : best, 1);
    if (first < 0) for (const passed of waiting.slice(0, best)) passed.passed += 1;
    lane.isBusy = true;
    left.push(now);
    waiter?.go();
  }

  return {
    turn: (chat, priority, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        if (isClosed) throw closed();
        const lane = laneOf(chat);
        const giveUp = () => {
          lane.waiting.splice(lane.waiting.indexOf(waiter), 1);
          reject(signal?.reason);
          next();
        };
        const waiter: TurnWaiter = {
          rank: PRIORITY[priority],
          passed: 0,
          go() {
            signal?.removeEventListener("abort", giveUp);
            resolve(() => {
              lane.isBusy = false;
              lane.readyAt = clock.elapsed() + CHAT_INTERVAL_MS;
              next();
            });
          },
          refuse(reason) {
            signal?.removeEventListener("abort", giveUp);
            reject(reason);
          },
        };
        signal?.addEventListener("abort", giveUp, { once: true });
        lane.waiting.push(waiter);
        next();
      }),
    hold(chat, ms) {
      const lane = laneOf(chat);
      lane.heldUntil = Math.max(lane.heldUntil, clock.elapsed() + ms);
    },
    heldFor: (chat) => Math.max(0, (lanes.get(chat)?.heldUntil ?? 0) - clock.elapsed()),
    close() {
      isClosed = true;
      cancelTimer();
      for (const { waiting } of lanes.values())
        for (const waiter of waiting.splice(0)) waiter.refuse(closed());
    },
  };
}

const closed = () => new Error("the channel is closed");
