// The methods of the Bot API that are used, each with what it refuses.
import { z } from "zod";
import { ERRORS } from "./api-error.ts";
import type { Chats } from "./chats.ts";
import type { SimulatedButton, SimulatedMessage } from "./contract.ts";
import { formatText } from "./formatted-text.ts";
import { privateChat, type TelegramPeople } from "./people.ts";
import type { Updates } from "./updates.ts";

export type Params = Readonly<Record<string, unknown>>;

export interface MethodDeps {
  readonly botId: number;
  readonly chats: Chats;
  readonly people: TelegramPeople;
  readonly updates: Updates;
  readonly webhook: () => string;
  readonly holdMs?: number | undefined;
  readonly now: () => number;
}

export type Method = (params: Params, gone: AbortSignal) => unknown;

const MAX_TEXT = 4_096;
const MAX_CAPTION = 1_024;
const MAX_BUTTON_BYTES = 64;
const MAX_ANSWER = 200;
/** Some of those that a bot may set. */
const REACTIONS = ["👍", "👎", "👀", "🔥", "👌", "✍"];

const entitiesSchema = z
  .array(z.object({ type: z.string(), offset: z.number().int(), length: z.number().int() }))
  .default([]);
const markupSchema = z
  .object({
    inline_keyboard: z.array(z.array(z.object({ text: z.string().min(1), callback_data: z.string() }))),
  })
  .default({ inline_keyboard: [] });

export function createMethods(deps: MethodDeps): Readonly<Record<string, Method>> {
  const { botId, chats, people, updates, now } = deps;

  function userOf({ chat_id }: Params): number {
    const user = Number(chat_id);
    if (!people.knows(user)) throw ERRORS.noChat();
    if (people.hasBlocked(user)) throw ERRORS.blocked();
    return user;
  }

  function found(params: Params): SimulatedMessage {
    const message = chats.find(userOf(params), Number(params["message_id"]));
    if (message === undefined || message.author !== "bot") throw ERRORS.noMessage();
    return message;
  }

  const resultOf = (message: SimulatedMessage) => ({
    message_id: message.id,
    date: Math.floor(now() / 1000),
    from: { id: botId, is_bot: true, first_name: "Approvals" },
    chat: privateChat(message.user),
    text: message.text,
    entities: message.entities,
  });

  return {
    getMe: () => ({ id: botId, is_bot: true, first_name: "Approvals", username: "simulated_approvals_bot" }),
    getChat: (params) => privateChat(userOf(params)),
    getWebhookInfo: () => ({ url: deps.webhook(), pending_update_count: 0 }),
    async getUpdates(params, gone) {
      if (deps.webhook() !== "") throw ERRORS.webhook();
      const asked = Number(params["timeout"] ?? 0) * 1000;
      return updates.get(
        {
          offset: numberOf(params["offset"]),
          limit: numberOf(params["limit"]),
          timeoutMs: Math.min(asked, deps.holdMs ?? asked),
          allowed: z.array(z.string()).optional().parse(params["allowed_updates"]),
        },
        gone,
      );
    },
    sendMessage(params) {
      const user = userOf(params);
      const shown = formatText(textOf(params, "text"), entitiesSchema.parse(params["entities"]), MAX_TEXT);
      const hasPreview = !isWithoutPreview(params) && shown.entities.some(({ type }) => type === "url");
      const keyboard = keyboardOf(params);
      return resultOf(chats.add({ user, author: "bot", ...shown, keyboard, hasPreview }));
    },
    sendDocument(params) {
      const user = userOf(params);
      const document = z.object({ name: z.string(), text: z.string() }).safeParse(params["document"]);
      if (!document.success) throw ERRORS.parameter("document");
      const entities = entitiesSchema.parse(params["caption_entities"]);
      const shown = formatText(textOf(params, "caption"), entities, MAX_CAPTION);
      const message = {
        user,
        author: "bot",
        ...shown,
        keyboard: keyboardOf(params),
        hasPreview: false,
      } as const;
      return resultOf(chats.add({ ...message, document: document.data }));
    },
    editMessageText(params) {
      const message = found(params);
      const shown = formatText(textOf(params, "text"), entitiesSchema.parse(params["entities"]), MAX_TEXT);
      const keyboard = keyboardOf(params);
      const isSame =
        JSON.stringify([shown, keyboard]) ===
        JSON.stringify([{ text: message.text, entities: message.entities }, message.keyboard]);
      if (isSame) throw ERRORS.notModified();
      return resultOf(chats.change(message, { ...shown, keyboard, isEdited: true }));
    },
    editMessageReplyMarkup(params) {
      const message = found(params);
      const keyboard = keyboardOf(params);
      if (JSON.stringify(keyboard) === JSON.stringify(message.keyboard)) throw ERRORS.notModified();
      return resultOf(chats.change(message, { keyboard, isEdited: true }));
    },
    answerCallbackQuery(params) {
      const text = String(params["text"] ?? "");
      if ([...text].length > MAX_ANSWER || !people.answer(String(params["callback_query_id"]), text))
        throw ERRORS.oldTap();
      return true;
    },
    setMessageReaction(params) {
      const message = chats.find(userOf(params), Number(params["message_id"]));
      if (message === undefined) throw ERRORS.noMessage();
      const [first] = z.array(z.object({ emoji: z.string() })).parse(params["reaction"] ?? []);
      if (first !== undefined && !REACTIONS.includes(first.emoji)) throw ERRORS.reaction();
      chats.change(message, { reaction: first?.emoji });
      return true;
    },
  };
}

function textOf(params: Params, name: string): string {
  const text = params[name];
  if (typeof text !== "string") throw name === "caption" ? ERRORS.parameter(name) : ERRORS.empty();
  return text;
}

function isWithoutPreview(params: Params): boolean {
  const options = z.object({ is_disabled: z.boolean() }).safeParse(params["link_preview_options"]);
  return options.success && options.data.is_disabled;
}

function keyboardOf(params: Params): readonly (readonly SimulatedButton[])[] {
  const { inline_keyboard: keyboard } = markupSchema.parse(params["reply_markup"]);
  const sizes = keyboard.flat().map(({ callback_data }) => Buffer.byteLength(callback_data));
  if (sizes.some((size) => size < 1 || size > MAX_BUTTON_BYTES)) throw ERRORS.button();
  return keyboard;
}

function numberOf(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}
