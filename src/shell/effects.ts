// Which files a command reads, writes and deletes, as far as its words name them.
import { awkPrograms } from "./awk-program.ts";
import { type Invocation, optionsOf } from "./invocation.ts";
import { tailOf } from "./options.ts";
import { listed } from "./programs/program.ts";
import { programOf } from "./programs/programs.ts";
import { readSedScript, sedScripts } from "./sed-script.ts";
import type { ShellWord } from "./shell-word.ts";

/** The words whose content a program may put out: its operands, and the values of options among them. */
export function readWords({ name, args }: Invocation): readonly ShellWord[] {
  return programOf(name).gives === "file" ? args.filter(({ text }) => !text.startsWith("-")) : [];
}

/** The paths that an invocation writes or deletes. */
export function writtenPaths(call: Invocation): readonly string[] {
  const redirected = call.redirections.filter(({ writes }) => writes).map(({ target }) => target);
  const words = [...redirected, ...changedOperands(call), ...namedOutputs(call)];
  return [...words.map(({ text }) => text), ...sedFiles(call), ...awkFiles(call)];
}

/** What awk's program writes: `print > "file"`. */
function awkFiles(call: Invocation): readonly string[] {
  return awkPrograms(call).flatMap(({ text }) =>
    [...text.matchAll(/>\s*"((?:[^"\\]|\\.)*)"/g)].map(([, file = ""]) => file),
  );
}

/** What the script of sed writes, besides what it edits. */
function sedFiles(call: Invocation): readonly string[] {
  if (call.name !== "sed" && call.name !== "gsed") return [];
  return sedScripts(call).flatMap(({ text }) => readSedScript(text).files);
}

/** The files that options and operands such as `of=file` name as the place to write to. */
export function namedOutputs(call: Invocation): readonly ShellWord[] {
  const { writesTo } = programOf(call.name);
  if (writesTo === undefined) return [];
  const names = listed(writesTo);
  const starts = names.filter((name) => name.endsWith("="));
  return [
    ...optionsOf(call).values(...names),
    ...starts.flatMap((start) =>
      call.args.filter(({ text }) => text.startsWith(start)).map((word) => tailOf(word, start.length)),
    ),
  ];
}

function changedOperands(call: Invocation): readonly ShellWord[] {
  const { operands, inPlace } = programOf(call.name);
  if (operands === "writes" || operands === "deletes") return optionsOf(call).operands;
  if (operands === "writes last") return optionsOf(call).operands.slice(-1);
  const isInPlace = inPlace && call.args.some(({ text }) => /^(-[a-zA-Z]*i|--in-place)/.test(text));
  return isInPlace ? optionsOf(call).operands : [];
}
