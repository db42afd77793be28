// The way out through Twilio: a request becomes a message with buttons for every approver.
import type { Clock, Log, Messenger, SentMessage } from "../core/ports.ts";
import type { ApprovalRequest, Phone } from "../domain/approval.ts";
import { DeliveryError } from "../domain/errors.ts";
import { type Prompt, promptFor } from "../domain/prompt.ts";
import { toDeliveryError } from "./error-advice.ts";
import { fillPlaceholders, type Template } from "./template.ts";
import { contentVariables } from "./template-config.ts";

/** One call of Twilio's Messages API, as the SDK takes it. */
export interface OutboundMessage {
  readonly to: string;
  readonly from: string;
  readonly body?: string;
  readonly contentSid?: string;
  readonly contentVariables?: string;
  readonly statusCallback?: string;
  readonly validityPeriod?: number;
}

export interface MessageApi {
  create(message: OutboundMessage): Promise<{ readonly sid: string }>;
}

/** A template, and its SID where it has been set up in this account. */
export interface LiveTemplate {
  readonly template: Template;
  readonly sid?: string;
}

export interface MessengerDeps {
  readonly api: MessageApi;
  readonly clock: Clock;
  readonly log: Log;
  /** The sender with its `whatsapp:` prefix. */
  readonly from: string;
  readonly approvers: readonly Phone[];
  readonly templates: ReadonlyMap<string, LiveTemplate>;
  /** Where Twilio reports what became of a message; undefined when it cannot reach us. */
  readonly statusCallback: () => string | undefined;
}

export function createMessenger(deps: MessengerDeps): Messenger {
  const { api, clock, log, from, approvers, templates, statusCallback } = deps;

  function address(to: Phone): OutboundMessage {
    const callback = statusCallback();
    return { from, to: `whatsapp:${to}`, ...(callback === undefined ? {} : { statusCallback: callback }) };
  }

  async function askOne(to: Phone, request: ApprovalRequest, prompt: Prompt): Promise<SentMessage> {
    // Twilio drops a message that is still queued when the request has expired. Whole seconds, at least one.
    const validityPeriod = Math.max(1, Math.floor((request.expiresAt - clock.now()) / 1000));
    const { sid } = await api.create({ ...address(to), ...toContent(prompt, templates), validityPeriod });
    return { messageId: sid, to };
  }

  return {
    async ask(request, signal) {
      signal.throwIfAborted();
      const prompt = promptFor(request);
      const results = await Promise.allSettled(approvers.map((to) => askOne(to, request, prompt)));
      const sent = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
      const errors = results.flatMap((result) =>
        result.status === "rejected" ? [toDeliveryError(result.reason)] : [],
      );
      for (const err of errors) log.warn({ id: request.id, err }, "a request was not taken for one approver");
      if (sent.length > 0) return sent;
      throw errors[0] ?? new DeliveryError("Nobody was asked.", "Set APPROVAL_PHONE.");
    },
    async tell(to, text) {
      try {
        await api.create({ ...address(to), body: text });
      } catch (error) {
        throw toDeliveryError(error);
      }
    },
  };
}

function toContent({ template: key, values }: Prompt, templates: ReadonlyMap<string, LiveTemplate>) {
  const live = templates.get(key);
  if (live === undefined)
    throw new DeliveryError(`There is no template "${key}".`, "Restore template_config.json.");
  const { template, sid } = live;
  if (sid === undefined) return { body: plainText(template, values) };
  return { contentSid: sid, contentVariables: JSON.stringify(contentVariables(template, values)) };
}

/** The same message without buttons, for an account whose templates are not set up: the answer is typed. */
function plainText(template: Template, values: Prompt["values"]): string {
  const body = fillPlaceholders(template.body, (name) => values[name] ?? "");
  return `${body}\n\nType APPROVE ${values["id"]} or DENY ${values["id"]} and a reason`;
}
