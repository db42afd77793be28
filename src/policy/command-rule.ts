// `Bash(npm run build)`, `Bash(npm run *)`, `Bash(npm run:*)`: a rule is compared with each command of a line.

import { resolve } from "node:path/posix";
import type { Submission } from "../domain/submission.ts";
import { analyse } from "../shell/analyse.ts";
import type { PlainCommand } from "../shell/plain-commands.ts";
import { isProtected } from "../shell/protected-file.ts";
import { isWayOut } from "./broad-command.ts";
import { foundCommands } from "./found-commands.ts";
import { holdsHome } from "./home-folder.ts";
import { covers } from "./name-rule.ts";
import type { PolicyContext } from "./policy-context.ts";
import type { Matcher } from "./reading.ts";
import { matchesText } from "./wildcard.ts";

/** `npm run:*` as `npm run *`. */
export function spelledOut(specifier: string): string {
  return specifier.replace(/:\*$/, " *");
}

/** What is wrong with the form of a specifier; undefined when it can be read. */
export function commandProblem(specifier: string): string | undefined {
  const isMisplaced = spelledOut(specifier).includes(":*");
  return isMisplaced ? "has :* elsewhere than at its end, where it would mean nothing" : undefined;
}

/** Any program run that can be found; `*` stands for anything; the case does not matter. */
export function wideCommand(specifier: string): Matcher {
  const wanted = spelledOut(specifier).toLowerCase().replace(/\s+/g, " ");
  // `curl *` is also `curl` alone.
  const patterns = wanted.endsWith(" *") ? [wanted, wanted.slice(0, -2)] : [wanted];
  return ({ call }) => {
    const { command } = call.input;
    if (!covers("Bash", call.toolName) || typeof command !== "string") return false;
    return foundCommands(command).texts.some((text) => {
      const found = text.toLowerCase().replace(/\s+/g, " ").trim();
      return patterns.some((each) => matchesText(each, found));
    });
  };
}

/** Whether a rule accepts one command of a line, run in a folder. */
export type CommandTest = (command: PlainCommand, cwd: string | undefined) => boolean;

/**
 * Accepts one plain command. A `*` at the end stands for any further words, everywhere else for a part of one word; the
 * words it stands for must not lead elsewhere.
 */
export function narrowCommand(specifier: string, context: PolicyContext): CommandTest {
  const pattern = spelledOut(specifier);
  const hasRest = pattern.endsWith(" *");
  const wanted = writtenWords(hasRest ? pattern.slice(0, -2) : pattern);
  const isExact = !pattern.includes("*");
  return ({ written, words }, cwd) => {
    if (written.length < wanted.length || (!hasRest && written.length > wanted.length)) return false;
    if (!wanted.every((part, at) => matchesText(part, written[at] ?? ""))) return false;
    if (isExact) return true;
    if (cwd !== undefined && holdsHome(cwd, context)) return false;
    return words.every((word) => wanted.includes(word) || isTame(word, cwd, context));
  };
}

/** Words as the shell splits them, quotes kept: `a\\ --dry-run` is one word, and not the option. */
function writtenWords(pattern: string): readonly string[] {
  return pattern.match(/(?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s])+/gs) ?? [];
}

/** Whether a word that a wildcard stands for leads nowhere else, and names no path outside the caller's folder. */
function isTame(word: string, cwd: string | undefined, context: PolicyContext): boolean {
  if (isWayOut(word)) return false;
  // `-C/tmp` and `--file=/tmp` name a path too.
  const names = [word, word.replace(/^-[a-zA-Z]+(?=[~/.])/, ""), ...word.split(/[=:@,]/)];
  return names.every((name) => staysIn(name, cwd, context));
}

function staysIn(name: string, cwd: string | undefined, context: PolicyContext): boolean {
  if (name.startsWith("~")) return false;
  const path = resolve(cwd ?? "/", name);
  if (isProtected(path, context)) return false;
  if (cwd === undefined) return !name.startsWith("/");
  const [realFolder, realPath] = [context.realPath(cwd), context.realPath(path)];
  if (realFolder === undefined || realPath === undefined || isProtected(realPath, context)) return false;
  return isIn(resolve(cwd), path) && isIn(realFolder, realPath);
}

function isIn(folder: string, path: string): boolean {
  return folder !== "/" && (path === folder || path.startsWith(`${folder}/`));
}

/**
 * The rules that together allow every command of a line; undefined when one of its commands has none.
 * @param rules in their order: the first that accepts a command is named
 */
export function coverLine<Rule extends { readonly accepts: CommandTest }>(
  { call, cwd }: Submission,
  rules: readonly Rule[],
): readonly Rule[] | undefined {
  const { command } = call.input;
  if (call.toolName !== "Bash" || typeof command !== "string") return undefined;
  const used = analyse(command).plain?.map((each) => rules.find(({ accepts }) => accepts(each, cwd)));
  if (used === undefined || used.length === 0) return undefined;
  const found = used.filter((rule) => rule !== undefined);
  return found.length === used.length ? [...new Set(found)] : undefined;
}
