// The chats of the bot with each of its people, as their phones show them.
import type { SimulatedMessage } from "./contract.ts";

export interface Chats {
  add(message: Omit<SimulatedMessage, "id" | "at" | "isEdited">): SimulatedMessage;
  find(user: number, id: number): SimulatedMessage | undefined;
  change(message: SimulatedMessage, change: Partial<SimulatedMessage>): SimulatedMessage;
  all(user: number): readonly SimulatedMessage[];
  onChange(listener: () => void): () => void;
}

/** @param now epoch ms @param idsFrom what ids are counted from */
export function createChats(now: () => number, idsFrom = 0): Chats {
  const chats = new Map<number, SimulatedMessage[]>();
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const chatOf = (user: number) => chats.get(user) ?? [];
  return {
    add(message) {
      const chat = chatOf(message.user);
      // Ids count up in each chat by themselves.
      const id = (chat.at(-1)?.id ?? idsFrom + 100) + 1;
      const added = { ...message, id, at: now(), isEdited: false };
      chats.set(message.user, [...chat, added]);
      tell();
      return added;
    },
    find: (user, id) => chatOf(user).find((message) => message.id === id),
    change(message, change) {
      const changed = { ...message, ...change };
      chats.set(
        message.user,
        chatOf(message.user).map((each) => (each.id === message.id ? changed : each)),
      );
      tell();
      return changed;
    },
    all: chatOf,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
