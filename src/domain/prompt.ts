// What the person reads before they decide: a tool call as the lines of a template. Foreign text stays one line each.

import { duration } from "./answer.ts";
import type { ApprovalRequest } from "./approval.ts";
import { codeLine, cutLine, plainLine } from "./visible.ts";

/** A template's key and the value of each of its named variables: one line each, never empty. */
export interface Prompt {
  readonly template: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Together below WhatsApp's 1,024 characters a message, the fixed text included. UTF-16 units. */
const LIMIT = { command: 600, reason: 160, project: 60, tool: 80, line: 150 } as const;
/** A placeholder: WhatsApp refuses an empty variable. */
const NONE = "-";
const MAX_LINES = 4;

/** Describes a request. */
export function promptFor(request: ApprovalRequest): Prompt {
  const { call, project, id, createdAt, expiresAt } = request;
  const footer = {
    project: project === undefined ? NONE : clip(plainLine(project), LIMIT.project),
    id,
    expiry: duration(expiresAt - createdAt),
  };
  const { command, description } = call.input;
  if (call.toolName === "Bash" && typeof command === "string" && onlyShown(call.input)) {
    const values = { command: clip(codeLine(command), LIMIT.command), ...footer };
    return typeof description === "string" && description.trim() !== ""
      ? { template: "command", values: { ...values, reason: clip(plainLine(description), LIMIT.reason) } }
      : { template: "command_no_reason", values };
  }
  const lines = inputLines(call.input);
  const named = Object.fromEntries(lines.map((line, index) => [`line${index + 1}`, line]));
  return {
    template: `tool_${lines.length}`,
    values: { tool: clip(plainLine(call.toolName), LIMIT.tool), ...named, ...footer },
  };
}

/** Whether the command template shows everything that matters of a Bash call. */
function onlyShown(input: ApprovalRequest["call"]["input"]): boolean {
  return Object.keys(input).every((key) => key === "command" || key === "description" || key === "timeout");
}

function inputLines(input: ApprovalRequest["call"]["input"]): string[] {
  const entries = Object.entries(input);
  if (entries.length === 0) return ["no input"];
  const shown = entries.length > MAX_LINES ? entries.slice(0, MAX_LINES - 1) : entries;
  const lines = shown.map(([key, value]) => inputLine(key, value));
  const rest = entries.slice(shown.length);
  if (rest.length > 0) {
    lines.push(
      clip(`${rest.length} more: ${plainLine(JSON.stringify(Object.fromEntries(rest)))}`, LIMIT.line),
    );
  }
  return lines;
}

function inputLine(key: string, value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return clip(`${plainLine(key)}: ${plainLine(text) || NONE}`, LIMIT.line);
}

function clip(shown: string, max: number): string {
  const line = shown === "" ? NONE : shown;
  return cutLine(line, max);
}
