// The commands that a command runs through its own arguments: `sudo rm`, `npm exec rm`, `find -exec rm`.
import { baseName, type Invocation, invocationOf, leadingOptions, wordsAfter } from "./invocation.ts";
import type { Options } from "./options.ts";
import { listed } from "./programs/program.ts";
import { programOf } from "./programs/programs.ts";
import { ADDED_WORD, fillIn, fixedWord, NO_FLOW, type ShellWord } from "./shell-word.ts";

const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;
/** What `find` runs does not read standard input: it runs for each name found. */
const FOUND_NAMES = { flow: { ...NO_FLOW, names: true }, text: "" };
/** Words that are tried as the start of a command, and inputs of `parallel` that are looked at: the rest counts as unknown. */
const MAX_STARTS = 100;

export function innerCommands(outer: Invocation): readonly Invocation[] {
  const { wraps, gives } = programOf(outer.name);
  const around = gives === "names" ? { ...outer, input: FOUND_NAMES } : outer;
  const run = runWords(outer).map((words) => invocationOf(words, around));
  if (wraps === undefined) return run;
  const options = leadingOptions(outer);
  if (wraps.throughShell || options.has(...listed(wraps.unless))) return run;
  if (wraps.anywhere) {
    // Each start has all words behind it: too many are not tried, and count as unknown.
    if (outer.args.length > 2 * MAX_STARTS) return [invocationOf([ADDED_WORD], outer)];
    const starts = outer.args.flatMap(({ text }, at) => (text.startsWith("-") ? [] : [at]));
    const tried = starts.slice(0, MAX_STARTS).map((at) => invocationOf(outer.args.slice(at), outer));
    return starts.length > MAX_STARTS ? [...tried, invocationOf([ADDED_WORD], outer)] : tried;
  }
  const inner = wrappedCommand(options.operands.slice(wraps.skip ?? 0), outer, options);
  return inner === undefined ? run : [...run, inner];
}

function wrappedCommand(
  all: readonly ShellWord[],
  outer: Invocation,
  options: Options,
): Invocation | undefined {
  const { wraps } = programOf(outer.name);
  const words = wraps?.takesDash && all[0]?.text === "-" ? all.slice(1) : all;
  const start = words.findIndex(({ text }) => !ASSIGNMENT.test(text));
  if (start < 0) return undefined;
  const around = { ...outer, assignments: [...outer.assignments, ...words.slice(0, start)] };
  if (wraps?.fedAt === undefined) return invocationOf(words.slice(start), around);
  // It keeps standard input for itself and puts its lines into the words.
  const placeholder = placeOf(outer, options);
  const filled =
    placeholder === undefined ? [...words, ADDED_WORD] : words.map((word) => fillIn(word, placeholder));
  const flow = { ...NO_FLOW, names: outer.input?.flow.names ?? false };
  return invocationOf(filled, { ...around, input: { flow, text: "" } });
}

/** The sign that stands for the input; undefined where it comes behind all words. */
function placeOf({ name, args }: Invocation, options: Options): string | undefined {
  const given = options.values(...listed(programOf(name).wraps?.fedAt))[0]?.text;
  if (given) return given;
  // Its value may be left out, so it never stands in a word of its own.
  if (options.has("-i")) return args.find(({ text }) => /^-i./.test(text))?.text.slice(2) ?? "{}";
  return options.has("--replace") ? "{}" : undefined;
}

/** Text that a wrapper has the shell read: `env -S 'rm -rf x'`, `npx -c 'rm -rf x'`, `parallel rm ::: x`. */
export function wrappedTexts(outer: Invocation): readonly (readonly ShellWord[])[] {
  const { wraps } = programOf(outer.name);
  if (wraps === undefined) return [];
  const options = leadingOptions(outer);
  if (!wraps.throughShell) {
    return options.values(...listed(wraps.text)).map((word) => [word, ...wordsBehind(word, outer.args)]);
  }
  const end = options.operands.findIndex(({ text }) => text.startsWith(":::"));
  const template = options.operands.slice(0, end < 0 ? undefined : end);
  const inputs = end < 0 ? [] : options.operands.slice(end + 1).filter(({ text }) => !text.startsWith(":::"));
  const placeholder = options.values("-I")[0]?.text ?? "{}";
  if (template.length > 0 && inputs.length === 0) return [template.map((word) => fillIn(word, placeholder))];
  const looked = inputs.length > MAX_STARTS ? [...inputs.slice(0, MAX_STARTS), ADDED_WORD] : inputs;
  return looked.map((input) => (template.length === 0 ? [input] : withInput(template, placeholder, input)));
}

/** The words that follow an option's value: `env -S rm -rf x` joins them to it. */
function wordsBehind(value: ShellWord, args: readonly ShellWord[]): readonly ShellWord[] {
  const at = args.findIndex(
    (word) => word === value || (word.text.startsWith("-") && word.text.endsWith(value.text)),
  );
  return args.slice(at + 1);
}

/** An input is one word of the command, whatever stands in it. */
function withInput(
  template: readonly ShellWord[],
  placeholder: string,
  input: ShellWord,
): readonly ShellWord[] {
  const quoted = input.fixed ? fixedWord(`'${input.text.replaceAll("'", "'\\''")}'`) : ADDED_WORD;
  const isPlaced = template.some(({ text }) => text.includes(placeholder));
  if (!isPlaced) return [...template, quoted];
  return template.map((word) =>
    word.text === placeholder ? quoted : fixedWord(word.text.replaceAll(placeholder, input.text)),
  );
}

/** The word lists that a subcommand or an action runs as commands. */
function runWords(outer: Invocation): readonly (readonly ShellWord[])[] {
  const { runs, actions, moduleOption } = programOf(outer.name);
  if (moduleOption !== undefined) {
    const [module] = leadingOptions(outer, moduleOption).values(moduleOption);
    return module === undefined ? [] : [[module, ...wordsBehind(module, outer.args)]];
  }
  if (actions !== undefined) return actionsOf(outer.args, listed(actions)).found;
  if (runs === undefined) return [];
  for (const subcommand of runs.after.split(", ")) {
    const words = wordsAfter(outer, subcommand, runs.valued)?.slice(runs.skip ?? 0);
    if (words === undefined) continue;
    if (runs.optionsBehind) return [leadingOptions({ ...outer, args: words }, runs.valued).operands];
    const dashes = words.findIndex(({ text }) => text === "--");
    return [dashes === 0 || (dashes > 0 && runs.behindDashes) ? words.slice(dashes + 1) : words];
  }
  const words = leadingOptions(outer).operands;
  return listed(runs.programs).includes(baseName(words[0]?.text ?? "")) ? [words] : [];
}

/** The words that are a program's own, without those of the commands that its actions run: `find -exec … ;`. */
export function ownWords({ name, args }: Invocation): readonly ShellWord[] {
  const { actions } = programOf(name);
  return actions === undefined ? args : actionsOf(args, listed(actions)).own;
}

function actionsOf(args: readonly ShellWord[], actions: readonly string[]) {
  const names = new Set(actions);
  const found: (readonly ShellWord[])[] = [];
  const own: ShellWord[] = [];
  for (let at = 0; at < args.length; at += 1) {
    own.push(args[at] as ShellWord);
    if (!names.has(args[at]?.text ?? "")) continue;
    const start = at + 1;
    while (at + 1 < args.length && !/^[;+]$/.test(args[at + 1]?.text ?? "")) at += 1;
    found.push(args.slice(start, at + 1).map((word) => fillIn(word, "{}")));
  }
  return { found, own };
}
