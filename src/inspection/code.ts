// Text that a command runs as code: `bash -c`, `eval`, a script on standard input, `python -c`, and their relatives.
import { carriedCode } from "./carried-code.ts";
import { type Invocation, isOneOf, optionsOf } from "./invocation.ts";
import { readOptions } from "./options.ts";
import { type Flow, fixedWord, joinFlows, type ShellWord } from "./shell-word.ts";
import { wrappedText } from "./wrappers.ts";

export interface Code {
  /** Shell code is read again, other languages are not. */
  readonly shell: boolean;
  /** Absent when it is only known when it runs. */
  readonly text?: string;
  /** Where the text comes from. */
  readonly flow: Flow;
  /** Whether the person is told so: not of what is merely another notation for a command. */
  readonly told: boolean;
  /** Whether it is what standard input holds. */
  readonly fromInput?: boolean;
}

const isShell = isOneOf("sh bash zsh dash ash ksh mksh rbash fish csh tcsh");
const isShellLike = (name: string) => isShell(name) || name === "source" || name === ".";

/** Options with code as their value, and options of ordinary use that take a value; the program's file is an operand. */
const INTERPRETERS = new Map<
  string,
  { readonly code: readonly string[]; readonly valued?: readonly string[] }
>([
  ["python", { code: ["-c"], valued: ["-W", "-X"] }],
  ["pypy", { code: ["-c"], valued: ["-W", "-X"] }],
  ["node", { code: ["-e", "-p", "--eval", "--print"], valued: ["-r", "--require", "--import", "--loader"] }],
  ["nodejs", { code: ["-e", "-p", "--eval", "--print"], valued: ["-r", "--require"] }],
  ["bun", { code: ["-e", "--eval", "-p", "--print"] }],
  ["perl", { code: ["-e", "-E"], valued: ["-I", "-C"] }],
  ["ruby", { code: ["-e"], valued: ["-I", "-r"] }],
  ["php", { code: ["-r", "-B", "-R", "-E"], valued: ["-d", "-c"] }],
  ["lua", { code: ["-e"], valued: ["-l"] }],
  ["luajit", { code: ["-e"], valued: ["-l"] }],
  ["rscript", { code: ["-e"] }],
  ["osascript", { code: ["-e"], valued: ["-l", "-s"] }],
  ["pwsh", { code: ["-c", "-Command", "-command", "-EncodedCommand"] }],
  ["tclsh", { code: [] }],
  ["deno", { code: [] }],
]);

/** Whether a program runs code that its arguments or its input give it. */
export function isInterpreter(name: string): boolean {
  return isShellLike(name) || name === "eval" || INTERPRETERS.has(name);
}

/** The code that an invocation runs, as far as the command line holds it. */
export function codeOf(invocation: Invocation): readonly Code[] {
  const { name, args } = invocation;
  const wrapped = wrappedText(invocation);
  if (wrapped.length > 0) return [shellCode(wrapped, false)];
  if (name === "eval") return args.length === 0 ? [] : [shellCode(args, true)];
  if (isShellLike(name)) return shellProgram(invocation);
  const interpreter = INTERPRETERS.get(name);
  return interpreter ? otherProgram(invocation, interpreter) : carriedCode(invocation);
}

/** Words joined as `eval` joins them. */
function shellCode(words: readonly ShellWord[], told: boolean): Code {
  const text = words.map((word) => word.text).join(" ");
  return { shell: true, text, flow: joinFlows(words.map(({ flow }) => flow)), told };
}

function shellProgram(invocation: Invocation): readonly Code[] {
  const { name } = invocation;
  if (!isShell(name)) return fileOrInput(invocation, invocation.args[0], true);
  // `+x` switches off what `-x` switches on.
  const args = invocation.args.map((word) =>
    /^\+[a-zA-Z]/.test(word.text) ? fixedWord(`-${word.text.slice(1)}`) : word,
  );
  const options = readOptions(args, {
    valued: ["-o", "-O", "--rcfile", "--init-file", "-C", "--init-command"],
    stopAtOperand: true,
  });
  const [first] = options.operands;
  if (options.has("-c", "--command")) return first ? [shellCode([first], true)] : [];
  return fileOrInput(invocation, options.has("-s") ? undefined : first, true);
}

function otherProgram(
  invocation: Invocation,
  { code, valued = [] }: { readonly code: readonly string[]; readonly valued?: readonly string[] },
): readonly Code[] {
  const { name, args } = invocation;
  if (name === "deno") return args[0]?.text === "eval" ? [otherCode(args.slice(1))] : [];
  const options = optionsOf(invocation, { valued: [...code, ...valued, "-m"], stopAtOperand: true });
  const given = options.values(...code);
  if (given.length > 0) return [otherCode(given)];
  if (options.values("-m").length > 0 || options.has(...code, "--version", "--help", "-v", "-V", "-h"))
    return [];
  return fileOrInput(invocation, options.operands[0], false);
}

function otherCode(words: readonly ShellWord[]): Code {
  return { ...shellCode(words, true), shell: false };
}

/** A program in a file, or, without one, on standard input. A file of the disk is not text on the command line. */
function fileOrInput(
  { input, name }: Invocation,
  file: ShellWord | undefined,
  shell: boolean,
): readonly Code[] {
  if (file !== undefined && !/^(-|\/dev\/(stdin|fd\/0)|\/proc\/self\/fd\/0)$/.test(file.text)) {
    const piped = file.pieces.some(({ text, kind }) => kind === "expansion" && text.startsWith("<("));
    return piped ? [{ shell, flow: file.flow, told: true }] : [];
  }
  if (input === undefined || input.fromFile || input.text === "") return [];
  if (file === undefined && (name === "source" || name === ".")) return [];
  return [{ shell, ...input, told: true, fromInput: true }];
}
