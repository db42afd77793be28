// A message as Twilio's REST API shows it. Taps look like text here: the button's id is nowhere to be found.
import type { ChatEntry } from "../chat.ts";
import { errorText } from "./twilio-error.ts";

/** @returns what is shown instead; undefined: as if there were no such message */
export type AlterResource = (
  resource: ReturnType<typeof messageResource>,
) => Readonly<Record<string, unknown>> | undefined;

/** The Message resource. */
export function messageResource(accountSid: string, entry: ChatEntry) {
  const { message } = entry;
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}`;
  const code = message.errorCode;
  return {
    account_sid: accountSid,
    api_version: "2010-04-01",
    body: message.body,
    date_created: rfc2822(message.at),
    date_sent: entry.sentAt === undefined ? null : rfc2822(entry.sentAt),
    date_updated: rfc2822(entry.updatedAt),
    direction: entry.direction,
    error_code: code ?? null,
    error_message: code === undefined ? null : errorText(code),
    from: entry.from,
    messaging_service_sid: null,
    num_media: "0",
    num_segments: "1",
    price: null,
    price_unit: null,
    sid: message.sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: entry.to,
    uri: `${uri}.json`,
  };
}

function rfc2822(epochMs: number): string {
  return new Date(epochMs).toUTCString().replace("GMT", "+0000");
}
