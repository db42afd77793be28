// Finds out whether a message exists although its sending failed. Twilio knows no idempotency key, so that the list of
// messages is the only way to tell.
import type { ListedMessage, MessageApi } from "./message-api.ts";
import type { Outgoing } from "./outbound.ts";

// Twilio's clock and this computer's may differ. A message that this process knows about is never taken for another.
const CLOCK_SKEW_MS = 60_000;
// One phone, newest first: what was sent a moment ago is among the first.
const LOOK_AT = 20;

export interface Sought {
  readonly from: string;
  readonly to: string;
  readonly content: Outgoing["content"];
  /** Epoch ms of the first attempt: what is older is another message. */
  readonly since: number;
  /** SIDs of messages that are accounted for. */
  readonly known: ReadonlySet<string>;
}

/**
 * @returns the SID of the message if it exists.
 * @throws what the list call throws.
 */
export async function findMessage(api: MessageApi, sought: Sought): Promise<string | undefined> {
  const { from, to, content, since, known } = sought;
  // No filter by date: Twilio's looks at the date of sending, which a message still in its queue does not have.
  const listed = await api.list({ from, to, limit: LOOK_AT });
  const isNew = ({ sid, dateCreated }: ListedMessage) =>
    !known.has(sid) && !(dateCreated.getTime() < since - CLOCK_SKEW_MS);
  return listed.find((message) => isNew(message) && showsContent(message.body, content))?.sid;
}

/**
 * Whether a message's text is what this content becomes, by whichever step of the ladder it was sent: the rendered
 * template is not known here, but it holds every variable (the request's id is one), and so does its plain form.
 */
function showsContent(body: string, content: Outgoing["content"]): boolean {
  const shown = normalise(body);
  if ("body" in content) return shown === normalise(content.body);
  if (shown === "") return false;
  if (content.listed !== undefined && shown === normalise(content.listed)) return true;
  const values = Object.values(content.variables).map(normalise);
  return shown === normalise(content.plain) || (values.length > 0 && values.every((v) => shown.includes(v)));
}

// Twilio may change line ends and outer blanks; the ladder changes apostrophes.
function normalise(text: string): string {
  return text.replaceAll("’", "'").replace(/\s+/g, " ").trim();
}
