// What a person's words or picks mean as the answer to a field of a form, and what the MCP server gets of them. A value is
// either the person's own or not there.

import { charactersIn } from "./characters.ts";
import type { AskedField, FieldRule } from "./field-rule.ts";
import { type FormField, parseForm } from "./form.ts";
import { parsedUrl } from "./parsed-url.ts";
import type { QuestionAnswer, Said } from "./question-answer.ts";
import type { Phone, ToolCall } from "./tool-call.ts";

/** A field that is left out: an answer without options. */
const LEFT_OUT: readonly number[] = [];
const NUMBER = /^[+-]?\d{1,15}(?:\.\d{1,9})?$/;

/** Reads an answer; undefined when it is not certain, or the field does not take it. */
export function readFieldAnswer(
  said: Said,
  { rule, isOptional }: AskedField,
  by: Phone,
): QuestionAnswer | undefined {
  if ("option" in said) return { by, options: [said.option] };
  const text = said.text.trim();
  if (isOptional && text === "-") return { by, options: LEFT_OUT };
  return typedValue(text, rule) === undefined ? undefined : { by, text };
}

/** The value of a text in a field that takes one. */
function typedValue(text: string, rule: FieldRule): string | number | undefined {
  if (rule.kind === "number") {
    const number = NUMBER.test(text) ? Number(text) : Number.NaN;
    const isIn = number >= rule.min && number <= rule.max && (!rule.isWhole || Number.isSafeInteger(number));
    return isIn ? number : undefined;
  }
  if (rule.kind !== "text" || text === "") return undefined;
  const length = charactersIn(text);
  return length >= rule.min && length <= rule.max && hasFormat(text, rule.format) ? text : undefined;
}

function hasFormat(text: string, format: string | undefined): boolean {
  switch (format) {
    case undefined:
      return true;
    case "email":
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
    case "uri":
      return parsedUrl(text) !== undefined;
    case "date":
      return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
    case "date-time":
      return /^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(Date.parse(text));
    default:
      return false;
  }
}

/** What the server gets; undefined unless there is exactly one answer for every field. */
export function formContent(
  call: ToolCall,
  answers: readonly QuestionAnswer[] = [],
): Readonly<Record<string, unknown>> | undefined {
  const form = parseForm(call);
  if (!form.ok || answers.length !== form.fields.length) return undefined;
  const entries: [string, unknown][] = [];
  for (const [index, field] of form.fields.entries()) {
    const answer = answers[index];
    const value = answer === undefined ? undefined : fieldValue(field, answer);
    if (value === undefined) return undefined;
    if (value.isThere) entries.push([field.key, value.value]);
  }
  return Object.fromEntries(entries);
}

/** Undefined where the answer does not fit; not there where the person left the field out. */
function fieldValue(
  { rule, isOptional }: FormField,
  answer: QuestionAnswer,
): { readonly isThere: boolean; readonly value?: unknown } | undefined {
  if ("text" in answer) {
    const value = typedValue(answer.text, rule);
    return value === undefined ? undefined : { isThere: true, value };
  }
  const { options } = answer;
  if (options.length === 0) return isOptional ? { isThere: false } : undefined;
  if (rule.kind === "choices") {
    const values = options.map((number) => rule.values[number - 1]);
    const fits = !values.includes(undefined) && values.length >= rule.min && values.length <= rule.max;
    return fits ? { isThere: true, value: values } : undefined;
  }
  const [number = 0] = options;
  if (rule.kind !== "choice" || options.length > 1) return undefined;
  // One more than there are values: "Leave it out".
  if (isOptional && number === rule.values.length + 1) return { isThere: false };
  const value = rule.values[number - 1];
  return value === undefined ? undefined : { isThere: true, value };
}
