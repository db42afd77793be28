// Every message of the simulated world, in order, with what Twilio knows about it beyond the bubble.
import type { SimMessage } from "./contract.ts";

/** A message with its envelope. Replaced, never mutated, when it changes. */
export interface ChatEntry {
  readonly message: SimMessage;
  /** Channel addresses, `whatsapp:+…`. */
  readonly from: string;
  readonly to: string;
  readonly direction: "inbound" | "outbound-api" | "outbound-reply";
  readonly statusCallback?: string | undefined;
  /** Whether it was made from a template that WhatsApp has approved: such a message may open a conversation. */
  readonly approvedTemplate: boolean;
  /** The Twilio code with which WhatsApp will refuse the content, once it gets there. */
  readonly contentError?: number | undefined;
  /** Epoch ms; absent until it was sent. */
  readonly sentAt?: number | undefined;
  readonly updatedAt: number;
}

export type ChatListener = (entry: ChatEntry) => void;
export type Chat = ReturnType<typeof createChat>;

/** The message log. `now` dates the changes, epoch ms. */
export function createChat(now: () => number) {
  const entries = new Map<string, ChatEntry>();
  const listeners = new Set<ChatListener>();

  function put(entry: ChatEntry): ChatEntry {
    entries.set(entry.message.sid, entry);
    for (const listener of [...listeners]) listener(entry);
    return entry;
  }

  return {
    /** Oldest first. */
    all: (): readonly ChatEntry[] => [...entries.values()],
    find: (sid: string): ChatEntry | undefined => entries.get(sid),
    add: (entry: Omit<ChatEntry, "updatedAt">): ChatEntry => put({ ...entry, updatedAt: now() }),

    /** A message of an earlier run: nobody is told of it. */
    restore: (entry: ChatEntry): void => void entries.set(entry.message.sid, entry),

    /** Moves a message to a status; the first one that is not `queued` dates its sending. */
    setStatus(sid: string, status: SimMessage["status"], errorCode?: number): ChatEntry | undefined {
      const entry = entries.get(sid);
      if (entry === undefined) return undefined;
      const message = { ...entry.message, status, errorCode };
      return put({ ...entry, message, sentAt: entry.sentAt ?? now(), updatedAt: now() });
    },

    /** The other side has seen what the phone sent. */
    markRead(sid: string): void {
      const entry = entries.get(sid);
      if (entry !== undefined) put({ ...entry, message: { ...entry.message, isRead: true } });
    },

    /** Calls `listener` for every new or changed message until the returned function is called. */
    onChange(listener: ChatListener): () => void {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
