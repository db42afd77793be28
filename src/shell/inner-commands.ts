// The commands that a command runs through its own arguments: `sudo rm`, `npm exec rm`, `find -exec rm`.
import { baseName, type Invocation, invocationOf, leadingOptions, wordsAfter } from "./invocation.ts";
import { listed } from "./programs/program.ts";
import { programOf } from "./programs/programs.ts";
import { fillIn, NO_FLOW, type ShellWord } from "./shell-word.ts";

const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;
/** What `find` runs does not read standard input: it runs for each name found. */
const FOUND_NAMES = { flow: { ...NO_FLOW, names: true }, text: "" };

export function innerCommands(outer: Invocation): readonly Invocation[] {
  const { wraps, gives } = programOf(outer.name);
  if (wraps === undefined) {
    const around = gives === "names" ? { ...outer, input: FOUND_NAMES } : outer;
    return runWords(outer).map((words) => invocationOf(words, around));
  }
  const options = leadingOptions(outer);
  if (wraps.throughShell || options.has(...listed(wraps.unless))) return [];
  const words = options.operands.slice(wraps.skip ?? 0);
  const start = words.findIndex(({ text }) => !ASSIGNMENT.test(text));
  if (start < 0) return [];
  const around = { ...outer, assignments: [...outer.assignments, ...words.slice(0, start)] };
  if (wraps.fedAt === undefined) return [invocationOf(words.slice(start), around)];
  // It keeps standard input for itself and puts its lines into the words.
  const placeholder = options.values(...listed(wraps.fedAt))[0]?.text;
  const filled = placeholder === undefined ? words : words.map((word) => fillIn(word, placeholder));
  const flow = { ...NO_FLOW, names: outer.input?.flow.names ?? false };
  return [invocationOf(filled, { ...around, input: { flow, text: "" } })];
}

/** Text that a wrapper has the shell read: `env -S 'rm -rf x'`, `npx -c 'rm -rf x'`, `parallel rm ::: x`. */
export function wrappedText(outer: Invocation): readonly ShellWord[] {
  const { wraps } = programOf(outer.name);
  if (wraps === undefined) return [];
  const options = leadingOptions(outer);
  if (!wraps.throughShell) return options.values(...listed(wraps.text));
  const end = options.operands.findIndex(({ text }) => text.startsWith(":::"));
  const placeholder = options.values("-I")[0]?.text ?? "{}";
  return options.operands.slice(0, end < 0 ? undefined : end).map((word) => fillIn(word, placeholder));
}

/** The word lists that a subcommand or an action runs as commands. */
function runWords(outer: Invocation): readonly (readonly ShellWord[])[] {
  const { runs, actions } = programOf(outer.name);
  if (actions !== undefined) return actionWords(outer.args, new Set(listed(actions)));
  if (runs === undefined) return [];
  for (const subcommand of runs.after.split(", ")) {
    const words = wordsAfter(outer, subcommand, runs.valued)?.slice(runs.skip ?? 0);
    if (words === undefined) continue;
    if (runs.optionsBehind) return [leadingOptions({ ...outer, args: words }, runs.valued).operands];
    return [words[0]?.text === "--" ? words.slice(1) : words];
  }
  const words = leadingOptions(outer).operands;
  return listed(runs.programs).includes(baseName(words[0]?.text ?? "")) ? [words] : [];
}

function actionWords(args: readonly ShellWord[], names: ReadonlySet<string>): (readonly ShellWord[])[] {
  const found: (readonly ShellWord[])[] = [];
  for (let at = 0; at < args.length; at += 1) {
    if (!names.has(args[at]?.text ?? "")) continue;
    const start = at + 1;
    while (at + 1 < args.length && !/^[;+]$/.test(args[at + 1]?.text ?? "")) at += 1;
    found.push(args.slice(start, at + 1).map((word) => fillIn(word, "{}")));
  }
  return found;
}
