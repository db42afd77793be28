// What a poll brings: messages and receipts, and where to read on. That place is a number of 64 bits, which no number of JavaScript
// holds: numbers are read as the digits that stand there.
import { parse } from "lossless-json";
import { z } from "zod";

/** One entry that is not as it should be must not hold the others up: each is looked at by itself. */
const updatesSchema = z.object({
  next_offset: z
    .string()
    .regex(/^-?\d{1,19}$/)
    .optional(),
  entry: z
    .array(
      z.object({
        changes: z
          .array(
            z.object({
              value: z
                .object({
                  contacts: z.array(z.unknown()).default([]),
                  messages: z.array(z.unknown()).default([]),
                  statuses: z.array(z.unknown()).default([]),
                })
                .optional(),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

const contactSchema = z.object({ wa_id: z.string(), profile: z.object({ name: z.string() }) });

const media = z.object({ caption: z.string().optional() }).optional();

const messageSchema = z.object({
  from: z.string().min(1),
  id: z.string().min(1),
  timestamp: z.string().regex(/^\d{1,12}$/),
  type: z.string(),
  text: z.object({ body: z.string() }).optional(),
  image: media,
  video: media,
  document: media,
  reaction: z.object({ message_id: z.string(), emoji: z.string().default("") }).optional(),
  // What WhatsApp tells of words that were passed on.
  context: z
    .object({
      id: z.string().optional(),
      forwarded: z.unknown().optional(),
      frequently_forwarded: z.unknown().optional(),
    })
    .optional(),
});

const statusSchema = z.object({
  id: z.string().min(1),
  status: z.string(),
  timestamp: z.string().regex(/^\d{1,12}$/),
  errors: z.array(z.object({ code: z.string().optional() })).optional(),
});

export type AgentMessage = z.infer<typeof messageSchema> & {
  /** What WhatsApp calls who has written it. */
  readonly name?: string | undefined;
};
export type AgentStatus = z.infer<typeof statusSchema>;

export interface PolledUpdates {
  readonly messages: readonly AgentMessage[];
  readonly statuses: readonly AgentStatus[];
  /** How many entries were not as they should be. */
  readonly unread: number;
  /** Digits, to be given back as they are. */
  readonly next?: string | undefined;
}

/** @throws Error when it is no answer of the platform's at all */
export function parseUpdates(text: string): PolledUpdates {
  const { entry, next_offset: next } = updatesSchema.parse(parse(text, undefined, (digits) => digits));
  const values = entry.flatMap(({ changes }) => changes.flatMap(({ value }) => value ?? []));
  const messages = values.flatMap((value) => value.messages.map((each) => messageSchema.safeParse(each)));
  const contacts = values.flatMap((value) => value.contacts.map((each) => contactSchema.safeParse(each)));
  const names = new Map(contacts.flatMap(({ data }) => (data ? [[data.wa_id, data.profile.name]] : [])));
  const statuses = values.flatMap((value) => value.statuses.map((each) => statusSchema.safeParse(each)));
  return {
    messages: messages.flatMap(({ data }) => (data ? [{ ...data, name: names.get(data.from) }] : [])),
    statuses: statuses.flatMap(({ data }) => data ?? []),
    unread: [...messages, ...statuses].filter(({ success }) => !success).length,
    next,
  };
}

/** Whether a text can be given to the platform as a place to read on from: 64 bits with a sign. */
export function isOffset(text: string): boolean {
  return /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

/** Epoch ms. */
export function timeOf({ timestamp }: { readonly timestamp: string }): number {
  return Number(timestamp) * 1000;
}
