// Finds settings that would be passed over in silence: misspelt names, lines that set nothing, values that cannot be meant.
// Pure. Reports names and line numbers only; what could be part of a secret is not repeated.
import { ASSIGNMENT } from "./env-file.ts";
import { isSetting, nearestByLetters, nearestByWords, OUTSIDE_NAMES } from "./nearest-setting.ts";
import type { Variables } from "./read-variables.ts";
import type { SettingFinding } from "./setting-findings.ts";
import { valueFault } from "./setting-values.ts";

/** Read by others in the same process, or by a shell that sources the file. */
const OTHERS =
  /^(?:NODE_\w+|npm_\w+|(?:HTTPS?|NO|ALL)_PROXY|NO_COLOR|FORCE_COLOR|TZ|LANG|LC_\w+|PATH|HOME|TMPDIR|DEBUG|TWILIO_(?:EDGE|REGION))$/i;
/** In the environment of a shell, where most names are nobody's business, ours begin like this. */
const OWN_BEGINNING = /^(?:TWILIO|APPROVAL|NGROK|WEBHOOK|SIMULATOR|HOOK|VERIFY|SESSION_GRANT|DONE)_/i;
/** What is surely a name, and no part of a token or a key. */
const SURELY_A_NAME = /^[A-Za-z]{1,15}(?:[_.-](?:[A-Za-z]{1,15}\d?|\d{1,2})){1,6}$|^[A-Za-z]{1,12}$/;

/** From here on a word in a line that cannot be read is taken for a name with a slip. */
const LONG_NAME = 8;

interface Assignment {
  readonly name: string;
  readonly line: number;
  /** The value as it is written, with its quotes. */
  readonly written: string;
  /** What follows it in its line. */
  readonly rest: string;
}

/** What is wrong in the text of a settings file, by line. */
export function findingsInFile(text: string): SettingFinding[] {
  const { assignments, others } = read(text);
  const given = new Set(assignments.map(({ name }) => name));
  const findings = [
    ...assignments.flatMap((assignment) => [...assignmentFindings(assignment, given)]),
    ...others.map(({ line, start }) => unreadable(line, start)),
    ...repeated(assignments),
  ];
  return findings.sort((a, b) => lineOf(a) - lineOf(b));
}

/**
 * Misspelt settings in the real environment.
 * @param fileNames names that came from the file: they are reported there
 */
export function findingsInEnvironment(
  env: Variables,
  fileNames: ReadonlySet<string> = new Set(),
): SettingFinding[] {
  return Object.keys(env)
    .filter((name) => OWN_BEGINNING.test(name) && !fileNames.has(name))
    .filter((name) => !isSetting(name) && !OUTSIDE_NAMES.includes(name) && !OTHERS.test(name))
    .flatMap((name) => {
      const meant = nearestByLetters(name);
      return meant === undefined ? [] : [{ kind: "unknown" as const, name, meant }];
    });
}

/** The names that a settings file assigns. */
export function namesInFile(text: string): ReadonlySet<string> {
  return new Set(read(text).assignments.map(({ name }) => name));
}

function* assignmentFindings(assignment: Assignment, given: ReadonlySet<string>): Generator<SettingFinding> {
  const { name, line } = assignment;
  if (isSetting(name)) {
    const why = valueFault(assignment);
    if (why !== undefined) yield { kind: "value", name, line, why };
  } else if (OUTSIDE_NAMES.includes(name)) {
    yield { kind: "not-in-file", name, line };
  } else if (!OTHERS.test(name)) {
    const near = nearestByLetters(name) ?? nearestByWords(name);
    // "TWILIO_AUTH_TOKEN_OLD" beside the setting itself is not that setting misspelt.
    const meant = near !== undefined && given.has(near) ? undefined : near;
    const isShown = meant !== undefined || SURELY_A_NAME.test(name);
    yield { kind: "unknown", line, ...(isShown ? { name } : {}), ...(meant === undefined ? {} : { meant }) };
  }
}

function unreadable(line: number, start: string): SettingFinding {
  const words = start.match(/[A-Za-z][\w.-]*/g) ?? [];
  // Only names of ours are repeated from such a line; a short word of prose is near to too much.
  const meant = [words.join("_"), ...words.filter((word) => isSetting(word) || word.length >= LONG_NAME)]
    .map(nearestByLetters)
    .find((name) => name !== undefined);
  return { kind: "unreadable", line, ...(meant === undefined ? {} : { meant }) };
}

function repeated(assignments: readonly Assignment[]): SettingFinding[] {
  const lines = new Map<string, number[]>();
  for (const { name, line } of assignments) {
    if (isSetting(name)) lines.set(name, [...(lines.get(name) ?? []), line]);
  }
  return [...lines]
    .filter(([, each]) => each.length > 1)
    .map(([name, each]) => ({ kind: "twice", name, lines: each }));
}

/** The text as dotenv reads it: what it takes for an assignment, and the beginnings of the lines that it passes over. */
function read(text: string): { assignments: Assignment[]; others: { line: number; start: string }[] } {
  const lineAt = (offset: number) => text.slice(0, offset).split(/\r\n|\r|\n/).length;
  const assignments: Assignment[] = [];
  const others: { line: number; start: string }[] = [];
  const passOver = (from: number, to: number) => {
    const first = lineAt(from);
    for (const [index, line] of text
      .slice(from, to)
      .split(/\r\n|\r|\n/)
      .entries()) {
      if (!/^\s*(?:#.*)?$/.test(line)) others.push({ line: first + index, start: beginning(line) });
    }
  };
  let end = 0;
  for (const match of text.matchAll(ASSIGNMENT)) {
    const [whole, head = "", name = "", value = ""] = match;
    passOver(end, match.index);
    end = match.index + whole.length;
    const rest = /^[^\r\n]*/.exec(text.slice(end))?.[0] ?? "";
    // The white space before a name may begin lines above it.
    const at = match.index + head.search(/\S/);
    assignments.push({ name, line: lineAt(at), written: value, rest });
    end += rest.length;
  }
  passOver(end, text.length);
  return { assignments, others };
}

/** What stands before the value in a line that is none: never more than a name or two. */
function beginning(line: string): string {
  return /^[^=]*/.exec(line)?.[0].slice(0, 80) ?? "";
}

function lineOf(finding: SettingFinding): number {
  return finding.kind === "twice" ? (finding.lines[0] ?? 0) : (finding.line ?? 0);
}
