// The form that an MCP server asks a person to fill in (an elicitation), read as questions. Strict: a form with anything in
// it that is not understood is not asked on the phone, and no value is ever made up for the person.
import { type AskedField, type FieldRule, hintOf, MAX_TEXT } from "./field-rule.ts";
import type { ParsedQuestions, Question } from "./question.ts";
import type { ToolCall } from "./tool-call.ts";

/** What a form is called where tools have names. */
export const FORM_TOOL = "Elicitation";

export function isForm({ toolName }: Pick<ToolCall, "toolName">): boolean {
  return toolName === FORM_TOOL;
}

export interface FormField extends AskedField {
  readonly key: string;
  readonly question: Question;
}

/** Fields of a form, and options of a field: buttons and replies count them with one digit. */
const MAX_FIELDS = 9;
const MAX_OPTIONS = 9;
const MAX_FORM_LENGTH = 12_000;
const LEAVE_OUT = "Leave it out";
const FORMATS = new Set<unknown>([undefined, "email", "uri", "date", "date-time"]);
const ABOUT = ["type", "title", "description", "default"];
const KEYS = {
  text: [...ABOUT, "minLength", "maxLength", "format"],
  number: [...ABOUT, "minimum", "maximum"],
  boolean: ABOUT,
  choice: [...ABOUT, "enum", "enumNames", "oneOf"],
  choices: [...ABOUT, "items", "minItems", "maxItems"],
};

type Fields = Readonly<Record<string, unknown>>;

class UnreadableForm extends Error {}

/** The fields of a form, or what is wrong with it. No foreign text is in the problem. */
export function parseForm({
  input,
}: ToolCall):
  | { readonly ok: true; readonly fields: readonly FormField[] }
  | { readonly ok: false; readonly problem: string } {
  try {
    return { ok: true, fields: readForm(input) };
  } catch (error) {
    if (error instanceof UnreadableForm) return { ok: false, problem: error.message };
    throw error;
  }
}

/** A form's questions, one for each field. */
export function formQuestions(call: ToolCall): ParsedQuestions {
  const form = parseForm(call);
  return form.ok ? { ok: true, questions: form.fields.map(({ question }) => question) } : form;
}

function readForm(input: Fields): FormField[] {
  const { message, requested_schema: schema, mcp_server_name: server } = input;
  if (typeof message !== "string" || message.trim() === "")
    throw new UnreadableForm("the form has no message");
  if (!isObject(schema) || schema["type"] !== "object" || !isObject(schema["properties"]))
    throw new UnreadableForm("the form has no fields that can be read");
  if (JSON.stringify(input).length > MAX_FORM_LENGTH) throw new UnreadableForm("the form is too long");
  const properties = Object.entries(schema["properties"]);
  if (properties.length < 1 || properties.length > MAX_FIELDS)
    throw new UnreadableForm(`the form has ${properties.length} fields, not 1 to ${MAX_FIELDS}`);
  const { required = [] } = schema;
  if (!Array.isArray(required) || !required.every((key) => properties.some(([name]) => name === key)))
    throw new UnreadableForm("a field that is required is not there");
  const header = typeof server === "string" ? `MCP server ${server}` : "MCP server";
  return properties.map(([key, property], index) => {
    if (!isObject(property)) throw new UnreadableForm(`field ${index + 1} is not an object`);
    return readField(key, property, !required.includes(key), { message, header, number: index + 1 });
  });
}

interface Around {
  readonly message: string;
  readonly header: string;
  readonly number: number;
}

function readField(key: string, property: Fields, isOptional: boolean, around: Around): FormField {
  const { rule, labels } = readRule(property, around.number);
  const words = [optionalText(property["title"], around.number) || key];
  const description = optionalText(property["description"], around.number);
  if (description !== "") words.push(description);
  const hint = hintOf(rule, isOptional && labels.length === 0);
  const shown =
    isOptional && labels.length > 0 && rule.kind === "choice" ? [...labels, [LEAVE_OUT, ""]] : labels;
  return {
    key,
    isOptional,
    rule,
    question: {
      question: `${around.message} · ${words.join(": ")}${hint === "" ? "" : ` (${hint})`}`,
      header: around.header,
      multiSelect: rule.kind === "choices",
      options: shown.map(([label = "", more = ""]) => ({ label, description: more, preview: "" })),
      field: { rule, isOptional },
    },
  };
}

