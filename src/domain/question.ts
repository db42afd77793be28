// Claude's questions to the person: what `AskUserQuestion` carries. Read strictly: what is not certain is not asked.

import type { AskedField } from "./field-rule.ts";
import type { ToolCall } from "./tool-call.ts";

/** The tool whose calls need an answer, not a permission. */
export const QUESTION_TOOL = "AskUserQuestion";

export function isQuestion({ toolName }: Pick<ToolCall, "toolName">): boolean {
  return toolName === QUESTION_TOOL;
}

interface QuestionOption {
  readonly label: string;
  /** Empty where there is none, as is the preview. */
  readonly description: string;
  readonly preview: string;
}

export interface Question {
  readonly question: string;
  /** A word or two above it; may be empty. */
  readonly header: string;
  readonly multiSelect: boolean;
  readonly options: readonly QuestionOption[];
  /** Of a form's field: what it takes. */
  readonly field?: AskedField | undefined;
}

export type ParsedQuestions =
  | { readonly ok: true; readonly questions: readonly Question[] }
  | { readonly ok: false; readonly problem: string };

/** As Claude Code's own tool has them. */
const MAX_QUESTIONS = 4;
const MIN_OPTIONS = 2;
const MAX_OPTIONS = 4;
/**
 * The longest input, as JSON: an allow repeats the questions and labels beside the answers, and must stay below the 45,000
 * characters that Claude Code reads whole.
 */
export const MAX_QUESTIONS_LENGTH = 12_000;

/** Reads the input of a question call, or says what is wrong with it. No foreign text is in the problem. */
export function parseQuestions(input: ToolCall["input"]): ParsedQuestions {
  try {
    return { ok: true, questions: readQuestions(input) };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, problem: error.message };
    throw error;
  }
}

/** The questions of a call, and as they are shown; a problem also where two cannot be told apart once their secrets are masked. */
export function askableQuestions(
  call: ToolCall,
  shown: ToolCall,
  read: (call: ToolCall) => ParsedQuestions = ({ input }) => parseQuestions(input),
): ParsedQuestions {
  const original = read(call);
  if (!original.ok) return original;
  const masked = read(shown);
  if (!masked.ok) return { ok: false, problem: `with its secrets masked, ${masked.problem}` };
  return original;
}

class Unreadable extends Error {}

function readQuestions(input: ToolCall["input"]): Question[] {
  const { questions } = input;
  if (!Array.isArray(questions)) throw new Unreadable("there is no list of questions");
  if (questions.length < 1 || questions.length > MAX_QUESTIONS)
    throw new Unreadable(`there are ${questions.length} questions, not 1 to ${MAX_QUESTIONS}`);
  if (JSON.stringify(input).length > MAX_QUESTIONS_LENGTH)
    throw new Unreadable(`they have more than ${MAX_QUESTIONS_LENGTH} characters`);
  const read = questions.map((each: unknown, index) => readQuestion(each, `question ${index + 1}`));
  if (hasTwins(read.map(({ question }) => question)))
    throw new Unreadable("two questions have the same text");
  return read;
}

function readQuestion(value: unknown, name: string): Question {
  const { question, header, multiSelect = false, options } = fieldsOf(value, name);
  if (typeof multiSelect !== "boolean") throw new Unreadable(`multiSelect of ${name} is not true or false`);
  if (!Array.isArray(options)) throw new Unreadable(`${name} has no list of options`);
  if (options.length < MIN_OPTIONS || options.length > MAX_OPTIONS)
    throw new Unreadable(`${name} has ${options.length} options, not ${MIN_OPTIONS} to ${MAX_OPTIONS}`);
  const read = {
    question: filled(question, `the text of ${name}`),
    header: optional(header, `the header of ${name}`),
    multiSelect,
    options: options.map((each: unknown, index) => readOption(each, `option ${index + 1} of ${name}`)),
  };
  const labels = read.options.map(({ label }) => label);
  if (hasTwins(labels)) throw new Unreadable(`two options of ${name} have the same label`);
  // Several labels are joined by ", ": a label of its own may read like two others.
  if (multiSelect && hasTwins(selections(labels)))
    throw new Unreadable(`the labels of ${name} can be confused when several are chosen`);
  return read;
}

function readOption(value: unknown, name: string): QuestionOption {
  const { label, description, preview } = fieldsOf(value, name);
  return {
    label: filled(label, `the label of ${name}`),
    description: optional(description, `the description of ${name}`),
    preview: optional(preview, `the preview of ${name}`),
  };
}

function fieldsOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Unreadable(`${name} is not an object`);
  return value as Readonly<Record<string, unknown>>;
}

function filled(value: unknown, name: string): string {
  if (typeof value !== "string" || recognisable(value) === "") throw new Unreadable(`${name} is missing`);
  return value;
}

function optional(value: unknown, name: string): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") throw new Unreadable(`${name} is not a text`);
  return value;
}

/** Whether a person could mistake one of the texts for another. */
function hasTwins(texts: readonly string[]): boolean {
  return new Set(texts.map(recognisable)).size < texts.length;
}

/** What a person sees of a text: without what is invisible, differences of form and of blanks. */
export function recognisable(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/\s+/gu, " ")
    .replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]+/gu, "")
    .trim();
}

/** Every way to choose, as it is told to Claude. */
function selections(labels: readonly string[]): string[] {
  const made: string[] = [];
  for (const label of labels) made.push(label, ...made.map((chosen) => `${chosen}, ${label}`));
  return made;
}
