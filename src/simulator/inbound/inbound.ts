// What the phone sends: taps and typed texts become messages and signed webhooks; the answers take their effect.
import { randomUUID } from "node:crypto";
import { addressOf } from "../address.ts";
import type { Chat, Entry } from "../chat.ts";
import type { InboundFault, SimButton, SimWarning, WebhookResult } from "../contract.ts";
import type { Delivery } from "../delivery.ts";
import type { Phones } from "../phones.ts";
import { newSid } from "../sid.ts";
import type { FormParams, Signing, WebhookPost } from "../webhook-post.ts";
import { inboundParams } from "./inbound-params.ts";
import { keepKeyword } from "./keywords.ts";
import { readWebhookAnswer } from "./webhook-answer.ts";

export interface InboundDeps {
  readonly accountSid: string;
  readonly sender: string;
  readonly chat: Chat;
  readonly phones: Phones;
  readonly delivery: Delivery;
  readonly post: WebhookPost;
  readonly webhookUrl: () => string;
  readonly now: () => number;
}

/** One thing the phone sends. */
export interface InboundMessage {
  readonly phone: string;
  readonly text: string;
  readonly quoted?: Entry;
  readonly button?: SimButton;
  readonly fault?: InboundFault;
}

export type Inbound = ReturnType<typeof createInbound>;

/** The way from the phone to our server. */
export function createInbound(deps: InboundDeps) {
  const { chat } = deps;
  const late: FormParams[] = [];
  const warnings: SimWarning[] = [];

  function record(message: InboundMessage): Entry {
    return chat.add({
      message: {
        sid: newSid("SM"),
        direction: "from-phone",
        phone: message.phone,
        body: message.text,
        buttons: [],
        status: "received",
        at: deps.now(),
        ...(message.quoted === undefined ? {} : { quotes: message.quoted.message.sid }),
        ...(message.button === undefined ? {} : { buttonId: message.button.id }),
      },
      from: addressOf(message.phone),
      to: deps.sender,
      direction: "inbound",
      approvedTemplate: false,
      sentAt: deps.now(),
    });
  }

  function reply(phone: string, body: string, status: "queued" | "delivered"): string {
    const sid = newSid("SM");
    chat.add({
      message: { sid, direction: "to-phone", phone, body, buttons: [], status, at: deps.now() },
      from: deps.sender,
      to: addressOf(phone),
      direction: "outbound-reply",
      approvedTemplate: false,
    });
    return sid;
  }

  async function post(phone: string, params: FormParams, fault?: InboundFault): Promise<WebhookResult> {
    const idempotencyToken = randomUUID();
    const signing: Signing = fault === "unsigned" ? "none" : fault === "bad-signature" ? "forged" : "valid";
    const send = () => deps.post(deps.webhookUrl(), params, { signing, idempotencyToken });
    const first = await send();
    takeEffect(phone, first);
    if (fault !== "duplicate") return first;
    const second = await send();
    takeEffect(phone, second);
    return second;
  }

  function takeEffect(phone: string, result: WebhookResult): void {
    const { replies, warning } = readWebhookAnswer(result);
    if (warning !== undefined) warnings.push(warning);
    for (const text of replies) deps.delivery.start(reply(phone, text, "queued"));
  }

  return {
    /** Records the message, posts its webhook and returns the answer. Rejects never. */
    async send(message: InboundMessage): Promise<WebhookResult> {
      const { phone, quoted, button, fault } = message;
      const entry = record(message);
      // A tap carries the button's title, but never counts as a typed word.
      const kept = keepKeyword(button === undefined ? message.text : "", phone, deps.phones);
      if (kept !== undefined) {
        // Twilio's own words get through whatever the phone's state.
        reply(phone, kept.reply, "delivered");
        return { status: 204, body: "", contentType: "", withheld: kept.withheld };
      }
      const params = inboundParams(deps.accountSid, entry, quoted, button);
      if (fault !== "late") return post(phone, params, fault);
      late.push(params);
      return { status: 204, body: "", contentType: "", withheld: "late" };
    },

    async releaseLate(): Promise<readonly WebhookResult[]> {
      const results: WebhookResult[] = [];
      for (const params of late.splice(0)) {
        results.push(await post(String(params["From"]).slice("whatsapp:".length), params));
      }
      return results;
    },

    warnings: (): readonly SimWarning[] => [...warnings],
  };
}
