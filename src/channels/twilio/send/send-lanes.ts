// The messages that wait for their turn, by phone. Thousands may wait for one: nothing here looks at all of them.
import type { Phone } from "../../../domain/tool-call.ts";

export interface Waiter {
  readonly place: object;
  readonly to: Phone;
  readonly isConfirmation: boolean;
  /** Whether it waits for its first turn. */
  readonly isFirst: boolean;
  /** In the order of `enter`. */
  readonly number: number;
  go(): void;
}

export interface SendLanes {
  add(waiter: Waiter): void;
  /** Nothing where it does not wait. */
  remove(waiter: Waiter): void;
  /** Those for whom something waits. */
  phones(): readonly Phone[];
  /**
   * What is next for a phone; undefined while that cannot be known.
   * @param holder the place of the message that it is being sent: only that one may go on
   * @param rank the smaller goes first
   */
  first(to: Phone, holder: object | undefined, rank: (waiter: Waiter) => number): Waiter | undefined;
  /** How many wait for their first turn. */
  size(): number;
  confirmations(): number;
}

/** Each list in the order of `enter`. */
interface SendLane {
  readonly again: Waiter[];
  readonly requests: Waiter[];
  readonly confirmations: Waiter[];
}

export function createSendLanes(): SendLanes {
  const lanes = new Map<Phone, SendLane>();
  let first = 0;
  let confirmations = 0;

  function listOf(lane: SendLane, { isFirst, isConfirmation }: Waiter): Waiter[] {
    if (!isFirst) return lane.again;
    return isConfirmation ? lane.confirmations : lane.requests;
  }

  function count({ isFirst, isConfirmation }: Waiter, by: 1 | -1): void {
    if (isFirst) first += by;
    if (isConfirmation) confirmations += by;
  }

  return {
    add(waiter) {
      const lane = lanes.get(waiter.to) ?? { again: [], requests: [], confirmations: [] };
      lanes.set(waiter.to, lane);
      const list = listOf(lane, waiter);
      // All but always the last.
      const before = list.findLastIndex(({ number }) => number < waiter.number);
      list.splice(before + 1, 0, waiter);
      count(waiter, 1);
    },
    remove(waiter) {
      const lane = lanes.get(waiter.to);
      const list = lane && listOf(lane, waiter);
      const index = list?.indexOf(waiter) ?? -1;
      if (lane === undefined || list === undefined || index < 0) return;
      list.splice(index, 1);
      count(waiter, -1);
      if (lane.again.length + lane.requests.length + lane.confirmations.length === 0) lanes.delete(waiter.to);
    },
    phones: () => [...lanes.keys()],
    first(to, holder, rank) {
      const lane = lanes.get(to);
      // Who has had its turn waits for a further one.
      if (holder !== undefined) return lane?.again.find(({ place }) => place === holder);
      const heads = [lane?.again[0], lane?.requests[0], lane?.confirmations[0]];
      return heads
        .flatMap((waiter) => waiter ?? [])
        .sort((a, b) => rank(a) - rank(b) || a.number - b.number)[0];
    },
    size: () => first,
    confirmations: () => confirmations,
  };
}
