// Which files a command may run: those that it names to an interpreter or makes executable, and those that a shell reads
// by itself later. What is written into them is code.
import type { Invocation } from "./invocation.ts";
import { createOccurrences } from "./occurrences.ts";
import { isInterpreter } from "./programs/programs.ts";
import type { Step } from "./walk.ts";

/** Scripts by their name, start-up files of shells, hooks, and whatever lies in a folder of programs. */
const SCRIPT =
  /\.(?:sh|bash|zsh|ksh|fish|command|envrc)$|(?:^|\/)\.?(?:bash|zsh|ksh|csh|tcsh)(?:rc|env|_profile|_login|_logout|_aliases)$|(?:^|\/)\.?z?(?:profile|login|logout)$|(?:^|\/)(?:hooks|bin|sbin|cron\.\w+|init\.d|profile\.d|functions)\/|(?:^|\/)crontab$|makefile$|^>\(/i;

/** @returns the base names of the files that the command's own steps run */
export function runFiles(steps: readonly Step[]): ReadonlySet<string> {
  return new Set(steps.flatMap((step) => (step.kind === "run" ? runBy(step.call) : [])).map(baseOf));
}

function runBy({ name, command, args }: Invocation): readonly string[] {
  const texts = args.map(({ text }) => text);
  const own = command === undefined ? [] : [command.text];
  const isRunning =
    isInterpreter(name) || /^(chmod|install|awk|gawk|mawk|sed|at|batch|crontab|make)$/.test(name);
  // `chmod 600 key.pem` makes nothing executable.
  if (name === "chmod" && !texts.some((text) => /^([ugoa,]*[+=][rwst]*x|0?[1357]|0?\d*[1357])/.test(text)))
    return own;
  return isRunning ? [...own, ...texts] : own;
}

/** @param runs what `runFiles` gave */
export function isRun(file: string, runs: ReadonlySet<string>): boolean {
  return SCRIPT.test(file) || runs.has(baseOf(file));
}

export interface FileNames {
  /** Whether what is written into a file may come back as a word of the same command: `$(cat file)`. */
  mayComeBack(file: string): boolean;
  /** Whether the same command may name the file once more: as it is, by a pattern or through a variable. */
  mayBeNamedAgain(file: string): boolean;
}

/** What a command's text says of the files that it writes. What is true of the whole text is looked for once. */
export function fileNamesIn(text: string): FileNames {
  let comesBack: boolean | undefined;
  let hasPattern: boolean | undefined;
  const { isRepeated } = createOccurrences(text);
  const mayBeNamedAgain = (file: string) => {
    const name = baseOf(file);
    hasPattern ??= /[*?]/.test(text);
    return name === "" || /[$`]/.test(name) || hasPattern || isRepeated(name);
  };
  return {
    mayBeNamedAgain,
    mayComeBack(file) {
      comesBack ??= /[$<]\(|`|\b(xargs|parallel|read|mapfile|readarray|while|for)\b/.test(text);
      return comesBack && mayBeNamedAgain(file);
    },
  };
}

/** Whether a text says itself that it is a script. */
export function startsAsScript(text: string): boolean {
  return /^\s*#!/.test(text);
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
