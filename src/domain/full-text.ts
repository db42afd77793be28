// A call in full: what does not fit the lines of the message with the buttons is shown this way.

import { digestOf } from "./encoded.ts";
import { inputText } from "./input-text.ts";
import type { Inspection } from "./inspection.ts";
import { sizeText } from "./names.ts";
import { planOf } from "./plan.ts";
import { REQUEST_TOOL } from "./request-approval.ts";
import { foreign, type Text, type TextChange, text } from "./text.ts";
import type { ToolCall } from "./tool-call.ts";
import { runsItsText } from "./tools/tools.ts";

/** A title of ours, and the foreign text under it. */
export interface FullText {
  readonly title: string;
  readonly body: Text;
  /** What runs, and what is agreed to, is sent further than data, which is sent on as it is asked for. */
  readonly kind: "script" | "data";
  /** What the text is, in a sentence. */
  readonly name: "full text" | "change";
  /** Characters of the call that are described instead of shown. */
  readonly hidden: number;
}

const SCRIPT = { kind: "script", name: "full text", hidden: 0 } as const;
const DATA = { kind: "data", name: "full text", hidden: 0 } as const;

/** The whole call: nothing of its input is left out unless it is counted, except what every button message shows. */
export function fullText(inspection: Pick<Inspection, "shown" | "replaces" | "isUnlike">): FullText {
  const { toolName, input } = inspection.shown;
  const { command, file_path: path, content, old_string: before, new_string: after } = input;
  if (COMMAND_TITLE.has(toolName) && isText(command) && hasOnlyCommandFields(input))
    return { ...SCRIPT, title: COMMAND_TITLE.get(toolName) ?? "command", body: [block(command)] };
  if (toolName === "Write" && hasOnly(input, ["file_path", "content"]) && isText(path) && isText(content))
    return writeText(path, content, inspection);
  const editKeys = ["file_path", "old_string", "new_string", "replace_all"];
  if (toolName === "Edit" && hasOnly(input, editKeys) && isText(path) && isText(before) && isText(after)) {
    const title = input["replace_all"] === true ? "file and change, at every place" : "file and change";
    const isUnlike = inspection.isUnlike === true;
    return {
      ...DATA,
      title: isUnlike ? `${title}, old and new in full because of masked secrets` : title,
      body: text`${pathLine(path)}\n\n${change({ before, after, isUnlike, otherwise: "both" })}`,
    };
  }
  const plan = planOf({ toolName, input });
  if (plan !== undefined) {
    const body = block(plan.text);
    return {
      ...SCRIPT,
      title: `plan, ${sizeText(plan.text)}`,
      body: plan.file === undefined ? [body] : text`${pathLine(plan.file)}\n\n${body}`,
    };
  }
  const { action, summary, reason } = input;
  const askKeys = ["action", "summary", "reason"];
  if (toolName === REQUEST_TOOL && hasOnly(input, askKeys) && isText(action)) {
    if ([summary, reason].every((value) => value === undefined || isText(value)))
      return { ...SCRIPT, title: "what is asked", body: askText(action, summary, reason) };
  }
  return { ...(runsItsText(toolName) ? SCRIPT : DATA), title: "input", ...inputText(input) };
}

/** The new content, or what it changes in the file that it replaces. */
function writeText(path: string, content: string, { replaces }: Pick<Inspection, "replaces">): FullText {
  const size = sizeText(content);
  const digest = digestOf(content);
  if (digest !== undefined) {
    const body = text`${pathLine(path)}\n\n${foreign("line", digest.text)}`;
    return { ...DATA, title: `file and content, ${size}`, body, hidden: digest.hidden };
  }
  if (replaces === undefined || "unknown" in replaces) {
    const note = replaces === undefined ? "" : `; replaces a file that is there, ${replaces.unknown}`;
    const body = text`${pathLine(path)}\n\n${block(content)}`;
    return { ...DATA, title: `file and content, ${size}${note}`, body };
  }
  const changed = change({ before: replaces.text, after: content, isUnlike: false, otherwise: "after" });
  return {
    ...DATA,
    title: `content of ${size}, against the file as it was when asked`,
    name: "change",
    body: text`${pathLine(path)}\n\n${changed}`,
  };
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
const change = (texts: TextChange) => texts;

/** The tools whose input is a command and hardly anything else. */
const COMMAND_TITLE: ReadonlyMap<string, string> = new Map([
  ["Bash", "command"],
  ["PowerShell", "PowerShell command"],
]);

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
