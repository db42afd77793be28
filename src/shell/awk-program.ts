// Where awk's program stands.
import { type Invocation, leadingOptions } from "./invocation.ts";
import type { ShellWord } from "./shell-word.ts";

const AWK = /^[gmn]?awk$/;

/** The programs on the command line: the first operand, or what gawk's `-e` has. One in a file is none of them. */
export function awkPrograms(call: Invocation): readonly ShellWord[] {
  if (!AWK.test(call.name)) return [];
  const options = leadingOptions(call, "-e --source --file -i -l");
  const given = options.values("-e", "--source");
  if (given.length > 0 || options.values("-f", "--file").length > 0) return given;
  return options.operands.slice(0, 1);
}