function readRule(
  property: Fields,
  number: number,
): { rule: FieldRule; labels: readonly (readonly string[])[] } {
  const { type } = property;
  if (type === "boolean") {
    only(property, KEYS.boolean, number);
    return { rule: { kind: "choice", values: [true, false] }, labels: [["Yes"], ["No"]] };
  }
  if (type === "number" || type === "integer") {
    only(property, KEYS.number, number);
    const [min, max] = bounds(
      property["minimum"],
      property["maximum"],
      -Number.MAX_VALUE,
      Number.MAX_VALUE,
      number,
    );
    return { rule: { kind: "number", isWhole: type === "integer", min, max }, labels: [] };
  }
  if (type === "array" && isObject(property["items"])) {
    only(property, KEYS.choices, number);
    const { values, labels } = readOptions(property["items"], "anyOf", number);
    const [min, max] = bounds(property["minItems"], property["maxItems"], 0, values.length, number);
    return { rule: { kind: "choices", values, min, max }, labels };
  }
  if (type !== "string") throw new UnreadableForm(`field ${number} is of a kind that is not known`);
  if ("enum" in property || "oneOf" in property) {
    only(property, KEYS.choice, number);
    const { values, labels } = readOptions(property, "oneOf", number);
    return { rule: { kind: "choice", values }, labels };
  }
  only(property, KEYS.text, number);
  const { format } = property;
  if (!FORMATS.has(format)) throw new UnreadableForm(`field ${number} has a format that is not known`);
  const [min, max] = bounds(property["minLength"], property["maxLength"], 0, MAX_TEXT, number);
  if (min > MAX_TEXT) throw new UnreadableForm(`field ${number} wants more than ${MAX_TEXT} characters`);
  return { rule: { kind: "text", min, max, format: format as string | undefined }, labels: [] };
}

/** A title beside its value: a title must not stand for another value than the person thinks. */
function readOptions(from: Fields, list: "oneOf" | "anyOf", number: number) {
  const wrong = () => new UnreadableForm(`the options of field ${number} cannot be read`);
  const { enum: plain, enumNames: names, [list]: titled } = from;
  const pairs: unknown = Array.isArray(plain)
    ? plain.map((value: unknown, index) => [value, Array.isArray(names) ? names[index] : value])
    : Array.isArray(titled) &&
      titled.map((each: unknown) => (isObject(each) ? [each["const"], each["title"]] : []));
  if (!Array.isArray(pairs) || pairs.length < 1 || pairs.length > MAX_OPTIONS) throw wrong();
  const read = pairs.map(([value, title = value]: unknown[]) => {
    if (typeof value !== "string" || typeof title !== "string" || title.trim() === "") throw wrong();
    return { value, label: title === value ? [value] : [title, `the value ${value}`] };
  });
  if (new Set(read.map(({ label: [label = ""] }) => label.trim().toLowerCase())).size < read.length)
    throw wrong();
  return { values: read.map(({ value }) => value), labels: read.map(({ label }) => label) };
}

function bounds(low: unknown, high: unknown, least: number, most: number, number: number): [number, number] {
  for (const bound of [low, high]) {
    if (bound !== undefined && (typeof bound !== "number" || !Number.isFinite(bound)))
      throw new UnreadableForm(`the limits of field ${number} cannot be read`);
  }
  return [
    Math.max(least, (low as number | undefined) ?? least),
    Math.min(most, (high as number | undefined) ?? most),
  ];
}

function only(property: Fields, keys: readonly string[], number: number): void {
  if (Object.keys(property).some((key) => !keys.includes(key)))
    throw new UnreadableForm(`field ${number} has a rule that is not known`);
}

function optionalText(value: unknown, number: number): string {
  if (value === undefined) return "";
  if (typeof value !== "string") throw new UnreadableForm(`the words of field ${number} are not a text`);
  return value.trim();
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
