// Masks both sides of a change alike, and says when that hides what changes: two secrets behind the same mask.
import type { Inspection } from "../domain/inspection.ts";
import type { ToolCall } from "../domain/tool-call.ts";
import type { Replaced } from "./replaced-file.ts";
import type { SecretMasker } from "./secrets.ts";

type MaskedChange = Pick<Inspection, "replaces" | "isUnlike">;

/**
 * What a call changes, masked.
 * @param call with its secrets
 * @param shown the same, masked
 * @param replaced the file's text, with its secrets
 */
export function maskedChange(
  masker: SecretMasker,
  call: ToolCall,
  shown: ToolCall["input"],
  replaced: Replaced | undefined,
): MaskedChange {
  if (call.toolName === "Edit") {
    const both = ({ old_string, new_string }: ToolCall["input"]) => [old_string, new_string];
    return looksAlike(both(call.input), both(shown)) ? { isUnlike: true } : {};
  }
  if (replaced === undefined || "unknown" in replaced) return { replaces: replaced };
  const { content } = call.input;
  // As the call was masked: what counts as a secret depends on what a field is.
  const together = masker.maskCall({ ...call, input: { ...call.input, replaced: replaced.text } });
  const { content: after, replaced: before = "" } = together.value;
  if (!together.checked) return { replaces: { unknown: "which was not checked for secrets" } };
  // What the phone shows of the call must be what is compared.
  if (after !== shown["content"] || looksAlike([content, replaced.text], [after, before]))
    return { replaces: { unknown: "which cannot be compared because of masked secrets" } };
  return { replaces: { text: String(before) } };
}

/** Whether two different lines of the texts are the same line once they are masked, or lines were lost. */
function looksAlike(texts: readonly unknown[], masked: readonly unknown[]): boolean {
  const lineOf = new Map<string, string>();
  return texts.some((text, index) => {
    const shown = masked[index];
    if (typeof text !== "string" || typeof shown !== "string") return false;
    const lines = text.split("\n");
    const shownLines = shown.split("\n");
    if (lines.length !== shownLines.length) return true;
    return shownLines.some((line, at) => {
      const original = lines[at] ?? "";
      const known = lineOf.get(line) ?? original;
      lineOf.set(line, original);
      return known !== original;
    });
  });
}
