// `Edit(/src/**)`, `Read(//etc/hosts)`, `Edit(~/notes/*.md)`: paths as gitignore patterns, as far as they are used in
// rules. `//` starts at the root of the file system, `~/` in the home folder, all else in the caller's folder.
import { normalize, resolve } from "node:path/posix";
import type { Submission } from "../core/record.ts";
import type { Knowledge } from "./knowledge.ts";
import type { Matcher, Reading } from "./matcher.ts";
import { covers } from "./name-rule.ts";
import { ANY_FOLDERS, matchesSequence, matchesText } from "./wildcard.ts";

/** A pattern's names, `**` for any folders. `base` is where it starts; absent for the caller's folder. */
export interface PathPattern {
  readonly base?: string;
  readonly names: readonly string[];
}

/** @returns the pattern, or what is wrong with it */
export function readPathPattern(specifier: string, home: string): PathPattern | string {
  if (/^!|[[\]?]|\\(?!\*)/.test(specifier))
    return "has one of ! [ ] ? \\ in its path, which are not read here: use * and **";
  if (/(^|\/)\.\.(\/|$)/.test(specifier)) return "has .. in its path";
  if (specifier === "~") return { base: home, names: [] };
  const [, start = "", rest = ""] = /^(\/\/|~\/|\/|\.\/)?(.*)$/s.exec(specifier) ?? [];
  const names = rest.split("/").filter((name) => name !== "" && name !== ".");
  const tail = rest.endsWith("/") ? [ANY_FOLDERS] : [];
  if (start === "//") return { base: "/", names: [...names, ...tail] };
  if (start === "~/") return { base: home, names: [...names, ...tail] };
  // As in gitignore, a name without a slash is meant at any depth.
  const isBare = start === "" && !rest.replace(/\/+$/, "").includes("/");
  return { names: [...(isBare ? [ANY_FOLDERS] : []), ...names, ...tail] };
}

/** @returns the matcher, or what is wrong with the rule */
export function pathMatcher(
  tool: "Edit" | "Read",
  specifier: string,
  reading: Reading,
  knowledge: Knowledge,
): Matcher | string {
  const pattern = readPathPattern(specifier, knowledge.home);
  if (typeof pattern === "string") return pattern;
  return (submission) =>
    reading === "wide"
      ? wide(tool, pattern, submission, knowledge)
      : narrow(tool, pattern, submission, knowledge);
}

/** Where the tools name what they read or write; for a search without a path, the caller's folder. */
function namedPath({ call, cwd }: Submission): string | undefined {
  const { file_path, notebook_path, path } = call.input;
  const given =
    file_path ?? notebook_path ?? path ?? (/^(Glob|Grep|LS)$/.test(call.toolName) ? cwd : undefined);
  return typeof given === "string" ? given : undefined;
}

/**
 * The path as it is given and where it leads; whatever is below a match matches. Of a shell command, the words that
 * name files: for Edit those that it writes. The case does not matter.
 */
function wide(
  tool: "Edit" | "Read",
  pattern: PathPattern,
  submission: Submission,
  knowledge: Knowledge,
): boolean {
  const { call, cwd } = submission;
  const given = covers(tool, call.toolName) ? namedPath(submission) : undefined;
  const paths =
    given === undefined ? shellPaths(tool, submission, knowledge) : [given, ...searched(submission)];
  return paths.some((path) => {
    const absolute = resolve(cwd ?? "/", path.replace(/^~(?=\/|$)/, knowledge.home));
    const real = knowledge.realPath(absolute);
    return [absolute, ...(real === undefined ? [] : [real])].some((each) =>
      wideNames(pattern, cwd).some((names) => matchesNames(names, namesOf(each).map(fold))),
    );
  });
}

function shellPaths(
  tool: "Edit" | "Read",
  { call }: Submission,
  { foundCommands }: Knowledge,
): readonly string[] {
  const { command } = call.input;
  if (!covers("Bash", call.toolName) || typeof command !== "string") return [];
  const { words, written } = foundCommands(command);
  return tool === "Read" ? words : written;
}

/** What `Glob` and `Grep` look for may be a path itself. */
function searched({ call: { toolName, input } }: Submission): string[] {
  const text = toolName === "Glob" ? input["pattern"] : toolName === "Grep" ? input["glob"] : undefined;
  return typeof text === "string" ? [text] : [];
}

/** A pattern of the caller's folder counts everywhere when that folder is unknown; a bare name always. */
function wideNames({ base, names }: PathPattern, cwd: string | undefined): string[][] {
  const from = base ?? (names[0] === ANY_FOLDERS ? "/" : cwd);
  const start = from === undefined ? [ANY_FOLDERS] : namesOf(from);
  const full = [...start, ...names].map(fold);
  return [full, [...full, ANY_FOLDERS]];
}

/** One absolute path, spelled plainly, that matches itself and where it leads, and is not protected. The case matters. */
function narrow(
  tool: "Edit" | "Read",
  pattern: PathPattern,
  submission: Submission,
  knowledge: Knowledge,
): boolean {
  const { call, cwd } = submission;
  const path = namedPath(submission);
  if (!covers(tool, call.toolName) || path === undefined) return false;
  const from = pattern.base ?? cwd;
  if (from === undefined || !isPlain(from) || !isPlain(path)) return false;
  if (searched(submission).some((text) => /^[/~]|(^|\/)\.\.(\/|$)|\{/.test(text))) return false;
  const realFrom = knowledge.realPath(from);
  const realPath = knowledge.realPath(path);
  if (realFrom === undefined || realPath === undefined) return false;
  if ([path, realPath].some(knowledge.isProtectedFile)) return false;
  const matches = (start: string, at: string) =>
    matchesNames([...namesOf(start), ...pattern.names], namesOf(at));
  return matches(from, path) && matches(realFrom, realPath);
}

function isPlain(path: string): boolean {
  return path.startsWith("/") && normalize(path) === path && !/[\p{Cc}\p{Cf}\\]/u.test(path);
}

function matchesNames(pattern: readonly string[], names: readonly string[]): boolean {
  return matchesSequence(pattern, names, (part) => part === ANY_FOLDERS, matchesName);
}

function matchesName(pattern: string, name: string): boolean {
  return matchesText(pattern, name);
}

function namesOf(path: string): string[] {
  return path.split("/").filter(Boolean);
}

function fold(text: string): string {
  return text.normalize("NFC").toLowerCase();
}
