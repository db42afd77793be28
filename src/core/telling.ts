// Tells phones what became of their replies: nothing waits for it, and what only confirms may be left out.
import { type Tapped, wentAsTapped } from "../domain/as-tapped.ts";
import type { Notice } from "../domain/notice.ts";
import type { Phone } from "../domain/tool-call.ts";
import type { Clock } from "./ports/clock.ts";
import type { Messenger } from "./ports/messenger.ts";
import type { ReplyReceipt } from "./ports/reply-receipt.ts";

/** At most one such notice a minute for each phone while nothing waits: every message costs. */
const SELDOM_MS = 60_000;

/** What the one who is told has asked for, and with which reply. */
export interface Wish {
  readonly inboundId: string;
  readonly tapped: Tapped | undefined;
  /** Gets what is on its way to that phone. */
  readonly told: Promise<void>[];
  /** Comes before what is said, and must not reject. Default: nothing does. */
  readonly beforeSaid?: ((notice: Notice) => Promise<void>) | undefined;
}

export interface TellingDeps {
  readonly messenger: Pick<Messenger, "tell">;
  readonly clock: Clock;
  readonly hasWaiting: () => boolean;
  /** Takes the place of what only confirms that a reply went as it was meant. Absent: that is told. */
  readonly receipt: ReplyReceipt | undefined;
  /** Follows what is under way. */
  track(work: Promise<void>, problem: string): void;
}

export interface Telling {
  tell(to: Phone, notice: Promise<Notice> | Notice, wish?: Wish): void;
  /** Always while something waits; else now and then, for each subject. */
  tellSeldom(subject: "help" | "alarm" | "kept", to: Phone, notice: Notice, wish?: Wish): void;
}

export function createTelling({ messenger, clock, hasWaiting, receipt, track }: TellingDeps): Telling {
  const toldAt = new Map<string, number>();

  function tell(to: Phone, notice: Promise<Notice> | Notice, wish?: Wish): void {
    const sent = Promise.resolve(notice).then(async (known) => {
      await wish?.beforeSaid?.(known);
      const isAsWished = receipt !== undefined && wish !== undefined && wentAsTapped(known, wish.tapped);
      if (isAsWished) await receipt.show(wish.inboundId, to);
      else await messenger.tell(to, known);
    });
    wish?.told.push(sent);
    track(sent, "a confirmation could not be sent");
  }

  return {
    tell,
    tellSeldom(subject, to, notice, wish) {
      const key = `${subject} ${to}`;
      const now = clock.elapsed();
      const isOften = now - (toldAt.get(key) ?? Number.NEGATIVE_INFINITY) < SELDOM_MS;
      if (isOften && !hasWaiting()) return;
      toldAt.set(key, now);
      tell(to, notice, wish);
    },
  };
}
