// The form fields of a status callback, as captured from WhatsApp deliveries. Never the message's text.
import { phoneOf } from "./address.ts";
import type { ChatEntry } from "./chat.ts";
import { errorText } from "./rest/twilio-error.ts";
import type { FormParams } from "./webhook-post.ts";

/** The installed channel of Twilio's own Sandbox, the same for everybody. */
const CHANNEL_INSTALL_SID = "XEcc20d939f803ee381f2442185d0d5dc5";
const POST_DELIVERY_EVENTS = new Set(["delivered", "read", "undelivered"]);

/** The parameters that report where the message stands now. */
export function statusCallbackParams(accountSid: string, entry: ChatEntry): FormParams {
  const { sid, status, errorCode } = entry.message;
  return {
    MessageSid: sid,
    SmsSid: sid,
    MessageStatus: status,
    SmsStatus: status,
    To: entry.to,
    From: entry.from,
    AccountSid: accountSid,
    ApiVersion: "2010-04-01",
    ChannelPrefix: "whatsapp",
    ChannelInstallSid: CHANNEL_INSTALL_SID,
    // Twilio masks the last four digits.
    ChannelToAddress: phoneOf(entry.to).replace(/\d{4}$/, "XXXX"),
    StructuredMessage: "false",
    ...(POST_DELIVERY_EVENTS.has(status) ? { EventType: status.toUpperCase() } : {}),
    ...(errorCode === undefined
      ? {}
      : { ErrorCode: String(errorCode), ChannelStatusMessage: errorText(errorCode) }),
  };
}
