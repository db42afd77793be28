// What the phone sends: taps and typed texts become messages and signed webhooks; the answers take their effect.
import { addressOf, whatsAppForm } from "../address.ts";
import type { Chat, ChatEntry } from "../chat.ts";
import type { InboundOptions, SimButton, SimWarning, WebhookResult } from "../contract.ts";
import type { Delivery } from "../delivery.ts";
import type { Phones } from "../phones.ts";
import { newSid } from "../sid.ts";
import type { WebhookPost } from "../webhook-post.ts";
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
  readonly quoted?: ChatEntry | undefined;
  readonly button?: SimButton | undefined;
  readonly options?: InboundOptions | undefined;
}

export type InboundSender = ReturnType<typeof createInbound>;

/** The way from the phone to our server. */
export function createInbound(deps: InboundDeps) {
  const { chat } = deps;
  const warnings: SimWarning[] = [];

  function record(message: InboundMessage): ChatEntry {
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
      from: addressOf(message.options?.shownAs ?? whatsAppForm(message.phone)),
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

  function takeEffect(phone: string, result: WebhookResult): void {
    const { replies, warning } = readWebhookAnswer(result);
    if (warning !== undefined) warnings.push(warning);
    for (const text of replies) deps.delivery.start(reply(phone, text, "queued"));
  }

  return {
    /** Records the message, posts its webhook and returns the answer. Never rejects. */
    async send(message: InboundMessage): Promise<WebhookResult> {
      const { phone } = message;
      const entry = record(message);
      // A tap carries the button's title, but never counts as a typed word.
      const kept = keepKeyword(message.button === undefined ? message.text : "", phone, deps.phones);
      if (kept !== undefined) {
        // Twilio's own words get through whatever the phone's state.
        reply(phone, kept.reply, "delivered");
        return { status: 204, body: "", contentType: "", withheld: kept.withheld };
      }
      const url = deps.webhookUrl();
      if (url === "") return { status: 204, body: "", contentType: "", withheld: "no-webhook" };
      const params = inboundParams(deps.accountSid, entry, message);
      const result = await deps.post(url, params);
      takeEffect(phone, result);
      return result;
    },

    warnings: (): readonly SimWarning[] => [...warnings],
  };
}
