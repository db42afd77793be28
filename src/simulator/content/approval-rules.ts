// WhatsApp's rules for templates that want approval, as far as they can be checked by a machine.
import { placeholdersIn, withoutPlaceholders } from "./placeholders.ts";
import type { Template } from "./template.ts";

const EMOJI = /\p{Extended_Pictographic}/gu;
const MAX_EMOJI = 10;

/** Why WhatsApp would reject the template; undefined when it would not. */
export function rejectionReason(template: Template): string | undefined {
  const { types } = template;
  if (types["twilio/list-picker"] !== undefined)
    return "twilio/list-picker cannot be approved: it is for open sessions only";
  const body = (types["twilio/quick-reply"] ?? types["twilio/text"])?.body ?? "";
  const titles = types["twilio/quick-reply"]?.actions.map((action) => action.title) ?? [];
  return (
    bodyProblem(body, template.variables) ?? titles.map(titleProblem).find((problem) => problem !== undefined)
  );
}

function bodyProblem(body: string, samples: Template["variables"]): string | undefined {
  const text = body.trim();
  const names = placeholdersIn(text);
  if (text.length > 1024) return "The body is longer than 1024 characters";
  if (text.startsWith("{{") || text.endsWith("}}")) return "The body starts or ends with a variable";
  if (/\}\}\s*\{\{/.test(text)) return "The body has variables next to each other";
  const words = withoutPlaceholders(text).match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  if (names.length > 0 && words < 2 * names.length + 1)
    return "The body has too many variables for its length";
  const missing = names.find((name) => (samples[name] ?? "").trim() === "");
  if (missing !== undefined) return `Variable {{${missing}}} has no sample value`;
  if ((text.match(EMOJI)?.length ?? 0) > MAX_EMOJI) return `The body has more than ${MAX_EMOJI} emoji`;
  return undefined;
}

function titleProblem(title: string): string | undefined {
  if (placeholdersIn(title).length > 0) return `The button title "${title}" has a variable`;
  if (/[\r\n]/.test(title)) return "A button title has a newline";
  if (title.search(EMOJI) >= 0) return `The button title "${title}" has an emoji`;
  return undefined;
}
