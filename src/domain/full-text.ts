// A call in full: what does not fit the lines of the message with the buttons is shown this way.

import { sizeText } from "./names.ts";
import { planOf } from "./plan.ts";
import { REQUEST_TOOL } from "./request-approval.ts";
import { sortedJson } from "./sorted-json.ts";
import { foreign, type Text, text } from "./text.ts";
import type { ToolCall } from "./tool-call.ts";

/** A title of ours, and the foreign text under it. */
export interface FullText {
  readonly title: string;
  readonly body: Text;
}

/** The whole call: nothing of its input is left out, except what every button message shows. */
export function fullText({ toolName, input }: ToolCall): FullText {
  const { command, file_path: path, content, old_string: before, new_string: after } = input;
  if (toolName === "Bash" && isText(command) && hasOnlyCommandFields(input))
    return { title: "command", body: [block(command)] };
  if (toolName === "Write" && hasOnly(input, ["file_path", "content"]) && isText(path) && isText(content)) {
    return {
      title: `file and content, ${sizeText(content)}`,
      body: text`${pathLine(path)}\n\n${block(content)}`,
    };
  }
  const editKeys = ["file_path", "old_string", "new_string", "replace_all"];
  if (toolName === "Edit" && hasOnly(input, editKeys) && isText(path) && isText(before) && isText(after)) {
    const where = input["replace_all"] === true ? "file and change, at every place" : "file and change";
    return { title: where, body: text`${pathLine(path)}\n\n${block(diffText(before, after))}` };
  }
  const plan = planOf({ toolName, input });
  if (plan !== undefined) {
    const body = block(plan.text);
    return {
      title: `plan, ${sizeText(plan.text)}`,
      body: plan.file === undefined ? [body] : text`${pathLine(plan.file)}\n\n${body}`,
    };
  }
  const { action, summary, reason } = input;
  const askKeys = ["action", "summary", "reason"];
  if (toolName === REQUEST_TOOL && hasOnly(input, askKeys) && isText(action)) {
    if ([summary, reason].every((value) => value === undefined || isText(value)))
      return { title: "what is asked", body: askText(action, summary, reason) };
  }
  return { title: "input", body: [block(sortedJson(input))] };
}

/** The action last and open-ended: nothing in it can pass for one of the lines before it. */
function askText(action: string, summary: unknown, reason: unknown): Text {
  return [
    ...(isText(summary) ? text`summary: ${foreign("line", summary)}\n` : []),
    ...(isText(reason) ? text`reason: ${foreign("line", reason)}\n` : []),
    ...text`action:\n${block(action)}`,
  ];
}

const block = (words: string) => foreign("block", words);
const pathLine = (path: string) => foreign("line", path);

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
  return lines.join("\n");
}
