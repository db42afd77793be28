// What a script of sed runs and writes: its commands `e` and `w`, and the flags of `s` of the same names. Reads the script
// as sed does, so that an `e` in a text that is searched for is not taken for one.

import { type Invocation, optionsOf } from "./invocation.ts";
import type { ShellWord } from "./shell-word.ts";

interface SedScript {
  /** What the shell runs. */
  readonly commands: readonly string[];
  /** Whether it runs text that is only known when it runs. */
  readonly runsUnknown: boolean;
  /** The files that it writes. */
  readonly files: readonly string[];
}

export function readSedScript(text: string): SedScript {
  const commands: string[] = [];
  const files: string[] = [];
  let runsUnknown = false;
  let at = 0;

  const restOfLine = () => {
    const end = text.indexOf("\n", at);
    const rest = text.slice(at, end < 0 ? undefined : end).trim();
    at = end < 0 ? text.length : end + 1;
    return rest;
  };

  /** Past the delimiter that comes next and is not quoted. */
  const skipTo = (delimiter: string) => {
    while (at < text.length && text[at] !== delimiter) at += text[at] === "\\" ? 2 : 1;
    at += 1;
  };

  const skipAddress = () => {
    const sign = text[at];
    if (sign === "/" || sign === "\\") {
      at += sign === "/" ? 1 : 2;
      skipTo(sign === "/" ? "/" : (text[at - 1] ?? "/"));
      while (/[IM]/.test(text[at] ?? "")) at += 1;
    } else while (/[\d$~+]/.test(text[at] ?? "")) at += 1;
  };

  const readSubstitution = (command: string) => {
    const delimiter = text[at] ?? "/";
    at += 1;
    skipTo(delimiter);
    skipTo(delimiter);
    if (command === "y") return;
    while (at < text.length && !/[;\n}]/.test(text[at] ?? "")) {
      const flag = text[at];
      at += 1;
      if (flag === "e") runsUnknown = true;
      if (flag === "w") return void files.push(restOfLine());
    }
  };

  while (at < text.length) {
    while (/[\s;{}!,]/.test(text[at] ?? "")) at += 1;
    const before = at;
    skipAddress();
    if (at > before) continue;
    const command = text[at] ?? "";
    at += 1;
    if (command === "s" || command === "y") readSubstitution(command);
    else if (command === "e") {
      const run = restOfLine();
      if (run === "") runsUnknown = true;
      else commands.push(run);
    } else if (command === "w" || command === "W") files.push(restOfLine());
    else if (/[aicrRbtT:#]/.test(command)) restOfLine();
  }
  return { commands, runsUnknown, files };
}

/** The scripts among the words of sed: the values of `-e`, or else its first operand. */
export function sedScripts(call: Invocation): readonly ShellWord[] {
  const options = optionsOf(call, "-e --expression -f --file -l");
  const given = options.values("-e", "--expression");
  const isInFile = options.values("-f", "--file").length > 0;
  return given.length > 0 || isInFile ? given : options.operands.slice(0, 1);
}
