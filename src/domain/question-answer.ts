// What a person's words, numbers or picks mean as the answer to a question, and what Claude gets of them.

import { parseQuestions, type Question, recognisable } from "./question.ts";
import type { Phone, ToolCall } from "./tool-call.ts";
import { visibleBlock } from "./visible.ts";

/** As it came from the phone: typed, or picked from the list by its number. */
export type Said = { readonly text: string } | { readonly option: number };

/** Numbers count from 1. No label: labels may hold secrets, and this is kept. */
export type QuestionAnswer = { readonly by: Phone } & (
  | { readonly options: readonly number[] }
  | { readonly text: string }
);

/** Characters of an answer in the person's own words. */
export const MAX_ANSWER_LENGTH = 1_000;
/** The same with everything hidden made visible: nobody types more than a few hidden characters. */
const MAX_SHOWN_LENGTH = 4_000;

const NUMBER = String.raw`#?([1-9]\d?)[.)]?`;
const NUMBERS = new RegExp(String.raw`^${NUMBER}(?:(?:\s*(?:[,;&+]|\band\b)\s*|\s+)${NUMBER})*$`, "i");
/** Keycap emoji are a digit with these. */
const KEYCAP = /[\uFE0F\u20E3]/g;

/** Reads an answer; undefined when it is not certain. What begins with a digit is numbers, a label, or nothing. */
export function readAnswer(said: Said, question: Question, by: Phone): QuestionAnswer | undefined {
  if ("option" in said) return isOption(said.option, question) ? { by, options: [said.option] } : undefined;
  const text = said.text.trim();
  const numbers = readNumbers(text, question);
  const label = question.options.findIndex(
    (option) => recognisable(option.label).toLowerCase() === recognisable(text).toLowerCase(),
  );
  if (label >= 0 && isOnlyMatch(text, question)) {
    // "2" as a label that is not the second: which one is meant is not certain.
    const isOther = numbers?.some((number) => number !== label + 1) === true;
    return isOther ? undefined : { by, options: [label + 1] };
  }
  if (numbers !== undefined) {
    const isClear = numbers.length > 0 && (question.multiSelect || numbers.length === 1);
    return isClear ? { by, options: numbers } : undefined;
  }
  return readWords(text, by);
}

/** Sorted; undefined when the text does not begin with a digit, empty when it does but is no list of our numbers. */
function readNumbers(text: string, question: Question): readonly number[] | undefined {
  const plain = text.normalize("NFKC").replace(KEYCAP, "").trim();
  if (!/^[^\p{L}\p{N}]*\p{N}/u.test(plain)) return undefined;
  if (!NUMBERS.test(plain)) return [];
  const numbers = (plain.match(/\d+/g) ?? []).map(Number);
  const isValid =
    new Set(numbers).size === numbers.length && numbers.every((each) => isOption(each, question));
  return isValid ? numbers.toSorted((a, b) => a - b) : [];
}

function readWords(text: string, by: Phone): QuestionAnswer | undefined {
  const words = [...text].slice(0, MAX_ANSWER_LENGTH).join("");
  // "?" and "👍" say nothing that is certain.
  if (!/\p{L}/u.test(words) || visibleBlock(words).length > MAX_SHOWN_LENGTH) return undefined;
  return { by, text: words };
}

function isOnlyMatch(text: string, { options }: Question): boolean {
  const wanted = recognisable(text).toLowerCase();
  return options.filter(({ label }) => recognisable(label).toLowerCase() === wanted).length === 1;
}

function isOption(number: number, { options }: Question): boolean {
  return Number.isInteger(number) && number >= 1 && number <= options.length;
}

/**
 * The input with which Claude gets the answers: the questions as they were, a text for each of them, and nothing else.
 * What the model itself has put beside the questions, such as `annotations`, would be read as the person's words.
 * @returns undefined unless there is exactly one answer for every question
 */
export function answeredInput(
  { input }: ToolCall,
  answers: readonly QuestionAnswer[] = [],
): ToolCall["input"] | undefined {
  const parsed = parseQuestions(input);
  if (!parsed.ok || answers.length !== parsed.questions.length) return undefined;
  const texts = parsed.questions.map((question, index) => answerText(question, answers[index]));
  if (texts.some((text) => text === undefined || text === "")) return undefined;
  const pairs = parsed.questions.map(({ question }, index) => [question, texts[index]] as const);
  return { questions: input["questions"], answers: Object.fromEntries(pairs) };
}

function answerText(
  { options, multiSelect }: Question,
  answer: QuestionAnswer | undefined,
): string | undefined {
  if (answer === undefined) return undefined;
  if ("text" in answer) return visibleBlock(answer.text);
  if (answer.options.length > 1 && !multiSelect) return undefined;
  const labels = answer.options.map((number) => options[number - 1]?.label);
  return labels.includes(undefined) ? undefined : labels.join(", ");
}
