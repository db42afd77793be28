// What is known of each approver's phone: from Twilio's list of messages, and from the database.
import { resolve } from "node:path";
import { adviceFor, toDeliveryError } from "../../channels/twilio/error-advice.ts";
import { laterContact, readContacts } from "../../channels/twilio/receive/contacts.ts";
import { createInbox } from "../../channels/twilio/receive/inbox.ts";
import {
  SANDBOX_MEMBERSHIP_MS,
  sandboxText,
  sessionState,
  windowText,
} from "../../channels/twilio/receive/session-window.ts";
import type { TwilioClient } from "../../channels/twilio/twilio-client.ts";
import type { Config } from "../../config/config.ts";
import { SANDBOX_SENDER } from "../../config/environment.ts";
import type { Home } from "../../config/home.ts";
import type { TwilioConfig } from "../../config/phone-config.ts";
import { createApprovers } from "../../core/approvers.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { looksUsual, numberProblem } from "../../doctor/number-length.ts";
import type { PhoneWindow } from "../../doctor/phones.ts";
import { phoneText } from "../../domain/names.ts";
import type { Phone } from "../../domain/tool-call.ts";
import { readKnownPhones } from "../../store/examine.ts";
import { silentLog } from "../silent-log.ts";

/** How many of the last messages to a phone are looked at for one that failed. */
const SENT_LIMIT = 20;

interface PhoneReaderDeps {
  readonly config: Config;
  readonly twilio: TwilioConfig;
  readonly home: Home;
  readonly clock: Clock;
}

/** @returns reads anew at each call. It throws DeliveryError when Twilio cannot be asked */
export function createPhoneReader(
  { config, twilio, home, clock }: PhoneReaderDeps,
  client: TwilioClient,
): () => Promise<readonly PhoneWindow[]> {
  const { accountSid, authToken, authTokenSecondary, from } = twilio;
  const isSandbox = from === SANDBOX_SENDER;
  return async () => {
    const known = readKnownPhones(resolve(home.folder, config.databasePath));
    const unused = async () => {};
    const { phones: approvers, sendersOf } = await createApprovers({
      phones: config.approvers,
      userIds: config.userIds,
      secrets: [authToken, ...(authTokenSecondary === undefined ? [] : [authTokenSecondary])],
      store: { userIds: async () => known.userIds, recordUserId: unused, forgetUserId: unused },
      clock,
      log: silentLog,
    });
    const inbox = createInbox({ api: client.messages, accountSid, from, sendersOf });
    const now = clock.now();
    const listed = await readContacts({ inbox, approvers }, now);
    return Promise.all(
      approvers.map(async (phone): Promise<PhoneWindow> => {
        const contact = laterContact(known.contact(phone), listed.get(phone) ?? {});
        const state = sessionState(contact, now);
        return {
          phone: phoneText(phone),
          hasWritten: contact.lastInboundAt !== undefined,
          numberProblem: numberProblem(phone),
          looksUsual: looksUsual(phone),
          isOpen: state.open,
          window: windowText(state, from, now),
          sandbox: isSandbox
            ? {
                text: sandboxText(state, now),
                leftMs: state.sandboxExpiresAt === undefined ? undefined : state.sandboxExpiresAt - now,
              }
            : undefined,
          lastFailure: await readLastFailure(client, { phone, from, since: contact.lastInboundAt, now }),
          knownAs: knownAsText(sendersOf(phone).slice(1)),
        };
      }),
    );
  };
}

interface SentTo {
  readonly phone: Phone;
  readonly from: string;
  /** When the phone has written last, epoch ms. */
  readonly since: number | undefined;
  readonly now: number;
}

/** Of the newest message to a phone whose end is known. One that came before the phone's own last one no longer matters. */
async function readLastFailure(
  client: TwilioClient,
  { phone, from, since = 0, now }: SentTo,
): Promise<PhoneWindow["lastFailure"]> {
  const after = Math.max(since, now - SANDBOX_MEMBERSHIP_MS);
  try {
    const sent = await client.messages.list({
      from,
      to: `whatsapp:${phone}`,
      dateSentAfter: new Date(after),
      limit: SENT_LIMIT,
    });
    const ended = sent.filter(({ status, dateSent, dateCreated }) => {
      const at = (dateSent ?? dateCreated)?.getTime() ?? 0;
      return at >= after && ["delivered", "read", "failed", "undelivered"].includes(status);
    });
    const code = ended[0]?.errorCode;
    return code ? { code, ...adviceFor(code) } : undefined;
  } catch (error) {
    throw toDeliveryError(error);
  }
}

/** Enough to recognise them by: "replies also as +521…5678, US.…1918". */
function knownAsText(senders: readonly string[]): string | undefined {
  if (senders.length === 0) return undefined;
  const short = senders.map(
    (sender) => `${sender.slice(0, sender.startsWith("+") ? 4 : 3)}${phoneText(sender)}`,
  );
  return `replies also as ${short.join(", ")}`;
}
