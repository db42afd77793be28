// The way out through Telegram: a request becomes the messages that show it and the one with the buttons, for every approver.
import { setMaxListeners } from "node:events";
import type { Clock } from "../../../core/ports/clock.ts";
import type { MessageNote, MessagePurpose } from "../../../core/ports/correspondence-store.ts";
import type { Log } from "../../../core/ports/log.ts";
import type { AskOptions, Messenger } from "../../../core/ports/messenger.ts";
import type { PartSender } from "../../../core/ports/part-sender.ts";
import { withDeadline } from "../../../core/timing.ts";
import type { ApprovalRequest } from "../../../domain/approval.ts";
import type { SentMessage } from "../../../domain/delivery.ts";
import { DeliveryError } from "../../../domain/errors.ts";
import { requestOfNotice } from "../../../domain/notice.ts";
import type { ApprovalId, Phone } from "../../../domain/tool-call.ts";
import { askEach } from "../../ask-each.ts";
import { createSentNotes, sendMore } from "../../sent.ts";
import { chatOf, messageIdOf } from "../addresses.ts";
import { toDeliveryError, whyLost } from "../api/error-table.ts";
import type { ButtonMessages } from "../button-messages.ts";
import { noticeMessages } from "../format/notice.ts";
import { MORE_PARTS } from "../format/parts.ts";
import { telegramQuestion } from "../format/question-prompt.ts";
import { type TelegramPrompt, telegramPrompt } from "../format/request-prompt.ts";
import type { ChatOutbound } from "./outbound.ts";

export interface TelegramMessengerDeps {
  readonly outbound: ChatOutbound;
  readonly shown: Pick<ButtonMessages, "add" | "expect" | "note">;
  readonly clock: Clock;
  readonly log: Log;
  /** The bot, for the record. */
  readonly sender: string;
  /** Writes a request out, where a large one must not hold the others up. Default: at once. */
  readonly render?: ((request: ApprovalRequest) => Promise<TelegramPrompt>) | undefined;
  /** Told of each message that Telegram took. Must not throw. */
  readonly onTaken?: ((note: MessageNote) => void) | undefined;
  /** Telegram refuses the address for good. */
  onLost(address: Phone, why: string): void;
  /** Why nobody can be asked: an answer would not be read. */
  problem(): string | undefined;
}

/** Longer than every call may take with its turn and repeats: only the signal ends the wait before. ms */
const LIMIT_MS = 24 * 3_600_000;

export function createMessenger(deps: TelegramMessengerDeps): Messenger & PartSender {
  const { outbound, shown, clock, log, render = async (request) => telegramPrompt(request) } = deps;

  function chatFor(to: Phone): number {
    const chat = chatOf(to);
    if (chat === undefined) throw new DeliveryError("The address is none of Telegram's.", "Pair again.");
    return chat;
  }

  /** Sends one message, whoever waits for it. @throws DeliveryError */
  async function post(
    to: Phone,
    note: { readonly purpose: MessagePurpose; readonly requestId?: ApprovalId | undefined },
    send: (chat: number) => Promise<{ readonly message: number }>,
  ): Promise<string> {
    const chat = chatFor(to);
    try {
      const { message } = await send(chat);
      const messageId = messageIdOf(chat, message);
      deps.onTaken?.({ messageId, sender: deps.sender, to, ...note, at: clock.now() });
      return messageId;
    } catch (error) {
      const why = whyLost(error);
      if (why !== undefined) deps.onLost(to, why);
      throw error;
    }
  }

  /** Shows the whole call first; the message with the buttons is sent only when all of it was taken. */
  async function askOne(
    to: Phone,
    { document, parts, message: text, keyboard }: TelegramPrompt,
    requestId: ApprovalId,
    options: AskOptions,
  ): Promise<SentMessage[]> {
    const { signal, leftMs, question } = options;
    const { sent, note } = createSentNotes(to, options);
    const how = { priority: "request", signal, leftMs } as const;
    const part = { purpose: "part", requestId } as const;
    if (document !== undefined)
      note(await post(to, part, (chat) => outbound.document(chat, document, how)), false);
    for (const each of parts) {
      const messageId = await post(to, part, async (chat) => {
        const taken = await outbound.text(chat, each, how);
        shown.note({ chat, message: taken.message, text: taken.text ?? each.text });
        return taken;
      });
      note(messageId, false);
    }
    const purpose = question === undefined ? "request" : "question";
    const messageId = await post(to, { purpose, requestId }, async (chat) => {
      const taken = await outbound.text(chat, text, how, keyboard);
      const buttons = keyboard.flat().map(({ id }) => id);
      const { message, text: says = text.text } = taken;
      if (says !== text.text)
        log.warn({ id: requestId }, "Telegram shows a message otherwise than it was sent");
      shown.add(requestId, { chat, message, text, says, buttons, question: question?.number });
      return taken;
    });
    note(messageId, true);
    return sent;
  }

  return {
    async ask(request, options) {
      const { signal, question, onRendered, to: addresses = [] } = options;
      signal.throwIfAborted();
      setMaxListeners(0, signal);
      const prompt = question === undefined ? await render(request) : telegramQuestion(request, question);
      signal.throwIfAborted();
      onRendered(prompt);
      shown.expect(request.id, prompt.message);
      const problem = deps.problem();
      const askInTime = async (to: Phone) => {
        if (problem !== undefined) throw new DeliveryError(problem, "Telegram was not asked to send it.");
        // The caller is let go as soon as nobody waits; a message that is on its way then loses its buttons when it has arrived.
        return withDeadline(LIMIT_MS, () => askOne(to, prompt, request.id, options), { clock, signal });
      };
      return askEach({
        requestId: request.id,
        addresses,
        options,
        askOne: askInTime,
        toDeliveryError,
        advice: "Pair somebody with Telegram.",
        log,
      });
    },
    async more(request, options) {
      const { rest } = await render(request);
      const note = { purpose: "more", requestId: request.id } as const;
      try {
        return await sendMore(rest, MORE_PARTS, options, (part) =>
          post(options.to, note, (chat) => outbound.text(chat, part, { priority: "confirmation" })),
        );
      } catch (error) {
        throw toDeliveryError(error);
      }
    },
    async tell(to, notice) {
      const note = { purpose: "notice", requestId: requestOfNotice(notice) } as const;
      const [first, ...others] = noticeMessages(notice);
      const send = (text: typeof first) =>
        post(to, note, (chat) => outbound.text(chat, text, { priority: "confirmation" }));
      try {
        let last = await send(first);
        for (const text of others) last = await send(text);
        return last;
      } catch (error) {
        throw toDeliveryError(error);
      }
    },
  };
}
