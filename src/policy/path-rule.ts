// `Edit(/src/**)`, `Read(//etc/hosts)`, `Edit(~/notes/*.md)`: paths as gitignore patterns, as far as they are used in
// rules. `//` starts at the root of the file system, `~/` in the home folder, all else in the caller's folder.

import { normalize, resolve } from "node:path/posix";
import type { Submission } from "../domain/submission.ts";
import { isProtected } from "../shell/protected-file.ts";
import { foundCommands } from "./found-commands.ts";
import { holdsHome } from "./home-folder.ts";
import { covers } from "./name-rule.ts";
import type { PolicyContext } from "./policy-context.ts";
import type { Matcher, Reading } from "./reading.ts";
import { ANY_FOLDERS, matchesSequence, matchesText } from "./wildcard.ts";

/** A pattern's names, `**` for any folders. `base` is where it starts; absent for the caller's folder. */
export interface PathPattern {
  readonly base?: string | undefined;
  readonly names: readonly string[];
}

/** @returns the pattern, or what is wrong with it */
export function readPathPattern(specifier: string, home: string): PathPattern | string {
  if (/^!|[[\]?\\]/.test(specifier))
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
  context: PolicyContext,
): Matcher | string {
  const pattern = readPathPattern(specifier, context.home);
  if (typeof pattern === "string") return pattern;
  return (submission) =>
    reading === "wide"
      ? wide(tool, pattern, submission, context)
      : narrow(tool, pattern, submission, context);
}

/** All that a call names as its file: which of them the tool reads is the tool's business. */
function namedPaths({ call, cwd }: Submission): readonly unknown[] {
  const { file_path, notebook_path, path } = call.input;
  const given = [file_path, notebook_path, path].filter((each) => each !== undefined);
  // A search without a path looks through the caller's folder.
  return given.length === 0 && /^(Glob|Grep|LS)$/.test(call.toolName) ? [cwd] : given;
}

/** UTF-16 units: no system takes longer ones. */
const MAX_PATH_LENGTH = 8_192;

function isPath(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_PATH_LENGTH;
}

/**
 * The path as it is given and where it leads; whatever is below a match matches. For a shell command, the words that
 * name files; for Edit, only those that it writes. The case does not matter.
 */
function wide(
  tool: "Edit" | "Read",
  pattern: PathPattern,
  submission: Submission,
  context: PolicyContext,
): boolean {
  const { call, cwd } = submission;
  const paths = covers(tool, call.toolName)
    ? [...namedPaths(submission), ...searched(submission)]
    : shellPaths(tool, submission);
  const wanted = wideNames(pattern, cwd);
  return paths
    .filter(isPath)
    .some((path) =>
      spellings(path, submission, context).some((names) => wanted.some((each) => matchesNames(each, names))),
    );
}

/** Every rule asks about the same paths of a call, and each answer is a look at the disk. */
const MAX_LOOKUPS = 5_000;
const LOOKED_UP = new WeakMap<Submission, Map<string, readonly (readonly string[])[]>>();

/** A path as it is given and where it leads, in names. */
function spellings(
  path: string,
  submission: Submission,
  { home, realPath }: PolicyContext,
): readonly (readonly string[])[] {
  const known = LOOKED_UP.get(submission) ?? new Map<string, readonly (readonly string[])[]>();
  LOOKED_UP.set(submission, known);
  const found = known.get(path);
  if (found !== undefined) return found;
  const absolute = resolve(submission.cwd ?? "/", path.replace(/^~(?=\/|$)/, home));
  const real = known.size < MAX_LOOKUPS ? realPath(absolute) : undefined;
  const all = [...new Set([absolute, real ?? absolute])].map((each) => namesOf(each).map(fold));
  known.set(path, all);
  return all;
}

function shellPaths(tool: "Edit" | "Read", { call }: Submission): readonly string[] {
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

/**
 * Absolute paths, spelled plainly, that match themselves and where they lead, and are not protected. The case matters.
 * Not for `Grep`: it shows the content of files that nobody named.
 */
function narrow(
  tool: "Edit" | "Read",
  pattern: PathPattern,
  submission: Submission,
  context: PolicyContext,
): boolean {
  const { call, cwd } = submission;
  const paths = namedPaths(submission);
  const from = pattern.base ?? cwd;
  if (!covers(tool, call.toolName) || call.toolName === "Grep" || paths.length === 0) return false;
  if (from === undefined || !isPlain(from)) return false;
  // A rule for a project's folders, and a caller in the home folder or above it: that is no project.
  if (pattern.base === undefined && holdsHome(from, context)) return false;
  if (searched(submission).some((text) => /^[/~]|(^|\/)\.\.(\/|$)|\{/.test(text))) return false;
  const realFrom = context.realPath(from);
  if (realFrom === undefined) return false;
  const matches = (start: string, at: string) =>
    !isProtected(at, context) && matchesNames([...namesOf(start), ...pattern.names], namesOf(at));
  return paths.every((path) => {
    if (!isPath(path) || !isPlain(path)) return false;
    const real = context.realPath(path);
    return real !== undefined && matches(from, path) && matches(realFrom, real);
  });
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
