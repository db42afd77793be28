// Text that bash evaluates although nothing looks like a command: an index where a number or a name is expected, and what
// a prompt would run.
import type { Code } from "./code.ts";
import type { Invocation } from "./invocation.ts";
import type { ShellWord } from "./shell-word.ts";

/**
 * What stands in an index, wherever in a word: `[[ -v 'a[$(id)]' ]]`, `x='1+a[$(id)]'`. A variable that holds it runs it
 * as soon as it is used as a number, or as a name. In double quotes the shell runs it at once: that is seen without this.
 */
export function codeInIndex({ pieces, flow }: ShellWord): readonly Code[] {
  if (!pieces.some(({ kind, text }) => kind !== "expansion" && /\$\(|`/.test(text))) return [];
  const text = pieces.map((piece) => (piece.kind === "expansion" ? " " : piece.text)).join("");
  const start = startOfIndex(text);
  return start === undefined ? [] : [{ shell: true, text: text.slice(start), flow, told: true }];
}

/** Behind the bracket of the first index with a command in it: one pass, as the text may be long. */
function startOfIndex(text: string): number | undefined {
  let start = 0;
  let depth = 0;
  for (const { 0: sign, index } of text.matchAll(/\[|\]|\$\(|`/g)) {
    if (sign === "]") depth = Math.max(0, depth - 1);
    else if (sign !== "[") {
      if (depth > 0) return start;
    } else if (depth > 0) depth += 1;
    else if (/\w/.test(text[index - 1] ?? "")) {
      depth = 1;
      start = index + 1;
    }
  }
  return undefined;
}

/** The same among the words of a builtin that takes names or numbers. */
export function indexCode({ args }: Invocation): readonly Code[] {
  return args.flatMap(codeInIndex);
}

const NONE: readonly string[] = [];
const AS_PROMPT = /^"?\$\{!?(\w+)(?:\[[^\]]*\])?@P\}/;

/** The names whose values a word has expanded like a prompt, `${x@P}`: commands in them run. */
export function namesAsPrompts({ pieces, fixed }: ShellWord): readonly string[] {
  if (fixed) return NONE;
  return pieces.flatMap(({ kind, text }) => {
    const name = kind === "expansion" ? AS_PROMPT.exec(text)?.[1] : undefined;
    return name === undefined ? [] : [name];
  });
}
