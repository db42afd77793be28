// A WhatsApp template as this project keeps it: named variables in a body and in buttons. Values only.

export interface TemplateButton {
  /** What the person reads: 20 characters at most; a variable only in the variant that `withIdInTitles` makes. */
  readonly title: string;
  /** What comes back after a tap; may hold variables. */
  readonly id: string;
}

interface TemplateVariable {
  readonly name: string;
  /** A realistic value: Meta's reviewers read it. */
  readonly sample: string;
}

export interface MessageTemplate {
  readonly key: string;
  /** The environment variable in which an operator may name another SID for it: how it was done before they were found by name. */
  readonly env: string;
  /** The name at Twilio, before the suffix that tells versions apart. */
  readonly friendlyName: string;
  readonly language: string;
  readonly body: string;
  readonly buttons: readonly TemplateButton[];
  readonly variables: readonly TemplateVariable[];
}

/** The one variable that `setup-template` writes: the SID of the template for a command. */
export const COMMAND_VARIABLE = "TWILIO_CONTENT_SID";

/** The only template that is for no request: its button answers nothing. */
export const KEEP_OPEN_TEMPLATE = "keep_open";

/** `tool_1` → `TWILIO_CONTENT_SID_TOOL_1`. */
export function variableOf(key: string): string {
  return key === "command" ? COMMAND_VARIABLE : `${COMMAND_VARIABLE}_${key.toUpperCase()}`;
}

const PLACEHOLDER = /\{\{([A-Za-z]\w*)\}\}/g;

/** The names of the variables in a text, each once, in order of first appearance. */
function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ""))];
}

/** Replaces every `{{name}}`. */
export function fillPlaceholders(text: string, value: (name: string) => string): string {
  return text.replace(PLACEHOLDER, (_, name: string) => value(name));
}

/** The names that a template uses, in the order in which Twilio numbers them: 1, 2, … */
export function variableNames(template: Pick<MessageTemplate, "body" | "buttons">): string[] {
  const { body, buttons } = template;
  const texts = [body, ...buttons.map(({ id }) => id), ...buttons.map(({ title }) => title)];
  return [...new Set(texts.flatMap(placeholders))];
}

const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u20E3|\uFE0F|\u200D/gu;

/** A button's title as WhatsApp's approval wants it: words only. */
export function withoutEmoji(title: string): string {
  return title.replace(EMOJI, "").replace(/\s+/g, " ").trim();
}
