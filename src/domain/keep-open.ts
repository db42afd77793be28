// Keeping a chat open: the button of the reminder, and what the phone reads about it. A tap on it decides nothing.
import type { ChannelAbilities } from "./channel.ts";
import { type Line, line } from "./text.ts";
import { agoText, clockText } from "./time-words.ts";

/** The button's id. It names no request, and no reply to one begins like it. */
export const KEEP_OPEN_ID = "keep-open";

/** Times in epoch ms. */
export interface ChatClosing {
  readonly kind: "chat-closing";
  readonly closesAt: number;
  readonly now: number;
}

export interface MembershipEnding {
  readonly kind: "membership-ending";
  readonly endsAt: number;
  /** "join two-words", where it is known. */
  readonly joinText?: string | undefined;
  /** The Sandbox's number. */
  readonly sender: string;
  readonly now: number;
}

/** Whether somebody has typed what the button says. */
export function isKeepOpen(text: string): boolean {
  return /^\W*keep it open\W*$/i.test(text.normalize("NFKC"));
}

/** By the names of the template's variables. */
export function closingValues({ closesAt, now }: ChatClosing): Readonly<Record<"left" | "time", string>> {
  return { left: agoText(closesAt - now), time: clockText(closesAt) };
}

/** The same without a button. */
export function closingText(notice: ChatClosing): string {
  const { left, time } = closingValues(notice);
  return `⏳ In ${left}, at ${time}, WhatsApp's 24 hours since your last message end. After that, approval requests may not reach you. Type "keep it open" to keep this chat open for 24 hours more. It approves nothing.`;
}

/** @param joinText as the phone has sent it: letters and a hyphen */
export function membershipLines({ endsAt, joinText, sender, now }: MembershipEnding): readonly Line[] {
  const how =
    joinText === undefined
      ? "send join and the two words of your Sandbox again (Twilio Console → Messaging → Try it out)"
      : `send it again: ${joinText}`;
  const said = `⏳ In ${agoText(endsAt - now)}, at ${clockText(endsAt)}, the WhatsApp Sandbox forgets this phone, 3 days after it joined. After that, approval requests do not reach it. To stay in, ${how}`;
  if (joinText === undefined) return [line(said)];
  // Opens the chat with the words in it: one more tap sends them.
  return [line(said), line(`https://wa.me/${sender.replace("+", "")}?text=${encodeURIComponent(joinText)}`)];
}

/** Its words may have been meant for a request, where a tap and typed words look the same. */
export function keptOpenText({ closes }: ChannelAbilities): string {
  return closes
    ? "✅ Kept open: WhatsApp lets messages through for 24 hours from your message. No request was answered."
    : "This chat stays open by itself. No request was answered.";
}
