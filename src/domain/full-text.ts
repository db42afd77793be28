// A call in full, as the text of a code block: what does not fit the lines of the button message is shown this way.

import { planOf } from "./plan.ts";
import { REQUEST_TOOL } from "./request-approval.ts";
import type { ToolCall } from "./tool-call.ts";
import { visibleBlock, visibleLine } from "./visible.ts";

/** A title of ours, and the foreign text under it with everything hidden made visible. */
export interface FullText {
  readonly title: string;
  readonly code: string;
}

/** The whole call: nothing of its input is left out, except what every button message shows. */
export function fullText({ toolName, input }: ToolCall): FullText {
  const { command, file_path: path, content, old_string: before, new_string: after } = input;
  if (toolName === "Bash" && isText(command) && hasOnlyCommandFields(input))
    return { title: "command", code: visibleBlock(command) };
  if (toolName === "Write" && hasOnly(input, ["file_path", "content"]) && isText(path) && isText(content)) {
    return {
      title: `file and content, ${sizeText(content)}`,
      code: `${visibleLine(path)}\n\n${visibleBlock(content)}`,
    };
  }
  const editKeys = ["file_path", "old_string", "new_string", "replace_all"];
  if (toolName === "Edit" && hasOnly(input, editKeys) && isText(path) && isText(before) && isText(after)) {
    const where = input["replace_all"] === true ? "file and change, at every place" : "file and change";
    return { title: where, code: `${visibleLine(path)}\n\n${diffText(before, after)}` };
  }
  const plan = planOf({ toolName, input });
  if (plan !== undefined) {
    const { text, file } = plan;
    const code = visibleBlock(text);
    return {
      title: `plan, ${sizeText(text)}`,
      code: file === undefined ? code : `${visibleLine(file)}\n\n${code}`,
    };
  }
  const { action, summary, reason } = input;
  const askKeys = ["action", "summary", "reason"];
  if (toolName === REQUEST_TOOL && hasOnly(input, askKeys) && isText(action)) {
    if ([summary, reason].every((value) => value === undefined || isText(value)))
      return { title: "what is asked", code: askText(action, summary, reason) };
  }
  return { title: "input", code: visibleBlock(sortedJson(input)) };
}

/** The action last and open-ended: nothing in it can pass for one of the lines before it. */
function askText(action: string, summary: unknown, reason: unknown): string {
  return [
    ...(isText(summary) ? [`summary: ${visibleLine(summary)}`] : []),
    ...(isText(reason) ? [`reason: ${visibleLine(reason)}`] : []),
    `action:\n${visibleBlock(action)}`,
  ].join("\n");
}

/** Fields that the command template shows or that change nothing about what runs, and their types. */
const COMMAND_FIELDS: ReadonlyMap<string, string> = new Map([
  ["command", "string"],
  ["description", "string"],
  ["timeout", "number"],
  ["run_in_background", "boolean"],
  ["dangerouslyDisableSandbox", "boolean"],
]);

/** Whether the command template shows all that matters of a Bash call. */
export function hasOnlyCommandFields(input: ToolCall["input"]): boolean {
  return Object.entries(input).every(([key, value]) => typeof value === COMMAND_FIELDS.get(key));
}

function hasOnly(input: ToolCall["input"], keys: readonly string[]): boolean {
  return Object.keys(input).every((key) => keys.includes(key));
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** "1,234 characters, 40 lines". */
export function sizeText(content: string): string {
  const characters = [...content].length;
  const lines = content === "" ? 0 : content.split("\n").length - (content.endsWith("\n") ? 1 : 0);
  return `${count(characters, "character")}, ${count(lines, "line")}`;
}

/** `mcp__github__create_issue` → "github › create_issue"; other names as they are. Foreign text: still to be shown safely. */
export function toolText(toolName: string): string {
  const [prefix, server, ...tool] = toolName.split("__");
  if (prefix !== "mcp" || !server || tool.join("__") === "") return toolName;
  return `${server} › ${tool.join("__")}`;
}

/** "1 part", "1,234 characters". */
export function count(number: number, thing: string): string {
  return `${number.toLocaleString("en-US")} ${thing}${number === 1 ? "" : "s"}`;
}

/** JSON with sorted keys, so that the same call always reads the same. */
export function sortedJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, sortKeys, indent) ?? "undefined";
}

function sortKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  // Without a prototype a key such as __proto__ is a key like any other.
  const sorted: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) sorted[key] = item;
  return sorted;
}

/** The lines that go with −, those that come with +, and the ones around them that stay. */
function diffText(before: string, after: string): string {
  const old = before.split("\n");
  const next = after.split("\n");
  const most = Math.min(old.length, next.length);
  let head = 0;
  while (head < most && old[head] === next[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old[old.length - 1 - tail] === next[next.length - 1 - tail]) tail += 1;
  const lines = [
    ...old.slice(0, head).map((line) => `  ${line}`),
    ...old.slice(head, old.length - tail).map((line) => `− ${line}`),
    ...next.slice(head, next.length - tail).map((line) => `+ ${line}`),
    ...old.slice(old.length - tail).map((line) => `  ${line}`),
  ];
  return visibleBlock(lines.join("\n"));
}
