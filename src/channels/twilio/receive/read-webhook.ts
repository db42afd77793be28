// Reads the parameters of a verified webhook: a reply from a phone, or news about a message of ours.

import { z } from "zod";
import type { Inbound } from "../../../core/inbound.ts";
import type { DeliveryReceipt, DeliveryState } from "../../../domain/delivery.ts";
import { isSameNumber } from "../../../domain/phone-number.ts";
import { adviceFor } from "../error-advice.ts";
import { isJoin } from "./reserved-keywords.ts";

export type WebhookEvent =
  | { readonly kind: "reply"; readonly reply: Inbound }
  | { readonly kind: "receipt"; readonly receipt: DeliveryReceipt }
  /** Doctor looks whether signed webhooks come through: nothing is to be done. */
  | { readonly kind: "check" }
  | { readonly kind: "unusable"; readonly problem: string };

const text = z.string();
/** Twilio may send a parameter without a value: that is none. */
const optional = text.optional().transform((value) => (value?.trim() ? value : undefined));
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
  ButtonPayload: optional,
  /** The id of the item that was picked from a list. */
  ListId: optional,
  OriginalRepliedMessageSid: optional,
  MessageType: optional,
  Forwarded: optional,
  FrequentlyForwarded: optional,
  /** The sender without its `+`, or its user id. */
  WaId: optional,
  /** The sender's user id, beside a number that is shown. */
  ExternalUserId: optional,
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

/** A status that Twilio does not have. */
export const CHECK_STATUS = "approval-server-check";

/** Whom webhooks must be for. */
export interface WebhookTarget {
  readonly accountSid: string;
  /** Our sender with its `whatsapp:` prefix. */
  readonly sender: string;
}

/** Webhooks of any other account, and replies to any other sender, are unusable. */
export function readWebhook(
  params: unknown,
  { accountSid, sender }: WebhookTarget,
  now: number,
): WebhookEvent {
  const head = common.safeParse(params);
  if (!head.success) return unusable("parameters of a message are missing");
  if (head.data.AccountSid !== accountSid) return unusable("it is about another account");
  // A status callback has MessageStatus; an inbound message has SmsStatus=received and none.
  const status = receipt.safeParse(params);
  if (status.success && status.data.MessageStatus === CHECK_STATUS) return { kind: "check" };
  if (status.success) return readReceipt(status.data, now);
  const inbound = reply.safeParse(params);
  if (!inbound.success) return unusable("parameters are not text");
  return readReply(inbound.data, sender);
}

function readReply(params: z.infer<typeof reply>, sender: string): WebhookEvent {
  const { MessageSid, Body, ButtonPayload, ListId, OriginalRepliedMessageSid, MessageType, WaId } = params;
  const from = withoutPrefix(params.From);
  // The signature does not say where a parameter ends: what must agree is compared.
  if (!isSameNumber(withoutPrefix(params.To), withoutPrefix(sender)))
    return unusable("it is to another sender");
  if (WaId !== undefined && !isWaIdOf(withoutPrefix(WaId), from))
    return unusable("its WaId is not its sender's");
  return {
    kind: "reply",
    reply: {
      id: MessageSid,
      from,
      text: Body,
      buttonId: ButtonPayload ?? ListId,
      quotedMessageId: OriginalRepliedMessageSid,
      joined: isJoin(Body),
      userId: params.ExternalUserId && withoutPrefix(params.ExternalUserId),
      gesture: isForwarded(params) ? "forward" : gestureOf(MessageType),
    },
  };
}

function isWaIdOf(waId: string, from: string): boolean {
  return waId === from || isSameNumber(`+${waId.replace(/^\+/, "")}`, from);
}

/** Anything but a plain no: these words may be somebody else's. */
function isForwarded({ Forwarded, FrequentlyForwarded }: z.infer<typeof reply>): boolean {
  return [Forwarded, FrequentlyForwarded].some((value) => !/^(false|0)?$/i.test(value?.trim() ?? ""));
}

function gestureOf(messageType: string | undefined): Inbound["gesture"] {
  const type = messageType?.trim().toLowerCase();
  return type === "edit" || type === "reaction" ? type : undefined;
}

function withoutPrefix(address: string): string {
  return address.startsWith(WHATSAPP) ? address.slice(WHATSAPP.length) : address;
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
