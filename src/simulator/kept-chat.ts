// The chat of the simulated phone over a restart: the last messages in a file of their own, for its owner only. A convenience, not the
// record: what cannot be read or written is left out, and nothing waits for it.
import { readFileSync, statSync } from "node:fs";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import type { Chat, ChatEntry } from "./chat.ts";

const OWNER_ONLY = 0o600;
/** How many messages are kept. */
const MAX_MESSAGES = 300;
/** How much of a file is read, bytes; a message has 4096 characters at most. */
const MAX_BYTES = 4_000_000;
/** How long changes are gathered before they are written, ms. */
const PAUSE_MS = 250;

const text = z.string().max(10_000);
const time = z.number().int().min(0);
const sid = z.string().regex(/^(SM|MM)[0-9a-f]{32}$/);
const entrySchema = z.object({
  message: z.object({
    sid,
    direction: z.enum(["to-phone", "from-phone"]),
    phone: text,
    body: text,
    buttons: z.array(z.object({ id: text, title: text, description: text.optional() })).max(10),
    listButton: text.optional(),
    status: z.enum(["queued", "sent", "delivered", "read", "failed", "undelivered", "received"]),
    errorCode: z.number().int().optional(),
    quotes: sid.optional(),
    buttonId: text.optional(),
    at: time,
  }),
  from: text,
  to: text,
  direction: z.enum(["inbound", "outbound-api", "outbound-reply"]),
  approvedTemplate: z.boolean(),
  sentAt: time.optional(),
  updatedAt: time,
});

export interface KeptChat {
  /** Writes what is not written yet. Never rejects. */
  close(): Promise<void>;
}

/**
 * Puts the messages of the last run into the chat, and keeps those of this one.
 * @param isKnown whether a phone exists in this run: others' messages are not shown
 * @param since from when messages are kept, epoch ms; 0 is all
 */
export function keepChat(
  file: string,
  chat: Chat,
  isKnown: (phone: string) => boolean,
  since: () => number = () => 0,
): KeptChat {
  const isKept = ({ message }: ChatEntry) => message.at >= since();
  for (const entry of readKept(file).filter(isKept)) if (isKnown(entry.message.phone)) chat.restore(entry);
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  function write(): void {
    timer = undefined;
    const kept = JSON.stringify(chat.all().filter(isKept).slice(-MAX_MESSAGES).map(withoutCallback));
    const save = () => writeFileAtomic(file, kept, { mode: OWNER_ONLY, fsync: false });
    writing = writing.then(save).catch(() => {});
  }

  const stop = chat.onChange(() => {
    timer ??= setTimeout(write, PAUSE_MS).unref();
  });
  return {
    async close() {
      stop();
      if (timer !== undefined) {
        clearTimeout(timer);
        write();
      }
      await writing;
    },
  };
}

/** Takes older messages out of a chat that no server has. Never throws. @param before epoch ms */
export function forgetMessages(file: string, before: number): void {
  const kept = readKept(file);
  const left = kept.filter(({ message }) => message.at >= before);
  if (left.length === kept.length) return;
  try {
    writeFileAtomic.sync(file, JSON.stringify(left), { mode: OWNER_ONLY });
  } catch {
    // As with all of this file: a convenience. The next start leaves them out.
  }
}

/** One that cannot be read is left out; the others are shown all the same. */
function readKept(file: string): ChatEntry[] {
  try {
    const stats = statSync(file);
    if (!stats.isFile() || stats.size > MAX_BYTES) return [];
    const kept: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (!Array.isArray(kept)) return [];
    return kept.slice(-MAX_MESSAGES).flatMap((each) => entrySchema.safeParse(each).data ?? []);
  } catch {
    return [];
  }
}

/** The address of this run's webhook, and nothing that the next one should call. */
function withoutCallback({ statusCallback: _, ...entry }: ChatEntry): object {
  return entry;
}
