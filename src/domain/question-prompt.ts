// What the person reads of one question: its options by number, as a list to choose from where WhatsApp has one, and as
// a plain message in any case. Foreign text stays one line each, behind words of ours.

import { duration } from "./answer.ts";
import type { ApprovalRequest } from "./approval.ts";
import { DeliveryError } from "./errors.ts";
import { count } from "./full-text.ts";
import { splitIntoParts } from "./parts.ts";
import { parseQuestions, type Question } from "./question.ts";
import { projectLine } from "./summary.ts";
import type { ApprovalId } from "./tool-call.ts";
import { noGaps, plainLine, visibleBlock, visibleLine } from "./visible.ts";
import { gaps, listsAbove, warningLine, warningList } from "./warnings.ts";

/** Which question of a request is asked, from 1, and how long there is to answer it, ms. */
export interface AskedQuestion {
  readonly number: number;
  readonly leftMs: number;
}

export interface QuestionList {
  readonly body: string;
  /** The words that open the list. */
  readonly button: string;
  readonly items: readonly { readonly id: string; readonly item: string; readonly description?: string }[];
}

export interface QuestionPrompt {
  /** Plain messages that show the whole question; empty when its message does. */
  readonly parts: readonly string[];
  readonly plain: string;
  /** Absent where a list cannot take the answer: several may be chosen, or the text would be taken for a variable. */
  readonly list?: QuestionList;
}

/** WhatsApp takes 1,024 characters with a list; emoji may count as several. UTF-16 units, as all of these. */
const MAX_BODY_LENGTH = 1_000;
const MAX_ITEM_LENGTH = 24;
const MAX_DESCRIPTION_LENGTH = 72;
const LIST_BUTTON = "Choose";
/** Of what is shown in full above. */
const CUT = { header: 30, question: 120, label: 60, descriptions: false } as const;
const WHOLE = {
  header: Number.POSITIVE_INFINITY,
  question: Number.POSITIVE_INFINITY,
  label: Number.POSITIVE_INFINITY,
  descriptions: true,
};
type Limits = typeof WHOLE | typeof CUT;

/** @throws DeliveryError when the masked call has no such question */
export function questionPrompt(request: ApprovalRequest, { number, leftMs }: AskedQuestion): QuestionPrompt {
  const { id, inspection } = request;
  const parsed = parseQuestions(inspection.shown.input);
  const question = parsed.ok ? parsed.questions[number - 1] : undefined;
  if (!parsed.ok || question === undefined)
    throw new DeliveryError("The question cannot be shown.", "Answer it at the terminal.");
  const total = parsed.questions.length;
  const name = total === 1 ? "Question" : `Question ${number} of ${total}`;

  const render = (limits: Limits, warnings: readonly string[], partCount: number, hasList: boolean) =>
    [
      `🔔 *${name}*`,
      ...(warnings.length === 0 ? [] : [`⚠️ ${warningLine(warnings)}`]),
      "",
      ...(question.header.trim() === "" ? [] : [`*Topic:* ${plainLine(question.header, limits.header)}`]),
      `*Claude asks:* ${plainLine(question.question, limits.question)}`,
      ...optionLines(question, limits),
      ...(partCount === 0 ? [] : [`  • full text above, ${count(partCount, "part")}`]),
      "",
      `*Project:* ${projectLine(request) || "-"}`,
      `*Request ID:* ${id}`,
      "",
      `⏱️ Expires in ${duration(leftMs)}${secretsText(inspection.secrets)}`,
      howTo(id, question, hasList),
    ].join("\n");

  const warnings = [...gaps(inspection, 0), ...inspection.warnings];
  const isWhole = isShort(question) && render(WHOLE, warnings, 0, true).length <= MAX_BODY_LENGTH;
  if (isWhole && !listsAbove(warnings)) {
    const body = (hasList: boolean) => render(WHOLE, warnings, 0, hasList);
    return { parts: [], plain: body(false), ...listOf(id, number, question, body(true)) };
  }
  const { messages, hidden } = splitIntoParts(id, { title: name.toLowerCase(), code: wholeText(question) });
  const all = [...gaps(inspection, hidden), ...inspection.warnings];
  const parts = listsAbove(all) ? [warningList(id, all), ...messages] : messages;
  const body = (hasList: boolean) => render(CUT, all, messages.length, hasList);
  return { parts, plain: body(false), ...listOf(id, number, question, body(true)) };
}

/** How to answer in words; works where a reply is not seen as one, too. */
function howTo(id: ApprovalId, { multiSelect }: Question, hasList: boolean): string {
  const start = hasList ? "Choose from the list, or type" : "Type";
  const what = multiSelect ? "numbers" : "a number";
  return `${start} ${id} and ${what} or your own words, for example: ${id} ${multiSelect ? "1,2" : "2"}\nDENY ${id} gives no answer`;
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

/** Every line after the first of a foreign text is indented: it cannot pass for an option of ours. */
function wholeText({ question, options }: Question): string {
  const indented = (text: string) => visibleBlock(text).replaceAll("\n", "\n   ");
  return [
    indented(question),
    ...options.map(({ label, description, preview }, index) =>
      [
        `${index + 1}. ${indented(label)}`,
        ...(description.trim() === "" ? [] : [`   ${indented(description)}`]),
        ...(preview === "" ? [] : ["   Preview:", `   ${indented(preview)}`]),
      ].join("\n"),
    ),
  ].join("\n\n");
}

function listOf(id: ApprovalId, number: number, question: Question, body: string): { list?: QuestionList } {
  if (question.multiSelect) return {};
  const items = question.options.map(({ label, description }, index) => ({
    id: `answer:${id}:${number}:${index + 1}`,
    item: shorten(`${index + 1}. ${visibleLine(label)}`, MAX_ITEM_LENGTH),
    ...(description.trim() === ""
      ? {}
      : { description: shorten(visibleLine(description), MAX_DESCRIPTION_LENGTH) }),
  }));
  const deny = { id: `deny:${id}`, item: "❌ Deny", description: "Claude gets no answer" };
  const list = { body, button: LIST_BUTTON, items: [...items, deny] };
  return JSON.stringify(list).includes("{{") ? {} : { list };
}

/** The body has it in full. Never splits a character or an escape. */
function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const open = text.lastIndexOf("⟨U+", max - 1);
  const cut = open >= 0 && text.indexOf("⟩", open) >= max - 1 ? text.slice(0, open) : text.slice(0, max - 1);
  return `${cut.replace(/[\uD800-\uDBFF]$/, "")}…`;
}

function secretsText(secrets: number | undefined): string {
  return secrets === undefined || secrets === 0 ? "" : ` · ${count(secrets, "secret")} masked`;
}
