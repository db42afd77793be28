// Reads template_config.json and turns its named variables into Twilio's numbered ones. No I/O.
import { createHash } from "node:crypto";
import { z } from "zod";
import { readAs } from "../../../core/read-as.ts";
import { ConfigError } from "../../../domain/errors.ts";
import {
  fillPlaceholders,
  KEEP_OPEN_TEMPLATE,
  type MessageTemplate,
  type TemplateButton,
  variableNames,
  withoutEmoji,
} from "./template.ts";
import { checkTemplate, checkTitlesWithId, checkUnique } from "./template-check.ts";

/** The name of the file at the root of the repository. */
export const TEMPLATE_CONFIG_FILE = "template_config.json";

/**
 * The last sentence of the variant for WhatsApp's approval: a body may not end with a variable, and needs at least
 * 2x + 1 fixed words for x variables. The variant for use inside the session leaves it out.
 */
const APPROVAL_CLOSING = "Claude waits for your answer: tap a button below. Without an answer nothing runs.";

/** The body of `POST /v1/Content`. Snake case on purpose: the SDK sends the object as it is given. */
export interface ContentPayload {
  readonly friendly_name: string;
  readonly language: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly types: {
    readonly "twilio/quick-reply": { readonly body: string; readonly actions: readonly TemplateButton[] };
  };
}

const fileSchema = z.strictObject({ templates: z.array(z.unknown()).min(1, "is empty") });

/**
 * Reads the text of template_config.json.
 * @throws ConfigError with every problem, each naming its template.
 */
export function parseTemplateConfig(text: string): MessageTemplate[] {
  const file = readAs(fileSchema, parseJson(text));
  if (!file.success) {
    throw new ConfigError(
      file.error.issues.map(
        (issue) => `${TEMPLATE_CONFIG_FILE}: ${[...issue.path, issue.message].join(": ")}`,
      ),
    );
  }
  const checked = file.data.templates.map(checkTemplate);
  const templates = checked.flatMap(({ template }) => template ?? []);
  const problems = checked.flatMap(({ template, problems }, index) =>
    problems.map((problem) => `template ${template?.key ?? index + 1}: ${problem}`),
  );
  problems.push(...checkUnique(templates));
  if (problems.length > 0) {
    throw new ConfigError(problems.map((problem) => `${TEMPLATE_CONFIG_FILE}: ${problem}`));
  }
  return templates;
}

/** What to create at Twilio for use inside the 24-hour session. The same content always gets the same name. */
export function toContent(template: MessageTemplate): ContentPayload {
  return versioned(template, template.friendlyName);
}

/** The variant for WhatsApp's approval: no emoji in the titles, no variable at the end. Takes the same variables. */
export function toApprovalContent(template: MessageTemplate): ContentPayload {
  const approvable: MessageTemplate = {
    ...template,
    body: `${template.body}\n\n${APPROVAL_CLOSING}`,
    buttons: template.buttons.map(({ title, id }) => ({ title: withoutEmoji(title), id })),
  };
  return versioned(approvable, `${template.friendlyName}_submitted`);
}

/**
 * The variant for when replies are read from the message list, where a tap is only its button's title: each title ends
 * with the request's id. For use inside the session only: WhatsApp approves no title with a variable. The template that is
 * for no request stays as it is.
 * @throws ConfigError when there is no id to write, or a title gets too long with it.
 */
export function withIdInTitles(template: MessageTemplate): MessageTemplate {
  if (template.key === KEEP_OPEN_TEMPLATE) return template;
  const problems = checkTitlesWithId(template);
  if (problems.length > 0) {
    throw new ConfigError(
      problems.map((problem) => `${TEMPLATE_CONFIG_FILE}: template ${template.key}: ${problem}`),
    );
  }
  return {
    ...template,
    env: `${template.env}_WITH_ID`,
    friendlyName: `${template.friendlyName}_with_id`,
    buttons: template.buttons.map(({ title, id }) => ({ title: `${title} {{id}}`, id })),
  };
}

/**
 * The numbered variables of a message; values that the template does not use are left out.
 * @throws ConfigError when the template uses a name that has no value.
 */
export function contentVariables(
  template: MessageTemplate,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = variableNames(template);
  const missing = names.filter((name) => !Object.hasOwn(values, name));
  if (missing.length > 0) {
    throw new ConfigError(
      missing.map((name) => `template ${template.key}: there is no value for {{${name}}} in this message`),
    );
  }
  return numbered(names, (name) => values[name] ?? "");
}

function versioned(template: MessageTemplate, baseName: string): ContentPayload {
  const names = variableNames(template);
  const numberOf = (name: string) => `{{${names.indexOf(name) + 1}}}`;
  const samples = new Map(template.variables.map(({ name, sample }) => [name, sample]));
  const content = {
    language: template.language,
    variables: numbered(names, (name) => samples.get(name) ?? ""),
    types: {
      "twilio/quick-reply": {
        body: fillPlaceholders(template.body, numberOf),
        actions: template.buttons.map(({ title, id }) => ({
          title: fillPlaceholders(title, numberOf),
          id: fillPlaceholders(id, numberOf),
        })),
      },
    },
  };
  const version = createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 8);
  return { friendly_name: `${baseName}_${version}`, ...content };
}

function numbered(names: readonly string[], value: (name: string) => string): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [String(index + 1), value(name)]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`${TEMPLATE_CONFIG_FILE} is not valid JSON: ${why}`]);
  }
}
