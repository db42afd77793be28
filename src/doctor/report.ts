// The findings as lines for a person or as JSON for a program.
import { styleText } from "node:util";
import type { CheckResult, CheckStatus } from "./check.ts";
import type { Finding } from "./run-checks.ts";

const COLOURS = { ok: "green", skipped: "dim", warning: "yellow", error: "red" } as const;
const STATUS_WIDTH = "warning".length;
/** The widest line that reads well; only a word that is longer by itself, such as a path, stands out. */
const LINE_WIDTH = 80;
/** A terminal that is narrower wraps by itself: the columns would leave too little for words. */
const MIN_LINE_WIDTH = 50;

export interface LineOptions {
  /** Width of the column of descriptions. */
  readonly width: number;
  readonly colour: boolean;
  /** Width of the terminal; absent where it is none. */
  readonly columns?: number | undefined;
}

/** One finding: a line, and further lines below it where there is more to say. */
export function findingLines(finding: Finding, { width, colour, columns = LINE_WIDTH }: LineOptions): string {
  const { description, status, detail, advice, fixed = [] } = finding;
  const word = colour ? styleText(COLOURS[status], status, { validateStream: false }) : status;
  const indent = STATUS_WIDTH + width + 4;
  const lineWidth = Math.min(LINE_WIDTH, Math.max(MIN_LINE_WIDTH, columns));
  const isQuiet = advice === undefined || status === "ok" || status === "skipped";
  const [first = "", ...more] = [
    ...detail.split("\n"),
    ...(isQuiet ? [] : advice.split("\n").map((line) => `→ ${line}`)),
    ...fixed.map((line) => `✓ ${line}`),
  ].flatMap((line) => wrapped(line, lineWidth - indent));
  const padding = " ".repeat(STATUS_WIDTH - status.length);
  const head = `${word}${padding}  ${description.padEnd(width)}  ${first}`;
  return `${[head, ...more.map((line) => " ".repeat(indent) + line)].join("\n")}\n`;
}

/** A line in as many as it takes; those that go on are set in. */
function wrapped(line: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of line.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines.splice(-1, 1, `${last} ${word}`);
    else lines.push(last === undefined ? word : `  ${word}`);
  }
  return lines;
}

/** The last lines. @param fixCommand how to have done what can be done */
export function summary(findings: readonly CheckResult[], fixCommand: string): string {
  const count = (wanted: CheckStatus) => findings.filter(({ status }) => status === wanted).length;
  const [errors, warnings] = [count("error"), count("warning")];
  const parts = [
    ...(errors === 0 ? [] : [`${errors} error${errors === 1 ? "" : "s"}`]),
    ...(warnings === 0 ? [] : [`${warnings} warning${warnings === 1 ? "" : "s"}`]),
  ];
  const fixable = findings.filter(({ fix, status }) => fix !== undefined && status !== "ok").length;
  const offer = fixable === 0 ? "" : `Of these, ${fixable} can be put right by: ${fixCommand}\n`;
  return parts.length === 0 ? "Everything is in order.\n" : `${parts.join(", ")}.\n${offer}`;
}

export function hasErrors(findings: readonly CheckResult[]): boolean {
  return findings.some(({ status }) => status === "error");
}

export function findingsJson(findings: readonly Finding[]): string {
  const checks = findings.map(({ fix, ...finding }) => ({
    ...finding,
    ...(fix === undefined ? {} : { fixable: true }),
  }));
  return `${JSON.stringify({ ok: !hasErrors(findings), checks }, null, 2)}\n`;
}
