// Finds out whether a message exists although its sending failed. Twilio knows no idempotency key, so the list of
// messages is the only way to tell. Never takes a message that is accounted for, or an older one, for the one it seeks.
import type { ListedMessage, MessageApi, MessageContent, OutgoingMessage } from "./message.ts";

// This computer's clock may be all there is, and Twilio's computers may differ among themselves.
const CLOCK_SKEW_MS = 60_000;
// One phone, newest first: what was sent a moment ago is among the first.
const LOOK_AT = 20;
// Enough for every message that can still be mistaken for a new one.
const MAX_KNOWN = 200;

export interface SentMessages {
  /** Accounts for a message: it is never taken for another. */
  remember(sid: string): void;
  /**
   * @param since when the first attempt was made, epoch ms by Twilio's clock: what is older is another message. Asked
   *   once Twilio has answered.
   * @returns the SID of the message if it exists.
   * @throws what the list call throws.
   */
  find(message: OutgoingMessage, since: () => number): Promise<string | undefined>;
}

/** @param from the sender with its `whatsapp:` prefix */
export function createSentMessages(api: Pick<MessageApi, "list">, from: string): SentMessages {
  const known = new Set<string>();
  return {
    remember(sid) {
      known.add(sid);
      const [oldest] = known;
      if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
    },
    async find({ to, content }, since) {
      // No filter by date: Twilio's looks at the date of sending, which a message still in its queue does not have.
      const listed = await api.list({ from, to: `whatsapp:${to}`, limit: LOOK_AT });
      const oldest = since() - CLOCK_SKEW_MS;
      const isNew = ({ sid, dateCreated }: ListedMessage) =>
        !known.has(sid) && !(dateCreated !== null && dateCreated.getTime() < oldest);
      return listed.find((message) => isNew(message) && showsContent(message.body ?? "", content))?.sid;
    },
  };
}

/**
 * Whether a message's text is what this content becomes, in whichever form it was sent: the rendered template is not
 * known here, but it holds every variable (the request's id is one), and so does its plain form.
 */
function showsContent(body: string, content: MessageContent): boolean {
  const shown = normalise(body);
  if ("body" in content) return shown === normalise(content.body);
  if (shown === "") return false;
  if (content.listed !== undefined && shown === normalise(content.listed)) return true;
  const values = Object.values(content.variables).map(normalise);
  return shown === normalise(content.plain) || (values.length > 0 && values.every((v) => shown.includes(v)));
}

// Twilio may change line ends and outer blanks; a fallback changes apostrophes.
function normalise(text: string): string {
  return text.replaceAll("’", "'").replace(/\s+/g, " ").trim();
}
