// The messages that have buttons, and what becomes of them: the outcome in place of the buttons once their request has ended. Kept in
// memory only: after a restart an old button still answers, with what became of its request.
import type { Outcome } from "../../domain/approval.ts";
import type { SettledRequest } from "../../domain/settled-request.ts";
import type { ApprovalId } from "../../domain/tool-call.ts";
import { endedLine } from "./format/ended-line.ts";
import { joined, type RichText } from "./format/rich-text.ts";
import type { ChatOutbound } from "./send/outbound.ts";

interface ButtonMessage {
  readonly chat: number;
  readonly message: number;
  readonly text: RichText;
  /** The ids of its buttons. */
  readonly buttons: readonly string[];
  /** The question that it asks, from 1. */
  readonly question?: number | undefined;
}

export interface ButtonMessages {
  /** One was taken, perhaps after its request has ended. Never throws. */
  add(id: ApprovalId, message: ButtonMessage): void;
  ended(settled: SettledRequest): void;
  /** Whether a message has had a button; undefined where it is not known here. */
  hasButton(chat: number, message: number, button: string): boolean | undefined;
  /** Resolves once no change of a message waits or is under way. */
  idle(): Promise<void>;
}

export interface ButtonMessagesDeps {
  readonly outbound: Pick<ChatOutbound, "replace" | "takeButtons">;
  onFailure(error: unknown): void;
}

/** So many ended requests are remembered, for messages that are taken later, and for late taps. */
const MAX_REMEMBERED = 500;

export function createButtonMessages({ outbound, onFailure }: ButtonMessagesDeps): ButtonMessages {
  const open = new Map<ApprovalId, ButtonMessage[]>();
  const over = new Map<ApprovalId, Outcome>();
  const buttons = new Map<string, readonly string[]>();
  const underWay = new Set<Promise<void>>();

  function follow(change: Promise<void>): void {
    const work = change.catch(onFailure).finally(() => underWay.delete(work));
    underWay.add(work);
  }

  function end({ chat, message, text }: ButtonMessage, outcome: Outcome): void {
    follow(outbound.replace(chat, message, joined(text, endedLine(outcome))));
  }

  function remember<K, V>(map: Map<K, V>, key: K, value: V): void {
    map.set(key, value);
    const [oldest] = map.keys();
    if (map.size > MAX_REMEMBERED && oldest !== undefined) map.delete(oldest);
  }

  return {
    add(id, message) {
      remember(buttons, `${message.chat}:${message.message}`, message.buttons);
      const outcome = over.get(id);
      if (outcome !== undefined) return end(message, outcome);
      const earlier = open.get(id) ?? [];
      // The question before it has been answered.
      const isAnswered = ({ chat, question }: ButtonMessage) =>
        chat === message.chat && question !== undefined && question !== message.question;
      for (const each of earlier.filter(isAnswered)) follow(outbound.takeButtons(each.chat, each.message));
      open.set(id, [...earlier.filter((each) => !isAnswered(each)), message]);
    },
    ended({ request: { id }, outcome }) {
      remember(over, id, outcome);
      for (const message of open.get(id) ?? []) end(message, outcome);
      open.delete(id);
    },
    hasButton: (chat, message, button) => buttons.get(`${chat}:${message}`)?.includes(button),
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}
