// One of Claude's questions as WhatsApp shows it: its options by number, as a list to choose from where WhatsApp has one,
// and as a plain message in any case. Foreign text stays one line each, behind words of ours.
import type { ApprovalRequest } from "../../domain/approval.ts";
import { count } from "../../domain/names.ts";
import type { Question } from "../../domain/question.ts";
import {
  type AskedQuestion,
  type Choice,
  type QuestionMessage,
  questionMessage,
} from "../../domain/question-message.ts";
import { NONE } from "../../domain/sorted-json.ts";
import { cutEnd, noGaps, visibleLine } from "../../domain/visible.ts";
import { plainLine } from "./markup.ts";
import { projectLine } from "./origin.ts";
import { type PartsFormat, splitIntoParts } from "./parts.ts";
import { listsAbove, warningLine, warningList } from "./warning-line.ts";

export interface QuestionList {
  readonly body: string;
  /** The words that open the list. */
  readonly button: string;
  readonly items: readonly {
    readonly id: string;
    readonly item: string;
    readonly description?: string | undefined;
  }[];
}

export interface QuestionPrompt {
  /** Plain messages that show the whole question; empty when its message does. */
  readonly parts: readonly string[];
  readonly plain: string;
  /** Absent where a list cannot take the answer: several may be chosen, or the text would be taken for a variable. */
  readonly list?: QuestionList | undefined;
}

/** WhatsApp takes 1,024 characters with a list; emoji may count as several. UTF-16 units, as all of these. */
const MAX_BODY_LENGTH = 1_000;
const MAX_ITEM_LENGTH = 24;
const MAX_DESCRIPTION_LENGTH = 72;
const LIST_BUTTON = "Choose";
/** How much is shown of a text that stands in full above. */
const CUT = { header: 30, question: 120, label: 60, descriptions: false } as const;
const WHOLE = {
  header: Number.POSITIVE_INFINITY,
  question: Number.POSITIVE_INFINITY,
  label: Number.POSITIVE_INFINITY,
  descriptions: true,
};
type Limits = typeof WHOLE | typeof CUT;

/** How a channel without lists shows questions. */
export interface PlainFormat {
  /** What a plain message takes, UTF-16 units. */
  readonly maxBody: number;
  readonly parts: PartsFormat;
}

/**
 * @param format of a channel that has no lists. Default: Twilio's WhatsApp
 * @throws DeliveryError when the masked call has no such question
 */
export function questionPrompt(
  request: ApprovalRequest,
  asked: AskedQuestion,
  format?: PlainFormat,
): QuestionPrompt {
  const message = questionMessage(request, asked);
  const { id, question } = message;
  const warnings = message.warnings(0);
  const whole = (hasList: boolean) => render(message, WHOLE, warnings, 0, hasList);
  const { maxBody = MAX_BODY_LENGTH, parts } = format ?? {};
  const isWhole = isShort(question) && whole(format === undefined).length <= maxBody;
  if (isWhole && !listsAbove(warnings)) {
    return { parts: [], plain: whole(false), list: listOf(message, whole(true)) };
  }
  const { messages, hidden } = splitIntoParts(id, message.full(), parts);
  const all = message.warnings(hidden);
  const cut = (hasList: boolean) => render(message, CUT, all, messages.length, hasList);
  return {
    parts: listsAbove(all) ? [warningList(id, all), ...messages] : messages,
    plain: cut(false),
    list: listOf(message, cut(true)),
  };
}

function render(
  { id, name, question, asker, origin, expiry, howTo }: QuestionMessage,
  limits: Limits,
  warnings: readonly string[],
  partCount: number,
  hasList: boolean,
): string {
  return [
    `🔔 *${name}*`,
    ...(warnings.length === 0 ? [] : [`⚠️ ${warningLine(warnings)}`]),
    "",
    ...(question.header.trim() === "" ? [] : [`*Topic:* ${plainLine(question.header, limits.header)}`]),
    `*${asker} asks:* ${plainLine(question.question, limits.question)}`,
    ...optionLines(question, limits),
    ...(partCount === 0 ? [] : [`  • full text above, ${count(partCount, "part")}`]),
    "",
    `*Project:* ${projectLine(origin) || NONE}`,
    `*Request ID:* ${id}`,
    "",
    `⏱️ Expires in ${expiry}`,
    howTo(hasList),
  ].join("\n");
}

function optionLines({ options }: Question, limits: Limits): string[] {
  return options.map(({ label, description }, index) => {
    const more = description.trim() === "" || !limits.descriptions ? "" : `: ${plainLine(description)}`;
    return noGaps(`  ${index + 1}. ${plainLine(label, limits.label)}${more}`);
  });
}

/** Whether one line each can show the texts as they are. */
function isShort({ question, header, options }: Question): boolean {
  const texts = [question, header, ...options.flatMap(({ label, description }) => [label, description])];
  return options.every(({ preview }) => preview === "") && !texts.some((text) => /[\n\r\t]| {5}/.test(text));
}

function listOf({ choices }: QuestionMessage, body: string): QuestionList | undefined {
  if (choices === undefined) return undefined;
  const items = choices.options.map(({ id, label, description }, index) => ({
    id,
    item: shorten(`${index + 1}. ${visibleLine(label)}`, MAX_ITEM_LENGTH),
    ...(description.trim() === ""
      ? {}
      : { description: shorten(visibleLine(description), MAX_DESCRIPTION_LENGTH) }),
  }));
  const list = { body, button: LIST_BUTTON, items: [...items, ownItem(choices.deny)] };
  return JSON.stringify(list).includes("{{") ? undefined : list;
}

function ownItem({ id, label, description }: Choice) {
  return { id, item: label, description };
}

/** The body has it in full. */
function shorten(shown: string, max: number): string {
  return shown.length <= max ? shown : `${shown.slice(0, cutEnd(shown, max - 1))}…`;
}
