// WhatsApp's 24-hour window and the Sandbox's three days, from what is remembered of a phone. Pure: values and words.

import type { Contact } from "../../../core/ports/contact-store.ts";
import { agoText } from "../../../domain/time-words.ts";

/** How long WhatsApp takes free messages after a phone's last one, ms. Source: its customer service window. */
export const SESSION_WINDOW_MS = 24 * 60 * 60_000;
/** How long the Sandbox knows a phone that has joined, ms. Source: Twilio's documentation of the Sandbox. */
export const SANDBOX_MEMBERSHIP_MS = 3 * 24 * 60 * 60_000;

/** Times are epoch ms. */
export interface SessionState {
  /** Whether a message without an approved template gets through. */
  readonly open: boolean;
  /** When the window closes, or did. Absent: no message of this phone is known. */
  readonly closesAt?: number | undefined;
  /** When the Sandbox forgets the phone, or did. Absent: when it joined is not known. */
  readonly sandboxExpiresAt?: number | undefined;
}

export function sessionState({ lastInboundAt, joinedAt }: Contact, now: number): SessionState {
  const closesAt = lastInboundAt === undefined ? undefined : lastInboundAt + SESSION_WINDOW_MS;
  return {
    open: closesAt !== undefined && now < closesAt,
    closesAt,
    sandboxExpiresAt: joinedAt === undefined ? undefined : joinedAt + SANDBOX_MEMBERSHIP_MS,
  };
}

/** The window in words. @param sender with or without its `whatsapp:` prefix */
export function windowText({ open, closesAt }: SessionState, sender: string, now: number): string {
  const remedy = `send any message to ${sender.replace("whatsapp:", "")}`;
  if (closesAt === undefined) return `not known, no message came from it: ${remedy} to open it`;
  return open ? `open for ${agoText(closesAt - now)} more` : `closed: ${remedy} to open it`;
}

/** The membership in words; for the Sandbox only. */
export function sandboxText({ sandboxExpiresAt }: SessionState, now: number): string {
  if (sandboxExpiresAt === undefined) return "when it joined the Sandbox is not known";
  const joined = `joined the Sandbox ${agoText(now - (sandboxExpiresAt - SANDBOX_MEMBERSHIP_MS))} ago`;
  return now < sandboxExpiresAt
    ? `${joined}; join again within ${agoText(sandboxExpiresAt - now)}`
    : `${joined}, which holds for 3 days: send join <two words> again`;
}
