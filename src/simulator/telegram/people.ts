// Who has a chat with the bot, what they do there, and the taps that wait for their answer.
import { deferred } from "../../core/timing.ts";
import type { Chats } from "./chats.ts";
import type { ActOptions, SimulatedMessage, TelegramSimulator } from "./contract.ts";
import type { Updates } from "./updates.ts";

export interface TelegramPeople extends Pick<TelegramSimulator, "answerTo" | "answered" | "block" | Acts> {
  knows(user: number): boolean;
  hasBlocked(user: number): boolean;
  /** @returns false for a tap that is not known, or was answered */
  answer(tap: string, text: string): boolean;
}

type Acts = "write" | "tap" | "forgeTap" | "react" | "edit";

interface TelegramPeopleDeps {
  readonly users: readonly number[];
  readonly botId: number;
  readonly chats: Chats;
  readonly updates: Pick<Updates, "push">;
  readonly now: () => number;
  readonly idsFrom: number;
}

export const privateChat = (user: number) => ({ id: user, type: "private", first_name: "Person" });

export function createPeople(deps: TelegramPeopleDeps): TelegramPeople {
  const { users, botId, chats, updates, now } = deps;
  const known = new Set(users);
  const blocked = new Set<number>();
  const answers = new Map<string, string>();
  const open = new Set<string>();
  const waiting = new Map<string, ReturnType<typeof deferred<{ readonly text: string }>>>();
  let taps = deps.idsFrom;

  const actor = ({ from = users[0] ?? 0 }: ActOptions) => from;
  const person = (user: number) => ({ id: user, is_bot: false, first_name: "Person", language_code: "en" });
  const seconds = () => Math.floor(now() / 1000);

  function found(user: number, id: number): SimulatedMessage {
    const message = chats.find(user, id);
    if (message === undefined) throw new Error(`the chat has no message ${id}`);
    return message;
  }

  function messageOf({ id, user, author, text, at, quote }: SimulatedMessage): Record<string, unknown> {
    const quoted = quote === undefined ? undefined : chats.find(user, quote);
    return {
      message_id: id,
      date: Math.floor(at / 1000),
      from: author === "bot" ? { id: botId, is_bot: true, first_name: "Approvals" } : person(user),
      chat: privateChat(user),
      text,
      ...(quoted === undefined ? {} : { reply_to_message: messageOf(quoted) }),
    };
  }

  function sendTap(user: number, message: SimulatedMessage, data: string): string {
    taps += 1;
    const id = `48${String(user)}${String(taps).padStart(6, "0")}`;
    open.add(id);
    const chat_instance = String(user * 7);
    updates.push("callback_query", {
      id,
      from: person(user),
      message: messageOf(message),
      chat_instance,
      data,
    });
    return id;
  }

  return {
    knows: (user) => known.has(user),
    hasBlocked: (user) => blocked.has(user),
    answer(tap, text) {
      if (!open.delete(tap)) return false;
      answers.set(tap, text);
      waiting.get(tap)?.resolve({ text });
      waiting.delete(tap);
      return true;
    },
    answerTo(tap) {
      const text = answers.get(tap);
      return text === undefined ? undefined : { text };
    },
    answered(tap) {
      const text = answers.get(tap);
      if (text !== undefined) return Promise.resolve({ text });
      const known = waiting.get(tap) ?? deferred<{ readonly text: string }>();
      waiting.set(tap, known);
      return known.promise;
    },
    block(isBlocked, options = {}) {
      if (isBlocked) blocked.add(actor(options));
      else blocked.delete(actor(options));
    },
    write(text, options = {}) {
      const user = actor(options);
      known.add(user);
      const { quote, at = now() } = options;
      const shown = { user, author: "person", text, entities: [], keyboard: [], hasPreview: false } as const;
      const message = chats.add({ ...shown, quote });
      updates.push("message", { ...messageOf({ ...message, at }), ...options.with });
      return message.id;
    },
    tap(id, button, options = {}) {
      const message = found(actor(options), id);
      if (!message.keyboard.flat().some(({ callback_data }) => callback_data === button))
        throw new Error(`the message has no button ${button}`);
      return sendTap(actor(options), message, button);
    },
    forgeTap: (id, data, options = {}) => sendTap(actor(options), found(actor(options), id), data),
    react(id, emoji, options = {}) {
      const user = actor(options);
      updates.push("message_reaction", {
        chat: privateChat(user),
        message_id: found(user, id).id,
        user: person(user),
        date: seconds(),
        old_reaction: [],
        new_reaction: emoji === "" ? [] : [{ type: "emoji", emoji }],
      });
    },
    edit(id, text, options = {}) {
      const message = chats.change(found(actor(options), id), { text, isEdited: true });
      updates.push("edited_message", { ...messageOf(message), edit_date: seconds() });
    },
  };
}
