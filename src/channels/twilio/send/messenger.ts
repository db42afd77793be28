// The way out through Twilio: a request becomes the messages that show it and the one with buttons, for every approver.

import type { Log } from "../../../core/ports/log.ts";
import type { AskOptions, Messenger } from "../../../core/ports/messenger.ts";
import type { PartSender } from "../../../core/ports/part-sender.ts";
import type { ApprovalRequest } from "../../../domain/approval.ts";
import { NUMBERS_IN_EITHER } from "../../../domain/approver-places.ts";
import type { SentMessage } from "../../../domain/delivery.ts";
import { DeliveryError } from "../../../domain/errors.ts";
import { closingValues } from "../../../domain/keep-open.ts";
import { type Notice, requestOfNotice } from "../../../domain/notice.ts";
import type { AskedQuestion } from "../../../domain/question-message.ts";
import type { ApprovalId, Phone } from "../../../domain/tool-call.ts";
import { askEach } from "../../ask-each.ts";
import { createSentNotes, sendMore } from "../../sent.ts";
import { renderNotice } from "../../whatsapp-format/notice.ts";
import { MAX_DATA_PARTS } from "../../whatsapp-format/parts.ts";
import { questionPrompt } from "../../whatsapp-format/question-prompt.ts";
import { type Prompt, promptFor } from "../../whatsapp-format/request-prompt.ts";
import { toDeliveryError } from "../error-advice.ts";
import type { LiveTemplates } from "../templates/live-templates.ts";
import type { QuestionLists } from "../templates/question-lists.ts";
import { fillPlaceholders, KEEP_OPEN_TEMPLATE, type MessageTemplate } from "../templates/template.ts";
import { contentVariables } from "../templates/template-config.ts";
import type { MessageContent } from "./message.ts";
import type { Outbound } from "./outbound.ts";

export interface MessengerDeps {
  readonly outbound: Pick<Outbound, "send">;
  readonly log: Log;
  readonly approvers: readonly Phone[];
  readonly templates: Pick<LiveTemplates, "get">;
  /** Absent where a picked item could not be read back: questions are then answered by typing. */
  readonly lists?: QuestionLists | undefined;
  /** Writes a request out, where a large one must not hold the others up. Default: at once. */
  readonly render?: ((request: ApprovalRequest) => Promise<Prompt>) | undefined;
}

/** What every approver is sent: messages that show all of it, and the one that takes the answer. */
interface RequestMessages extends Pick<Prompt, "offersSession" | "hidden"> {
  readonly parts: readonly string[];
  readonly content: MessageContent;
}

export function createMessenger(deps: MessengerDeps): Messenger & PartSender {
  const { outbound, log, approvers, templates, lists, render = promptFor } = deps;

  /** Shows the whole call first; the message with the buttons is sent only when all of it was taken. */
  async function askOne(
    to: Phone,
    { parts, content }: RequestMessages,
    options: AskOptions,
    requestId: ApprovalId,
  ): Promise<SentMessage[]> {
    const { signal, leftMs, question } = options;
    const { sent, note } = createSentNotes(to, options);
    const common = { to, leftMs, priority: "request", signal, requestId } as const;
    const part = { ...common, purpose: "part" } as const;
    for (const body of parts) note(await outbound.send({ ...part, content: { body } }), false);
    const purpose = question === undefined ? "request" : "question";
    note(await outbound.send({ ...common, purpose, content }), true);
    return sent;
  }

  async function messagesOf(
    request: ApprovalRequest,
    question: AskedQuestion | undefined,
    signal: AbortSignal,
  ): Promise<RequestMessages> {
    if (question === undefined) {
      const prompt = await render(request);
      const { parts, offersSession, hidden } = prompt;
      return { offersSession, hidden, parts, content: toContent(prompt, templates) };
    }
    const { parts, plain, list } = questionPrompt(request, question);
    const name = `${request.id}_${question.number}`;
    const sid = list && (await lists?.create(name, list, signal));
    const content =
      sid === undefined ? { body: plain } : { contentSid: sid, variables: {}, plain, listed: list?.body };
    return { offersSession: false, hidden: 0, parts, content };
  }

  return {
    async ask(request, options) {
      const { signal, question, onRendered, to: addresses = approvers } = options;
      signal.throwIfAborted();
      const messages = await messagesOf(request, question, signal);
      onRendered(messages);
      return askEach({
        requestId: request.id,
        addresses,
        options,
        askOne: (to) => askOne(to, messages, options, request.id),
        toDeliveryError,
        advice: `Name a number that approves (${NUMBERS_IN_EITHER}).`,
        log,
      });
    },
    async more(request, options) {
      const { rest } = await render(request);
      const { to } = options;
      const common = { to, priority: "confirmation", purpose: "more", requestId: request.id } as const;
      return sendMore(rest, MAX_DATA_PARTS, options, (body) =>
        outbound.send({ ...common, content: { body } }),
      );
    },
    async tell(to, notice) {
      const requestId = requestOfNotice(notice);
      const content = noticeContent(notice, templates);
      return outbound.send({ to, content, priority: "confirmation", purpose: "notice", requestId });
    },
  };
}

/** Plain text, but for the one notice with a button. */
function noticeContent(notice: Notice, templates: MessengerDeps["templates"]): MessageContent {
  const body = renderNotice(notice);
  const { template, sid } = templates.get(KEEP_OPEN_TEMPLATE) ?? {};
  if (notice.kind !== "chat-closing" || template === undefined || sid === undefined) return { body };
  return { contentSid: sid, variables: contentVariables(template, closingValues(notice)), plain: body };
}

function toContent({ template: key, values }: Prompt, templates: MessengerDeps["templates"]): MessageContent {
  const live = templates.get(key);
  if (live === undefined) {
    throw new DeliveryError(`There is no template "${key}".`, "Restore template_config.json.");
  }
  const { template, sid } = live;
  const plain = plainText(template, values);
  if (sid === undefined) return { body: plain };
  return { contentSid: sid, variables: contentVariables(template, values), plain };
}

/** The same message without buttons: the answer is typed. */
function plainText(template: MessageTemplate, values: Prompt["values"]): string {
  const body = fillPlaceholders(template.body, (name) => values[name] ?? "");
  const id = values["id"];
  const session = values["session"] === undefined ? "" : `, SESSION ${id}`;
  return `${body}\n\nType APPROVE ${id}${session} or DENY ${id} and a reason`;
}
