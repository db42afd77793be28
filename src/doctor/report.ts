// The findings as lines for a person or as JSON for a program.
import { styleText } from "node:util";
import type { CheckResult } from "./check.ts";
import type { Finding } from "./run-checks.ts";

const COLOURS = { ok: "green", warning: "yellow", error: "red" } as const;
const STATUS_WIDTH = "warning".length;

export interface LineOptions {
  /** Width of the column of descriptions. */
  readonly width: number;
  readonly colour: boolean;
}

/** One finding: a line, and further lines below it where there is more to say. */
export function findingLines({ description, status, detail, advice }: Finding, options: LineOptions): string {
  const word = options.colour ? styleText(COLOURS[status], status, { validateStream: false }) : status;
  const indent = " ".repeat(STATUS_WIDTH + options.width + 4);
  const [first = "", ...more] = [
    ...detail.split("\n"),
    ...(advice === undefined || status === "ok" ? [] : advice.split("\n").map((line) => `→ ${line}`)),
  ];
  const padding = " ".repeat(STATUS_WIDTH - status.length);
  const head = `${word}${padding}  ${description.padEnd(options.width)}  ${first}`;
  return `${[head, ...more.map((line) => indent + line)].join("\n")}\n`;
}

/** The last line. */
export function summary(findings: readonly CheckResult[]): string {
  const count = (status: CheckResult["status"]) => findings.filter((each) => each.status === status).length;
  const [errors, warnings] = [count("error"), count("warning")];
  if (errors + warnings === 0) return "Everything is in order.\n";
  const parts = [
    ...(errors === 0 ? [] : [`${errors} error${errors === 1 ? "" : "s"}`]),
    ...(warnings === 0 ? [] : [`${warnings} warning${warnings === 1 ? "" : "s"}`]),
  ];
  return `${parts.join(", ")}.\n`;
}

export function hasErrors(findings: readonly CheckResult[]): boolean {
  return findings.some(({ status }) => status === "error");
}

export function findingsJson(findings: readonly Finding[]): string {
  return `${JSON.stringify({ ok: !hasErrors(findings), checks: findings }, null, 2)}\n`;
}
