// Every message of the simulated world, in order, with what Twilio knows about it beyond the bubble.
import type { SimMessage } from "./contract.ts";

/** A message with its envelope. Replaced, never mutated, when it changes. */
export interface Entry {
  readonly message: SimMessage;
  /** Channel addresses, `whatsapp:+…`. */
  readonly from: string;
  readonly to: string;
  readonly direction: "inbound" | "outbound-api" | "outbound-reply";
  readonly statusCallback?: string;
  /** Whether it was made from a template that WhatsApp has approved: such a message may open a conversation. */
  readonly approvedTemplate: boolean;
  /** The Twilio code with which WhatsApp will refuse the content, once it gets there. */
  readonly contentError?: number;
  /** Epoch ms; absent until it was sent. */
  readonly sentAt?: number;
  readonly updatedAt: number;
}

export type ChatListener = (entry: Entry) => void;
export type Chat = ReturnType<typeof createChat>;

/** The message log. `now` dates the changes, epoch ms. */
export function createChat(now: () => number) {
  const entries = new Map<string, Entry>();
  const listeners = new Set<ChatListener>();

  function put(entry: Entry): Entry {
    entries.set(entry.message.sid, entry);
    for (const listener of [...listeners]) listener(entry);
    return entry;
  }

  return {
    /** Oldest first. */
    all: (): readonly Entry[] => [...entries.values()],
    find: (sid: string): Entry | undefined => entries.get(sid),
    add: (entry: Omit<Entry, "updatedAt">): Entry => put({ ...entry, updatedAt: now() }),

    /** Moves a message to a status; the first one that is not `queued` dates its sending. */
    setStatus(sid: string, status: SimMessage["status"], errorCode?: number): Entry | undefined {
      const entry = entries.get(sid);
      if (entry === undefined) return undefined;
      const message = { ...entry.message, status, ...(errorCode === undefined ? {} : { errorCode }) };
      return put({ ...entry, message, sentAt: entry.sentAt ?? now(), updatedAt: now() });
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
