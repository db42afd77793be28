// The narrowest rules that would allow one recorded call, or why none is proposed. Never a wildcard: what a person has approved is
// this very command, this file, this host.

import { normalize } from "node:path/posix";
import { parsedUrl } from "../../domain/parsed-url.ts";
import type { ToolCall } from "../../domain/tool-call.ts";
import { analyse } from "../../shell/analyse.ts";
import { compilePolicy } from "../compile.ts";
import type { PolicyContext } from "../policy-context.ts";

export type Proposed = { readonly rules: readonly string[] } | { readonly why: string };

/** In place of a secret, in whatever was recorded. */
const MASK = /\[secret[\] ]/;
const EDITS = ["Edit", "Write", "MultiEdit", "NotebookEdit"];

/** @param call as the record has it: masked */
export function rulesOfCall({ toolName, input }: ToolCall, context: PolicyContext): Proposed {
  if ("omitted" in input || MASK.test(JSON.stringify(input)))
    return { why: "it held a secret, or was too long to be kept whole" };
  const found = narrowRules(toolName, input);
  if ("why" in found) return found;
  return found.rules.every((rule) => isAccepted(rule, context))
    ? found
    : { why: "no rule may allow it: the linter refuses each that would" };
}

function narrowRules(toolName: string, input: ToolCall["input"]): Proposed {
  if (toolName === "Bash") return commandRules(input["command"]);
  if (EDITS.includes(toolName)) return pathRule("Edit", input["file_path"] ?? input["notebook_path"]);
  if (toolName === "Read") return pathRule("Read", input["file_path"]);
  if (toolName === "WebFetch") return hostRule(input["url"]);
  return { why: "a rule would allow the tool with any input" };
}

function commandRules(command: unknown): Proposed {
  const plain = typeof command === "string" ? analyse(command).plain : undefined;
  if (plain === undefined || plain.length === 0)
    return { why: "it is not made of plain commands: each run may do something else" };
  const texts = plain.map(({ written }) => written.join(" "));
  // What a person wrote as a quoted star, a rule would read as anything.
  if (texts.some((text) => /\*|[\n\r]/.test(text))) return { why: "a rule would read its * as anything" };
  return { rules: [...new Set(texts.map((text) => `Bash(${text})`))] };
}

function pathRule(tool: "Edit" | "Read", path: unknown): Proposed {
  const isPlain = typeof path === "string" && path.startsWith("/") && normalize(path) === path;
  if (!isPlain || /\*|[\p{Cc}\p{Cf}]/u.test(path)) return { why: "its path cannot be written as a rule" };
  return { rules: [`${tool}(/${path})`] };
}

function hostRule(url: unknown): Proposed {
  const parsed = typeof url === "string" ? parsedUrl(url) : undefined;
  if (parsed?.protocol !== "https:" || parsed.port !== "" || parsed.username !== "")
    return { why: "its address is not a plain https one" };
  return { rules: [`WebFetch(domain:${parsed.hostname})`] };
}

function isAccepted(rule: string, context: PolicyContext): boolean {
  return compilePolicy(policyText([rule]), context).ok;
}

/** @param project only for calls of this project */
export function policyText(rules: readonly string[], project?: string): string {
  const scope = project === undefined ? {} : { projects: [project] };
  return `${JSON.stringify({ version: 1, rules: [{ decision: "allow", ...scope, rules }] }, null, 2)}\n`;
}
