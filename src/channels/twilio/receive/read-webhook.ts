// Reads the parameters of a verified webhook: a reply from a phone, or news about a message of ours.

import { z } from "zod";
import type { Inbound } from "../../../core/reply-handler.ts";
import type { DeliveryReceipt, DeliveryState } from "../../../domain/delivery.ts";
import { adviceFor } from "../error-advice.ts";
import { isJoin } from "./reserved-keywords.ts";

export type WebhookEvent =
  | { readonly kind: "reply"; readonly reply: Inbound }
  | { readonly kind: "receipt"; readonly receipt: DeliveryReceipt }
  | { readonly kind: "unusable"; readonly problem: string };

const text = z.string();
const WHATSAPP = "whatsapp:";

// Unknown parameters are fine: Twilio adds some without notice.
const common = z.object({
  AccountSid: text,
  MessageSid: text.min(1),
  From: text.startsWith(WHATSAPP),
  To: text,
});
const reply = common.extend({
  Body: text.default(""),
  ButtonPayload: text.optional(),
  /** The id of the item that was picked from a list. */
  ListId: text.optional(),
  OriginalRepliedMessageSid: text.optional(),
});
const receipt = common.extend({
  MessageStatus: text,
  ErrorCode: z.coerce.number().int().optional().catch(undefined),
});

const STATES: Readonly<Record<string, DeliveryState>> = {
  accepted: "queued",
  queued: "queued",
  sending: "queued",
  sent: "sent",
  delivered: "delivered",
  read: "read",
  failed: "failed",
  undelivered: "failed",
  canceled: "failed",
};

/** @param accountSid webhooks of any other account are unusable. */
export function readWebhook(params: unknown, accountSid: string, now: number): WebhookEvent {
  const head = common.safeParse(params);
  if (!head.success) return unusable("parameters of a message are missing");
  if (head.data.AccountSid !== accountSid) return unusable("it is about another account");
  // A status callback has MessageStatus; an inbound message has SmsStatus=received and none.
  const status = receipt.safeParse(params);
  if (status.success) return readReceipt(status.data, now);
  const inbound = reply.safeParse(params);
  if (!inbound.success) return unusable("parameters are not text");
  const { MessageSid, From, Body, ButtonPayload, ListId, OriginalRepliedMessageSid } = inbound.data;
  return {
    kind: "reply",
    reply: {
      id: MessageSid,
      from: From.slice(WHATSAPP.length),
      text: Body,
      buttonId: ButtonPayload ?? ListId,
      quotedMessageId: OriginalRepliedMessageSid,
      joined: isJoin(Body),
    },
  };
}

function readReceipt(
  { MessageSid, MessageStatus, ErrorCode }: z.infer<typeof receipt>,
  at: number,
): WebhookEvent {
  const news = toReceipt(MessageSid, MessageStatus, ErrorCode, at);
  return news === undefined ? unusable("its message status is unknown") : { kind: "receipt", receipt: news };
}

/** What a status says about a message of ours. @returns undefined for a status that is not known here */
export function toReceipt(messageId: string, status: string, code: number | undefined, at: number) {
  const state = Object.hasOwn(STATES, status) ? STATES[status] : undefined;
  if (state === undefined) return undefined;
  if (state !== "failed") return { messageId, state, at } satisfies DeliveryReceipt;
  return { messageId, state, failure: { ...adviceFor(code), code }, at } satisfies DeliveryReceipt;
}

function unusable(problem: string): WebhookEvent {
  return { kind: "unusable", problem };
}
