// Reminds a phone before its chat closes or its membership ends: while that can still be sent, at a civil hour, at most once a
// day, and only where the server is in use. What was sent is in the record before it is sent: a restart repeats nothing.

import { phoneText } from "../domain/names.ts";
import type { Notice } from "../domain/notice.ts";
import type { ServiceMode } from "../domain/service-mode.ts";
import type { Phone } from "../domain/tool-call.ts";
import { dayIn, reminderAt } from "./civil-hours.ts";
import type { ChatEnds, ChatWindows } from "./ports/chat-windows.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import type { Messenger } from "./ports/messenger.ts";
import type { ReminderStore } from "./ports/reminder-store.ts";

/** Between two looks, ms. A timer stands still while the machine sleeps, so none is set for the moment itself. */
export const LOOK_MS = 5 * 60_000;
/** A phone that was asked nothing for so long is left alone, ms. */
export const IN_USE_MS = 3 * 24 * 60 * 60_000;
/** What ends before tomorrow's reminder is told with today's, ms. */
const DAY_MS = 24 * 60 * 60_000;

export interface KeepAliveDeps {
  readonly windows: ChatWindows;
  readonly store: ReminderStore;
  readonly messenger: Pick<Messenger, "tell">;
  readonly phones: readonly Phone[];
  /** After PANIC nothing is asked, so nothing is lost. */
  readonly mode: () => ServiceMode;
  readonly clock: Clock;
  readonly log: Log;
  /** The machine's time zone, IANA name. */
  readonly zone: string;
}

export interface KeepAlive {
  /** No look begins afterwards. */
  stop(): void;
}

export function startKeepAlive(deps: KeepAliveDeps): KeepAlive {
  const { windows, store, messenger, phones, mode, clock, log, zone } = deps;
  const remindedOn = new Map<Phone, string>();
  /** When each phone was last reminded, as far as it was asked for: 0 is never. */
  const remindedAt = new Map<Phone, number>();
  let isStopped = false;
  let cancel = clock.after(LOOK_MS, () => void look());

  async function look(): Promise<void> {
    await Promise.all(
      phones.map((phone) =>
        remind(phone).catch((error: unknown) =>
          log.warn(
            { err: error, phone: phoneText(phone) },
            "a phone could not be reminded to keep its chat open",
          ),
        ),
      ),
    );
    if (!isStopped) cancel = clock.after(LOOK_MS, () => void look());
  }

  async function remind(phone: Phone): Promise<void> {
    if (isStopped || mode().kind === "panic") return;
    const day = dayIn(zone, clock.now());
    if (remindedOn.get(phone) === day) return;
    const last = remindedAt.get(phone) ?? (await store.lastReminded(phone)) ?? 0;
    remindedAt.set(phone, last);
    if (!isDue(await windows.known(phone), last)) return;
    const askedAt = await store.lastAsked(phone);
    if (askedAt === undefined || clock.now() - askedAt > IN_USE_MS) return;
    // The phone may have written, or joined again, without a word to this server.
    const ends = await windows.ask(phone);
    if (isStopped || !isDue(ends, last)) return;
    remindedOn.set(phone, day);
    remindedAt.set(phone, clock.now());
    if (await store.claimReminder(phone, day, clock.now())) await messenger.tell(phone, noticeOf(ends));
  }

  /** @param last when it was last reminded: what ends within a day of that was told then, on the evening before it too */
  function isDue({ closesAt, membership }: ChatEnds, last: number): boolean {
    const now = clock.now();
    // Nothing gets through any longer, and nothing is known to.
    if (closesAt === undefined || closesAt <= now) return false;
    if (membership !== undefined && membership.endsAt <= now) return false;
    const untold = [closesAt, membership?.endsAt].filter((end) => end !== undefined && end - DAY_MS >= last);
    const moments = untold.map((end) => end && reminderAt(end, now, zone));
    return moments.some((moment) => moment !== undefined && moment <= now);
  }

  /** Joining again also keeps the chat open, a tap does not join: where both end, the one that helps with both is told. */
  function noticeOf({ closesAt = 0, membership }: ChatEnds): Notice {
    const now = clock.now();
    return membership !== undefined && membership.endsAt - now <= DAY_MS
      ? { kind: "membership-ending", ...membership, now }
      : { kind: "chat-closing", closesAt, now };
  }

  return {
    stop() {
      isStopped = true;
      cancel();
    },
  };
}
