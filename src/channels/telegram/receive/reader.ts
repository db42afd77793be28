// What an update means: a person's own words or tap in the private chat with the bot, or nothing. Whoever it is from may be a stranger.
import type { Inbound } from "../../../core/inbound.ts";
import type { Phone } from "../../../domain/tool-call.ts";
import { addressOf, messageIdOf } from "../addresses.ts";
import { asWritten } from "./as-written.ts";
import type { TelegramMessage, TelegramUpdate, TelegramUser } from "./update.ts";

/** Something that somebody did. `from` is whoever Telegram says it was. */
export type ReadUpdate =
  | {
      readonly kind: "words";
      readonly from: Phone;
      readonly inbound: Inbound;
      readonly at: number;
      /** As Telegram shows it: "Ada Example (@ada)". */
      readonly name: string | undefined;
    }
  | { readonly kind: "gesture"; readonly from: Phone; readonly inbound: Inbound }
  | {
      readonly kind: "tap";
      readonly from: Phone;
      readonly inbound: Inbound & { readonly buttonId: string };
      /** To be answered with: until then the button looks as if it were still at work. */
      readonly callback: string;
      readonly chat: number;
      readonly message: number;
      /** What the tapped message says; undefined where the bot cannot see it any more. */
      readonly text: string | undefined;
    };

/** The form of our buttons' ids; whoever writes a client of their own can send any other text. */
const BUTTON_ID = /^[a-z-]{1,20}(:[a-z0-9]{1,8}){0,3}$/;

/** @returns undefined for what nobody is to be asked or told about */
export function readUpdate(update: TelegramUpdate): ReadUpdate | undefined {
  if (update.message !== undefined) return wordsOf(update.message);
  if (update.edited_message !== undefined) return editOf(update.edited_message);
  if (update.callback_query !== undefined) return tapOf(update.callback_query);
  if (update.message_reaction !== undefined) return reactionOf(update.message_reaction);
  return undefined;
}

function wordsOf(message: TelegramMessage): ReadUpdate | undefined {
  const from = ownWordsOf(message);
  if (from === undefined) return undefined;
  const at = message.date * 1000;
  return {
    kind: "words",
    from,
    at,
    inbound: { ...inboundOf(message, from), at },
    name: message.from && nameOfUser(message.from),
  };
}

/** "Ada Example (@ada)": whatever they call themselves. */
export function nameOfUser({ first_name, last_name, username }: TelegramUser): string | undefined {
  const names = [first_name, last_name, username && `(@${username})`];
  return names.filter(Boolean).join(" ") || undefined;
}

/** Telegram also tells of changes that are none of the text; those have no date of their own. */
function editOf(message: TelegramMessage): ReadUpdate | undefined {
  const from = ownWordsOf(message);
  const editedAt = message.edit_date;
  if (from === undefined || editedAt === undefined) return undefined;
  const inbound = inboundOf(message, from);
  return {
    kind: "gesture",
    from,
    inbound: { ...inbound, id: `${inbound.id}:edit:${editedAt}`, at: editedAt * 1000, gesture: "edit" },
  };
}

function inboundOf({ chat, message_id, reply_to_message: quoted, ...said }: TelegramMessage, from: Phone) {
  return {
    id: messageIdOf(chat.id, message_id),
    from,
    text: asWritten(said),
    verified: true,
    ...(quoted !== undefined && (quoted.chat === undefined || quoted.chat.id === chat.id)
      ? { quotedMessageId: messageIdOf(chat.id, quoted.message_id) }
      : {}),
  };
}

/** Who wrote it; undefined for groups and channels, and for words that are another's: forwarded, a bot's, a business's. */
function ownWordsOf(message: TelegramMessage): Phone | undefined {
  const others = [
    message.forward_origin,
    message.forward_date,
    message.via_bot,
    message.sender_chat,
    message.business_connection_id,
    message.sender_business_bot,
  ];
  return others.some((value) => value !== undefined) ? undefined : personIn(message.chat, message.from);
}

/** A private chat has its person's id. */
function personIn(
  chat: { id: number; type: string },
  user: { id: number; is_bot?: boolean | undefined } | undefined,
) {
  const isTheirs = chat.type === "private" && user !== undefined && user.id === chat.id && user.id > 0;
  return isTheirs && user.is_bot !== true ? addressOf(user.id) : undefined;
}

function tapOf({
  id,
  from: user,
  message,
  inline_message_id,
  data,
}: NonNullable<TelegramUpdate["callback_query"]>) {
  const from = message === undefined ? undefined : personIn(message.chat, user);
  if (message === undefined || from === undefined || inline_message_id !== undefined) return undefined;
  if (data === undefined || !BUTTON_ID.test(data)) return undefined;
  // Telegram does not say when it was tapped.
  const inbound = { id: `telegram:tap:${id}`, from, text: "", buttonId: data, verified: true };
  return {
    kind: "tap" as const,
    from,
    inbound,
    callback: id,
    chat: message.chat.id,
    message: message.message_id,
    text: message.text,
  };
}

function reactionOf(reaction: NonNullable<TelegramUpdate["message_reaction"]>): ReadUpdate | undefined {
  const { chat, message_id, user, date, new_reaction } = reaction;
  const from = personIn(chat, user);
  const emoji = new_reaction.find((each) => each.type === "emoji")?.emoji;
  if (from === undefined || emoji === undefined) return undefined;
  const quotedMessageId = messageIdOf(chat.id, message_id);
  const id = `${quotedMessageId}:reaction:${date}`;
  const inbound = { id, from, text: emoji, quotedMessageId, at: date * 1000, verified: true };
  return { kind: "gesture", from, inbound: { ...inbound, gesture: "reaction" } };
}
