// The way out through the Agent Platform: a request becomes one message, with a document before it where its text is long.
import type { Log } from "../../../core/ports/log.ts";
import type { AskOptions, Messenger } from "../../../core/ports/messenger.ts";
import type { PartSender } from "../../../core/ports/part-sender.ts";
import type { ApprovalRequest } from "../../../domain/approval.ts";
import type { SentMessage } from "../../../domain/delivery.ts";
import { DeliveryError } from "../../../domain/errors.ts";
import { requestOfNotice } from "../../../domain/notice.ts";
import type { ApprovalId, Phone } from "../../../domain/tool-call.ts";
import { askEach } from "../../ask-each.ts";
import { createSentNotes, sendMore } from "../../sent.ts";
import { renderNotice } from "../../whatsapp-format/notice.ts";
import { questionPrompt } from "../../whatsapp-format/question-prompt.ts";
import { AgentError } from "../api/agent-error.ts";
import type { AgentClient, OutgoingContent } from "../api/client.ts";
import type { AgentLimiter } from "../api/limiter.ts";
import { MAX_BODY_LENGTH, MORE_PARTS, QUESTION_FORMAT } from "../lengths.ts";
import { splitAtLines } from "./plain-messages.ts";
import type { AgentForm, AgentPrompt } from "./request-text.ts";
import type { AgentSender } from "./sender.ts";

/** An upload that would have to wait for longer is not worth it: parts go at once. ms */
const MAX_UPLOAD_WAIT_MS = 5_000;

export interface AgentMessengerDeps {
  readonly sender: AgentSender;
  readonly client: Pick<AgentClient, "upload">;
  readonly limiter: Pick<AgentLimiter, "waitMs">;
  readonly log: Log;
  readonly render: (request: ApprovalRequest) => Promise<AgentPrompt>;
  /** Why no answer could be heard: then nobody is asked, so that another way is tried. */
  readonly refusal: () => DeliveryError | undefined;
  /** The message takes the answer for a request: not for one of its questions. */
  readonly onAsked: (messageId: string, id: ApprovalId) => void;
}

/** What each person is sent: what shows all of it, and the message that takes the answer. */
interface AgentMessages extends Pick<AgentForm, "body" | "offersSession" | "hidden"> {
  readonly before: readonly OutgoingContent[];
  /** Whether the last message before it has what it is about. */
  readonly hasDocument: boolean;
}

export function createAgentMessenger(deps: AgentMessengerDeps): Messenger & PartSender {
  const { sender, client, limiter, log, render, onAsked } = deps;

  async function messagesOf(request: ApprovalRequest, options: AskOptions): Promise<AgentMessages> {
    const { question, signal } = options;
    if (question !== undefined) {
      const { parts, plain } = questionPrompt(request, question, QUESTION_FORMAT);
      return {
        body: plain,
        before: parts.map(plainText),
        hasDocument: false,
        offersSession: false,
        hidden: 0,
      };
    }
    const { form, withoutDocument } = await render(request);
    const document = await uploaded(form, signal);
    if (document === undefined && form.document !== undefined)
      return messagesIn(withoutDocument ?? form, undefined);
    return messagesIn(form, document);
  }

  function messagesIn(form: AgentForm, document: OutgoingContent | undefined): AgentMessages {
    const { body, parts, offersSession, hidden } = form;
    const before = [...parts.map(plainText), ...(document === undefined ? [] : [document])];
    return { body, before, hasDocument: document !== undefined, offersSession, hidden };
  }

  /** Once for everybody who is asked. */
  async function uploaded(
    { document }: AgentForm,
    signal: AbortSignal,
  ): Promise<OutgoingContent | undefined> {
    if (document === undefined || limiter.waitMs("media") > MAX_UPLOAD_WAIT_MS) return undefined;
    const { name, caption, text } = document;
    try {
      const id = await client.upload(name, text, signal);
      return { type: "document", document: { id, caption, filename: name } };
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ err: error }, "a text could not be sent as a document: it is sent in parts");
      return undefined;
    }
  }

  /** The message that takes the answer goes only when all before it was taken. */
  async function askOne(
    to: Phone,
    { body, before, hasDocument }: AgentMessages,
    options: AskOptions,
    requestId: ApprovalId,
  ): Promise<SentMessage[]> {
    const { signal, leftMs, question } = options;
    const refusal = deps.refusal();
    if (refusal !== undefined) throw refusal;
    const { sent, note } = createSentNotes(to, options);
    const common = { to, leftMs, signal, requestId, priority: "request" } as const;
    for (const content of before) note(await sender.send({ ...common, content, purpose: "part" }), false);
    const purpose = question === undefined ? "request" : "question";
    const quote = hasDocument ? sent.at(-1)?.messageId : undefined;
    const messageId = await sender.send({ ...common, content: plainText(body), purpose, quote });
    if (question === undefined) onAsked(messageId, requestId);
    note(messageId, true);
    return sent;
  }

  return {
    async ask(request, options) {
      const { signal, onRendered, to: addresses = [] } = options;
      signal.throwIfAborted();
      const messages = await messagesOf(request, options);
      signal.throwIfAborted();
      onRendered(messages);
      return askEach({
        requestId: request.id,
        addresses,
        options,
        askOne: (to) => askOne(to, messages, options, request.id),
        toDeliveryError,
        advice: "Pair a phone with the WhatsApp agent.",
        log,
      });
    },
    async more(request, options) {
      const { form, withoutDocument = form } = await render(request);
      const { to } = options;
      const common = { to, priority: "confirmation", purpose: "more", requestId: request.id } as const;
      const send = (body: string) => sender.send({ ...common, content: plainText(body) });
      return sendMore(withoutDocument.rest, MORE_PARTS, options, send);
    },
    async tell(to, notice) {
      const requestId = requestOfNotice(notice);
      const common = { to, requestId, priority: "confirmation", purpose: "notice" } as const;
      let messageId = "";
      for (const body of splitAtLines(renderNotice(notice, "whatsapp-agent"), MAX_BODY_LENGTH))
        messageId = await sender.send({ ...common, content: plainText(body) }).catch((error: unknown) => {
          throw toDeliveryError(error);
        });
      return messageId;
    },
  };
}

function plainText(body: string): OutgoingContent {
  return { type: "text", text: { body, preview_url: false } };
}

function toDeliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const { message, advice, code } = new AgentError("messages", "unknown");
  return new DeliveryError(message, advice, code, { channel: "whatsapp-agent" });
}
