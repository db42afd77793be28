// The form fields of an inbound message, as captured from real Sandbox taps and texts.
import { createHash } from "node:crypto";
import type { ChatEntry } from "../chat.ts";
import type { InboundOptions, SimButton } from "../contract.ts";
import type { FormParams } from "../webhook-post.ts";

const PROFILE_NAME = "Simulated phone";
/** Twilio names the quoted message only while it is this young, ms. */
const QUOTE_LIMIT_MS = 7 * 24 * 60 * 60 * 1000;

/** What of the gesture the parameters tell beside the message. */
export interface InboundDetails {
  /** The message that is replied to. */
  readonly quoted?: ChatEntry | undefined;
  /** The tapped button of it; absent for typed text. */
  readonly button?: SimButton | undefined;
  readonly options?: InboundOptions | undefined;
}

/** The webhook's parameters. */
export function inboundParams(
  accountSid: string,
  entry: ChatEntry,
  { quoted, button, options = {} }: InboundDetails,
): FormParams {
  const { sid, body, phone, at } = entry.message;
  const shownAs = entry.from.replace("whatsapp:", "");
  const waId = shownAs.replace("+", "");
  const madeUp = `ID.${createHash("sha256").update(phone).digest("hex").slice(0, 20)}`;
  const userId = options.userId ?? (shownAs.startsWith("+") ? madeUp : shownAs);
  return {
    SmsMessageSid: sid,
    MessageSid: sid,
    SmsSid: sid,
    AccountSid: accountSid,
    ApiVersion: "2010-04-01",
    SmsStatus: "received",
    From: entry.from,
    To: entry.to,
    Body: body,
    WaId: waId,
    ProfileName: PROFILE_NAME,
    ExternalUserId: `whatsapp:${userId}`,
    ChannelMetadata: JSON.stringify({
      type: "whatsapp",
      data: { context: { ProfileName: PROFILE_NAME, WaId: waId } },
    }),
    NumMedia: "0",
    NumSegments: "1",
    ReferralNumMedia: "0",
    Forwarded: "false",
    FrequentlyForwarded: "false",
    ...choice(quoted, button),
    ...(quoted === undefined || at - quoted.message.at > QUOTE_LIMIT_MS
      ? {}
      : { OriginalRepliedMessageSid: quoted.message.sid, OriginalRepliedMessageSender: quoted.from }),
    ...(options.messageType === undefined ? {} : { MessageType: options.messageType }),
    ...options.params,
  };
}

function choice(quoted: ChatEntry | undefined, button: SimButton | undefined): FormParams {
  if (quoted === undefined || button === undefined) return { MessageType: "text" };
  if (quoted.message.listButton !== undefined) {
    return { MessageType: "interactive", ListId: button.id, ListTitle: button.title };
  }
  const type = quoted.approvedTemplate ? "button" : "interactive";
  return { MessageType: type, ButtonText: button.title, ButtonPayload: button.id };
}
