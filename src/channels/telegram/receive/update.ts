// What Telegram tells of one thing that has happened, as far as it is read here. Fields that are not named are not looked at.
import { z } from "zod";

export const userSchema = z.object({
  id: z.number().int(),
  is_bot: z.boolean().optional(),
  first_name: z.string().optional().catch(undefined),
  last_name: z.string().optional().catch(undefined),
  username: z.string().optional().catch(undefined),
});
const chatSchema = z.object({ id: z.number().int(), type: z.string() });

const entitySchema = z.object({
  type: z.string(),
  offset: z.number().int().nonnegative(),
  length: z.number().int().nonnegative(),
});

const messageSchema = z.object({
  message_id: z.number().int(),
  date: z.number(),
  edit_date: z.number().optional(),
  from: userSchema.optional(),
  chat: chatSchema,
  text: z.string().optional(),
  caption: z.string().optional(),
  entities: z.array(entitySchema).optional(),
  caption_entities: z.array(entitySchema).optional(),
  reply_to_message: z.object({ message_id: z.number().int(), chat: chatSchema.optional() }).optional(),
  // Whoever forwards words has not written them; the older names are those of Bot API 6.
  forward_origin: z.unknown().optional(),
  forward_date: z.unknown().optional(),
  via_bot: z.unknown().optional(),
  sender_chat: z.unknown().optional(),
  business_connection_id: z.unknown().optional(),
  sender_business_bot: z.unknown().optional(),
});

const callbackSchema = z.object({
  id: z.string(),
  from: userSchema,
  // Without a date it is one that the bot cannot see any more, and its chat is there all the same.
  message: z
    .object({ message_id: z.number().int(), chat: chatSchema, text: z.string().optional() })
    .optional(),
  inline_message_id: z.string().optional(),
  data: z.string().optional(),
});

const reactionSchema = z.object({
  chat: chatSchema,
  message_id: z.number().int(),
  user: userSchema.optional(),
  date: z.number(),
  new_reaction: z.array(z.object({ type: z.string(), emoji: z.string().optional() })),
});

const updateSchema = z.object({
  message: messageSchema.optional(),
  edited_message: messageSchema.optional(),
  callback_query: callbackSchema.optional(),
  message_reaction: reactionSchema.optional(),
});

/** What the bot asks to be told of: by default reactions would not be. */
export const ALLOWED_UPDATES = Object.keys(updateSchema.shape);

export type TelegramUser = z.infer<typeof userSchema>;
export type TelegramMessage = z.infer<typeof messageSchema>;
export type TelegramUpdate = z.infer<typeof updateSchema>;

/** @returns undefined for what is no update, or one in a form that is not known */
export function parseUpdate(value: unknown): TelegramUpdate | undefined {
  const parsed = updateSchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** Of a `getUpdates` answer: its updates with their numbers. What has no number cannot be read past. */
export function numbered(result: unknown): readonly { readonly id: number; readonly value: unknown }[] {
  const list = z.array(z.looseObject({ update_id: z.number().int().nonnegative() })).safeParse(result);
  if (!list.success) throw new Error("the list of updates has no known form");
  return list.data.map((value) => ({ id: value.update_id, value })).sort((a, b) => a.id - b.id);
}
