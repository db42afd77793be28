// What Twilio and WhatsApp would refuse in a template, found before anything is sent. Every problem, not just the first.
// Limits: https://www.twilio.com/docs/content/twilio-quick-reply and the Content API's reference.
import { z } from "zod";
import { readAs } from "../../../core/read-as.ts";
import {
  fillPlaceholders,
  type MessageTemplate,
  variableNames,
  variableOf,
  withoutEmoji,
} from "./template.ts";

const MAX_BODY_LENGTH = 1024;
const MAX_TITLE_LENGTH = 20;
/** A space and the five letters of a request's id. */
const ID_IN_TITLE_LENGTH = 6;
const MAX_BUTTON_ID_LENGTH = 128;
const MAX_SAMPLE_LENGTH = 1600;
/** More than three need WhatsApp's approval before the first message. */
const MAX_BUTTONS = 3;
/** What Twilio refuses in a variable's value (error 21656). */
const BAD_SAMPLE = /[\r\n\t]| {5}/;

const templateSchema = z.strictObject({
  key: z.string().regex(/^[a-z][a-z0-9_]*$/, "wants lower-case letters, digits and _"),
  env: z
    .string()
    .regex(/^TWILIO_CONTENT_SID(_[A-Z0-9]+)*$/, "wants TWILIO_CONTENT_SID or TWILIO_CONTENT_SID_…")
    // Files from before the SIDs were found by name have it.
    .optional(),
  friendly_name: z.string().regex(/^[a-z][a-z0-9_]*$/, "wants lower-case letters, digits and _"),
  language: z.string().regex(/^[a-z]{2,3}(_[A-Z]{2})?$/, "wants a language code such as en or pt_BR"),
  body: z.string().min(1, "is empty"),
  buttons: z.array(z.strictObject({ title: z.string(), id: z.string().min(1, "is empty") })),
  variables: z.array(
    z.strictObject({
      name: z.string().regex(/^[A-Za-z]\w*$/, "wants a name of letters, digits and _, a letter first"),
      sample: z.string(),
    }),
  ),
});

/** One template from the file: the template, or what is wrong with its shape or content. */
export function checkTemplate(entry: unknown): { template?: MessageTemplate; problems: string[] } {
  const parsed = readAs(templateSchema, entry);
  if (!parsed.success) {
    return {
      problems: parsed.error.issues.map((issue) =>
        issue.path.length === 0 ? issue.message : `${z.core.toDotPath(issue.path)}: ${issue.message}`,
      ),
    };
  }
  const { friendly_name: friendlyName, env = variableOf(parsed.data.key), ...rest } = parsed.data;
  const template = { ...rest, env, friendlyName };
  return { template, problems: [...variableProblems(template), ...buttonProblems(template)] };
}

/** What keeps a template from carrying the request's id in its titles. */
export function checkTitlesWithId({ variables, buttons }: MessageTemplate): string[] {
  const room = MAX_TITLE_LENGTH - ID_IN_TITLE_LENGTH;
  return [
    ...(variables.some(({ name }) => name === "id")
      ? []
      : ["it has no variable {{id}} to put into the titles"]),
    ...buttons
      .filter(({ title }) => title.length > room)
      .map(
        ({ title }) =>
          `the button title ${JSON.stringify(title)} has ${title.length} characters; with the request's id behind it there is room for ${room}`,
      ),
  ];
}

/** What two templates may not share. */
export function checkUnique(templates: readonly MessageTemplate[]): string[] {
  return [
    ...repeated(templates.map((template) => template.key)).map((key) => `two templates have the key ${key}`),
    ...repeated(templates.map((template) => template.env)).map((env) => `two templates write to ${env}`),
    ...repeated(templates.map((template) => template.friendlyName)).map(
      (name) => `two templates have the friendly_name ${name}`,
    ),
  ];
}

function variableProblems(template: MessageTemplate): string[] {
  const names = template.variables.map((variable) => variable.name);
  const used = variableNames(template);
  const filled = withSamples(template, template.body);
  return [
    ...repeated(names).map((name) => `the variable ${name} is listed twice`),
    ...used.filter((name) => !names.includes(name)).map((name) => `{{${name}}} is not among the variables`),
    ...names.filter((name) => !used.includes(name)).map((name) => `the variable ${name} is never used`),
    ...template.variables.flatMap(({ name, sample }) => sampleProblems(name, sample)),
    ...[template.body, ...template.buttons.map((button) => button.id)]
      .filter((text) => /\{\{|\}\}/.test(fillPlaceholders(text, () => "")))
      .map((text) => `a placeholder is not of the form {{name}}: ${JSON.stringify(text)}`),
    ...(filled.length > MAX_BODY_LENGTH
      ? [`the body with its samples has ${filled.length} characters; WhatsApp takes ${MAX_BODY_LENGTH}`]
      : []),
  ];
}

function sampleProblems(name: string, sample: string): string[] {
  if (sample.trim() === "") return [`the sample of ${name} is empty`];
  if (sample.length > MAX_SAMPLE_LENGTH)
    return [`the sample of ${name} is longer than ${MAX_SAMPLE_LENGTH} characters`];
  if (BAD_SAMPLE.test(sample))
    return [`the sample of ${name} has a newline, a tab or more than 4 spaces in a row`];
  return [];
}

function buttonProblems(template: MessageTemplate): string[] {
  const { buttons } = template;
  return [
    ...(buttons.length === 0 ? ["there are no buttons"] : []),
    ...(buttons.length > MAX_BUTTONS
      ? [`there are ${buttons.length} buttons; WhatsApp takes ${MAX_BUTTONS}`]
      : []),
    ...buttons.flatMap(({ title }) => titleProblems(title)),
    ...buttons
      .filter(({ id }) => withSamples(template, id).length > MAX_BUTTON_ID_LENGTH)
      .map(
        ({ title }) => `the id of the button ${JSON.stringify(title)} is longer than ${MAX_BUTTON_ID_LENGTH}`,
      ),
    ...repeated(buttons.map(({ title }) => withoutEmoji(title))).map(
      (title) => `two buttons are called "${title}"`,
    ),
    ...repeated(buttons.map(({ id }) => id)).map((id) => `two buttons have the id ${id}`),
  ];
}

function titleProblems(title: string): string[] {
  const shown = JSON.stringify(title);
  const problems: string[] = [];
  if (title.length > MAX_TITLE_LENGTH) {
    problems.push(
      `the button title ${shown} has ${title.length} characters; WhatsApp takes ${MAX_TITLE_LENGTH}`,
    );
  }
  if (withoutEmoji(title) === "") problems.push(`the button title ${shown} has no words`);
  if (/[\r\n]/.test(title)) problems.push(`the button title ${shown} has a newline`);
  if (title.includes("{{")) problems.push(`the button title ${shown} has a variable`);
  return problems;
}

function withSamples(template: MessageTemplate, text: string): string {
  const samples = new Map(template.variables.map(({ name, sample }) => [name, sample]));
  return fillPlaceholders(text, (name) => samples.get(name) ?? "");
}

function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
