// One of Claude's questions as Telegram shows it: its options by number, and a button for each.
import type { ApprovalRequest } from "../../../domain/approval.ts";
import { count } from "../../../domain/names.ts";
import type { Question } from "../../../domain/question.ts";
import {
  type AskedQuestion,
  type QuestionMessage,
  questionMessage,
} from "../../../domain/question-message.ts";
import { cutEnd, visibleLine } from "../../../domain/visible.ts";
import { codeSpans } from "./foreign.ts";
import { DENY, type Keyboard } from "./keyboard.ts";
import { originSpans } from "./origin.ts";
import { pagesOf } from "./pages.ts";
import { partsOf, type TelegramParts } from "./parts.ts";
import type { TelegramPrompt } from "./request-prompt.ts";
import { keptByTelegram, MAX_LENGTH, type RichSpan } from "./rich-text.ts";

/** How much is shown of a text that stands in full above or beside. UTF-16 units. */
const CUT = { header: 60, question: 200, label: 100 } as const;
const WHOLE = {
  header: Number.POSITIVE_INFINITY,
  question: Number.POSITIVE_INFINITY,
  label: Number.POSITIVE_INFINITY,
};
/** A button shows about thirty characters; the message has the rest. */
const MAX_BUTTON_LENGTH = 48;
/** Telegram takes a hundred. */
const MAX_BUTTONS = 80;

/** @throws DeliveryError when the masked call has no such question */
export function telegramQuestion(request: ApprovalRequest, asked: AskedQuestion): TelegramPrompt {
  const message = questionMessage(request, asked);
  const whole = messageSpans(message, undefined);
  const keyboard = keyboardOf(message);
  if (isShort(message.question) && lengthOf(whole) <= MAX_LENGTH) {
    const pages = pagesOf(whole);
    return { ...NOTHING_ELSE, parts: pages.slice(0, -1), message: pages.at(-1) ?? pages[0], keyboard };
  }
  const parts = partsOf(message.id, message.full());
  const { document, messages, rest, hidden } = parts;
  const pages = pagesOf(messageSpans(message, parts));
  return {
    ...NOTHING_ELSE,
    document,
    parts: [...messages, ...pages.slice(0, -1)],
    message: pages.at(-1) ?? pages[0],
    keyboard,
    rest,
    hidden,
  };
}

const NOTHING_ELSE = { parts: [], rest: [], offersSession: false, hidden: 0 } as const;

/** @param above what shows all of it; absent where this one does */
function messageSpans(message: QuestionMessage, above: TelegramParts | undefined): RichSpan[] {
  const { id, name, question, asker, origin, expiry } = message;
  const limits = above === undefined ? WHOLE : CUT;
  return [
    { text: "🔔 " },
    { text: name, style: "bold" },
    ...message.warnings(above?.hidden ?? 0).map((warning) => ({ text: `\n⚠️ ${warning}` })),
    { text: "\n\n" },
    ...(question.header.trim() === ""
      ? []
      : [bold("Topic:"), { text: " " }, ...codeSpans(question.header, limits.header), { text: "\n" }]),
    bold(`${asker} asks:`),
    { text: " " },
    ...codeSpans(question.question, limits.question),
    ...optionSpans(question, above === undefined, limits.label),
    ...(above === undefined ? [] : [{ text: `\n  • ${aboveText(above)}` }]),
    { text: "\n\n" },
    bold("Project:"),
    { text: " " },
    ...originSpans(origin),
    { text: "\n" },
    bold("Request ID:"),
    { text: ` ${id}\n\n⏱️ Expires in ${expiry}\n` },
    ...(message.choices === undefined ? [] : [{ text: "Tap an answer below, or answer in words.\n" }]),
    { text: message.howTo(false) },
  ];
}

/** MORE sends nothing of a question: the file has it all. */
function aboveText({ document, messages, total }: TelegramParts): string {
  if (document === undefined) return `full text above, ${count(total, "part")}`;
  return `${messages.length} of ${total} parts above, all of it in the file`;
}

const bold = (text: string): RichSpan => ({ text, style: "bold" });

function optionSpans({ options }: Question, hasDescriptions: boolean, max: number): RichSpan[] {
  return options.flatMap(({ label, description }, index) => [
    { text: `\n  ${index + 1}. ` },
    ...codeSpans(label, max),
    ...(hasDescriptions && description.trim() !== "" ? [{ text: ": " }, ...codeSpans(description)] : []),
  ]);
}

/** Whether one line each can show the texts as they are. */
function isShort({ question, header, options }: Question): boolean {
  const texts = [question, header, ...options.flatMap(({ label, description }) => [label, description])];
  return options.every(({ preview }) => preview === "") && !texts.some((text) => /[\n\r\t]| {5}/.test(text));
}

const lengthOf = (spans: readonly RichSpan[]) => spans.reduce((sum, { text }) => sum + text.length, 0);

/** Foreign words in a button stand behind a number of ours, and are never code: a button's text is never a link. */
function keyboardOf({ id, choices }: QuestionMessage): Keyboard {
  const deny = [{ text: DENY, id: `deny:${id}` }];
  if (choices === undefined || choices.options.length > MAX_BUTTONS) return [deny];
  return [
    ...choices.options.map((option, index) => [{ text: buttonText(option.label, index), id: option.id }]),
    deny,
  ];
}

function buttonText(label: string, index: number): string {
  const text = `${index + 1}. ${keptByTelegram(visibleLine(label))}`;
  return text.length <= MAX_BUTTON_LENGTH ? text : `${text.slice(0, cutEnd(text, MAX_BUTTON_LENGTH - 1))}…`;
}
