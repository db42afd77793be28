// What to send instead of a template that Twilio refuses: the same message in other bytes, and at last as plain text.
// Apostrophes in variables have caused 21656 (https://github.com/twilio/twilio-node/issues/1082, never resolved).
import { fieldsOf } from "../error-advice.ts";
import type { MessageContent, MessageText } from "./message.ts";

// A value was refused. Any other fault of a message is a fault of its plain form too.
const VARIABLE_REFUSED: ReadonlySet<unknown> = new Set([21656, 21658, 92007]);
const TEMPLATE_GONE: ReadonlySet<unknown> = new Set([21655, 92006]);

/** One form of a message; no two have the same bytes. */
export interface MessageForm {
  readonly name: "as it is" | "apostrophes escaped" | "apostrophes curled" | "plain text";
  readonly text: MessageText;
}

/** The forms of a message, best first. */
export function formsOf(content: MessageContent): readonly [MessageForm, ...MessageForm[]] {
  if ("body" in content) return [{ name: "plain text", text: { body: content.body } }];
  const { contentSid, variables, plain } = content;
  const last: MessageForm = { name: "plain text", text: { body: plain } };
  if (Object.keys(variables).length === 0) return [{ name: "as it is", text: { contentSid } }, last];
  const json = JSON.stringify(variables);
  const inBytes = (name: MessageForm["name"], contentVariables: string): MessageForm => ({
    name,
    text: { contentSid, contentVariables },
  });
  if (!json.includes("'")) return [inBytes("as it is", json), last];
  return [
    inBytes("as it is", json),
    // Never `\'`: that is not valid JSON.
    inBytes("apostrophes escaped", json.replaceAll("'", "\\u0027")),
    inBytes("apostrophes curled", json.replaceAll("'", "’")),
    last,
  ];
}

/** The remaining forms that Twilio may take after this error; for most errors there are none. */
export function fallbacksAfter(error: unknown, remaining: readonly MessageForm[]): readonly MessageForm[] {
  if (VARIABLE_REFUSED.has(fieldsOf(error).code)) return remaining;
  return isTemplateGone(error) ? remaining.filter(({ name }) => name === "plain text") : [];
}

export function isTemplateGone(error: unknown): boolean {
  return TEMPLATE_GONE.has(fieldsOf(error).code);
}
