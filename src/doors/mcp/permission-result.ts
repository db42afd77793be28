// The one text block that Claude Code reads as the answer of its permission prompt tool.

/**
 * Above this the echo is left out, and Claude Code 2.1.207 or later runs the original input. Its results are cut at
 * 25,000 tokens, which breaks the JSON; it starts to count at 50,000 characters (measured with 2.1.329).
 */
const MAX_TEXT_LENGTH = 45_000;

/** A tool result in the shape that Claude Code accepts: exactly one text block, never `isError`. */
export interface PermissionResult {
  readonly [key: string]: unknown;
  content: [{ type: "text"; text: string }];
}

/**
 * Lets the call run.
 * @param hasAnswers then the input is never left out: questions would count as answered with nothing
 */
export function allow(input: Readonly<Record<string, unknown>>, hasAnswers = false): PermissionResult {
  const base = { behavior: "allow" };
  const echoed = block({ ...base, updatedInput: input });
  if (echoed.content[0].text.length <= MAX_TEXT_LENGTH) return echoed;
  return hasAnswers
    ? deny("The answers are too long to be handed over. Ask again with less text.")
    : block(base);
}

/** Refuses the call. The model reads `message` as it is. */
export function deny(message: string): PermissionResult {
  return block({ behavior: "deny", message });
}

function block(answer: object): PermissionResult {
  return { content: [{ type: "text", text: JSON.stringify(answer) }] };
}
