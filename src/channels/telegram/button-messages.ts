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
  /** What Telegram has of it. */
  readonly says: string;
  /** The ids of its buttons. */
  readonly buttons: readonly string[];
  /** The question that it asks, from 1. */
  readonly question?: number | undefined;
}

export interface ButtonMessages {
  /** One was taken, perhaps after its request has ended. Never throws. */
  add(id: ApprovalId, message: ButtonMessage): void;
  ended(settled: SettledRequest): void;
  /** Told before a request's message is sent: whether it was taken may never be known. */
  expect(id: ApprovalId, text: RichText): void;
  /**
   * Whether a tap may count. Whoever has the bot's token can write as the bot, and change its messages: a button of one request could
   * stand under the words of another. So the tapped message must say what was sent, word for word. What an earlier run has sent is not
   * known here: about a request that still waits, such a tap can only deny.
   */
  isGenuine(tap: TappedButton, isWaiting: (id: string) => boolean): boolean;
  /** A message that shows some of a request was taken. */
  note(message: SaidMessage): void;
  /** Whether a message that somebody replies to says what was sent, as far as that is known: the words may be a yes. */
  saysWhatWasSent(message: Omit<SaidMessage, "text"> & { readonly text: string | undefined }): boolean;
  /** Resolves once no change of a message waits or is under way. */
  idle(): Promise<void>;
}

interface KnownMessage {
  readonly buttons: readonly string[];
  /** What it says, and what it says once its request has ended. */
  readonly texts: readonly string[];
}

interface SaidMessage {
  readonly chat: number;
  readonly message: number;
  /** As Telegram has it. */
  readonly text: string;
}

interface TappedButton {
  readonly chat: number;
  readonly message: number;
  /** As Telegram has the message. */
  readonly text: string | undefined;
  readonly button: string;
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
  const known = new Map<string, KnownMessage>();
  /** What the messages of a request say. */
  const texts = new Map<string, readonly string[]>();
  const underWay = new Set<Promise<void>>();

  function follow(change: Promise<void>): void {
    const work = change.catch(onFailure).finally(() => underWay.delete(work));
    underWay.add(work);
  }

  function end({ chat, message, text }: ButtonMessage, outcome: Outcome): void {
    const ended = joined(text, endedLine(outcome));
    const key = `${chat}:${message}`;
    const { buttons = [], texts = [] } = known.get(key) ?? {};
    remember(known, key, { buttons, texts: [...texts, ended.text] });
    follow(outbound.replace(chat, message, ended));
  }

  function remember<K, V>(map: Map<K, V>, key: K, value: V): void {
    map.set(key, value);
    const [oldest] = map.keys();
    if (map.size > MAX_REMEMBERED && oldest !== undefined) map.delete(oldest);
  }

  return {
    add(id, message) {
      const { buttons, says } = message;
      remember(known, `${message.chat}:${message.message}`, { buttons, texts: [says] });
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
    expect(id, { text }) {
      remember(texts, id, [...(texts.get(id) ?? []), text]);
    },
    note({ chat, message, text }) {
      remember(known, `${chat}:${message}`, { buttons: [], texts: [text] });
    },
    saysWhatWasSent({ chat, message, text = "" }) {
      return known.get(`${chat}:${message}`)?.texts.includes(text) ?? true;
    },
    isGenuine({ chat, message, text = "", button }, isWaiting) {
      const sent = known.get(`${chat}:${message}`);
      if (sent !== undefined) return sent.buttons.includes(button) && sent.texts.includes(text);
      const [action, id = ""] = button.split(":");
      if (action === "deny") return true;
      // Of a run before: what it was about is for the request's record to say, once that has ended.
      return texts.get(id)?.includes(text) ?? !isWaiting(id);
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}
