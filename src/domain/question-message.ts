// What a person reads of one of Claude's questions, as data: the question, where it comes from, how to answer it.
import type { ApprovalRequest } from "./approval.ts";
import { questionsOf } from "./asked-questions.ts";
import { DeliveryError } from "./errors.ts";
import { isForm } from "./form.ts";
import type { FullText } from "./full-text.ts";
import { oddLetters } from "./odd-letters.ts";
import type { Question } from "./question.ts";
import { type Origin, originOf } from "./request-message.ts";
import { foreign, type Text, text } from "./text.ts";
import { duration } from "./time-words.ts";
import type { ApprovalId } from "./tool-call.ts";
import { found, gaps, maskedText, withQuorum } from "./warnings.ts";

/** Which question of a request is asked, from 1, and how long there is to answer it, ms. */
export interface AskedQuestion {
  readonly number: number;
  readonly leftMs: number;
}

/** Something to choose, and the button's id that chooses it. */
export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly description: string;
}

export interface QuestionMessage {
  readonly id: ApprovalId;
  /** "Question 1 of 2". */
  readonly name: string;
  readonly question: Question;
  /** Who asks it. */
  readonly asker: string;
  readonly origin: Origin;
  /** How long there is to answer, and what else there is to know about the message. Words of ours. */
  readonly expiry: string;
  full(): FullText;
  /** @param hidden characters of the question that the channel does not show */
  warnings(hidden: number): readonly string[];
  /** How to answer in words. @param hasList whether the message has a list to choose from as well */
  howTo(hasList: boolean): string;
  /** What a list offers; absent where several options may be chosen. */
  readonly choices?: { readonly options: readonly Choice[]; readonly deny: Choice } | undefined;
}

/** @throws DeliveryError when the masked call has no such question */
export function questionMessage(
  { id, inspection, ...request }: ApprovalRequest,
  { number, leftMs }: AskedQuestion,
): QuestionMessage {
  const parsed = questionsOf(inspection.shown);
  const question = parsed.ok ? parsed.questions[number - 1] : undefined;
  if (!parsed.ok || question === undefined)
    throw new DeliveryError("The question cannot be shown.", "Answer it at the terminal.");
  const total = parsed.questions.length;
  const name = total === 1 ? "Question" : `Question ${number} of ${total}`;
  const masked = maskedText(inspection.secrets);
  return {
    id,
    name,
    question,
    asker: isForm(inspection.shown) ? "An MCP server" : "Claude",
    origin: originOf(request),
    expiry: [duration(leftMs), ...(masked === undefined ? [] : [masked])].join(" · "),
    full: () => ({
      title: name.toLowerCase(),
      body: wholeText(question),
      kind: "script",
      name: "full text",
      hidden: 0,
    }),
    warnings: (hidden) =>
      withQuorum(request, [
        ...gaps(inspection, hidden),
        ...found(inspection),
        ...oddLetters(inspection.shown),
      ]),
    howTo: (hasList) => howTo(id, question, hasList),
    choices:
      question.multiSelect || question.options.length === 0 ? undefined : choicesOf(id, number, question),
  };
}

/** How to answer in words; also works where a reply is not seen as one. */
function howTo(id: ApprovalId, { multiSelect, options, field }: Question, hasList: boolean): string {
  const none = `DENY ${id} gives no answer`;
  if (field !== undefined && options.length === 0)
    return `Type ${id} and the answer, for example: ${id} ${field.rule.kind === "number" ? "5" : "your words"}\n${none}`;
  const own = field === undefined ? " or your own words" : "";
  const start = hasList ? "Choose from the list, or type" : "Type";
  const what = multiSelect ? "numbers" : "a number";
  return `${start} ${id} and ${what}${own}, for example: ${id} ${multiSelect ? "1,2" : "2"}\n${none}`;
}

function choicesOf(id: ApprovalId, number: number, { options, field }: Question) {
  return {
    options: options.map(({ label, description }, index) => ({
      id: `answer:${id}:${number}:${index + 1}`,
      label,
      description,
    })),
    deny: {
      id: `deny:${id}`,
      label: "❌ Deny",
      description: field === undefined ? "Claude gets no answer" : "The form is declined",
    },
  };
}

/** Every line after the first of a foreign text is indented: it cannot pass for an option of ours. */
function wholeText({ question, options }: Question): Text {
  const indented = (words: string) => foreign("indented", words);
  const shown = options.map(({ label, description, preview }, index) => [
    ...text`\n\n${index + 1}. ${indented(label)}`,
    ...(description.trim() === "" ? [] : text`\n   ${indented(description)}`),
    ...(preview === "" ? [] : text`\n   Preview:\n   ${indented(preview)}`),
  ]);
  return [indented(question), ...shown.flat()];
}
