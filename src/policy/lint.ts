// Refuses rules that allow more than their author can mean: each refusal says why, and what to write instead. Rules
// that deny or ask may be as broad as they like.

import { behindGate, isScriptCall, ownToolName } from "../domain/own-tool.ts";
import { isProtected } from "../shell/protected-file.ts";
import { isPublicHost } from "../shell/public-host.ts";
import { whyBroadCommand } from "./broad-command.ts";
import { commandProblem, spelledOut } from "./command-rule.ts";
import { covers } from "./name-rule.ts";
import { readPathPattern } from "./path-rule.ts";
import type { PolicyContext } from "./policy-context.ts";
import type { RuleText } from "./rule-text.ts";
import { ANY_FOLDERS } from "./wildcard.ts";

/** Tools of Claude Code that may be allowed as a whole: they change nothing and read nothing of this machine. */
const HARMLESS_WHOLE = new Set(["WebSearch", "TodoWrite"]);
const INSTEAD: Readonly<Record<string, string>> = {
  Bash: "name commands, e.g. Bash(npm run build)",
  Edit: "name folders of the project, e.g. Edit(/src/**)",
  Read: "name folders, e.g. Read(/docs/**)",
  WebFetch: "name hosts, e.g. WebFetch(domain:docs.example.com)",
  Agent: "name agents, e.g. Agent(Explore)",
  Skill: "name skills, e.g. Skill(commit)",
};
const MCP_NAME = /^mcp__([A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*)(?:__[A-Za-z0-9_*-]+)?$/;

/** @returns why an allow rule is refused; undefined when it is not */
export function whyTooBroad({ toolName, specifier }: RuleText, context: PolicyContext): string | undefined {
  if (/^(AskUserQuestion|ExitPlanMode|request_approval)$/.test(toolName))
    return "is never allowed by a policy: it wants a person's answer";
  if (specifier === undefined) return wholeTool(toolName);
  switch (toolName) {
    case "Bash": {
      const broad = whyBroadCommand(spelledOut(specifier));
      const problem = commandProblem(specifier) === undefined ? broad : undefined;
      return problem === undefined ? undefined : `is too broad or never applies: ${problem}`;
    }
    case "Edit":
    case "Read":
      return broadPath(toolName, specifier, context);
    case "WebFetch":
      return broadHost(specifier);
    case "Agent":
    case "Skill":
      return /^\*/.test(specifier) ? `is too broad: ${INSTEAD[toolName]}` : undefined;
    default:
      return undefined;
  }
}

function wholeTool(toolName: string): string | undefined {
  // What it does is in a file that a person has read: a new or changed one is asked about whatever the policy says.
  if ([toolName, ownToolName(toolName)].some(isScriptCall) && !toolName.includes("*")) return undefined;
  const [, server] = MCP_NAME.exec(toolName) ?? [];
  if (server !== undefined) {
    if (!/approval/i.test(server) || behindGate(toolName) !== undefined) return undefined;
    return "would allow tools of the approval server itself; of those that it offers of other servers, name each";
  }
  if (toolName.includes("*"))
    return "is too broad: name the tool; a wildcard may stand behind mcp__server__ only";
  if (HARMLESS_WHOLE.has(toolName)) return undefined;
  const instead = Object.entries(INSTEAD).find(([group]) => covers(group, toolName))?.[1];
  return `is too broad: it allows the tool with any input${instead === undefined ? "" : `; ${instead}`}`;
}

function broadPath(tool: "Edit" | "Read", specifier: string, context: PolicyContext): string | undefined {
  const pattern = readPathPattern(specifier, context.home);
  if (typeof pattern === "string") return undefined;
  const { base, names } = pattern;
  if (!names.some((name) => /[^*.]/.test(name)) && (tool === "Edit" || base !== undefined))
    return `is too broad: it names no folder and no kind of file; ${INSTEAD[tool]}`;
  const sample = names.map((name) => (name === ANY_FOLDERS ? "x" : name.replaceAll("*", "x")));
  if (base === undefined) {
    const example = `/project/${sample.join("/")}`;
    const bare = `/project/${sample.filter((_, at) => names[at] !== ANY_FOLDERS).join("/")}`;
    return [example, bare].some((path) => isProtected(path, context)) ? PROTECTED : undefined;
  }
  const open = names.findIndex((name) => name.includes("*"));
  const fixed = open < 0 ? names : names.slice(0, open);
  const root = join(base, fixed);
  const above = [context.home, ...context.ownPaths].find((path) => isAbove(root, path));
  if (fixed.length < names.length && above !== undefined)
    return `is too broad: ${above} is in it; ${INSTEAD[tool]}`;
  if (context.ownPaths.some((own) => isAbove(own, root))) return "touches the approval server's own files";
  if (fixed.length < names.length && fixed.length === 0 && base === "/")
    return `is too broad: it starts at the root; ${INSTEAD[tool]}`;
  return isProtected(join(base, sample), context) ? PROTECTED : undefined;
}

const PROTECTED =
  "names files that hold secrets, or that run or allow something later: they are asked about whatever the policy says";

function broadHost(specifier: string): string | undefined {
  const host = specifier.replace(/^domain:/, "").toLowerCase();
  const named = host.replace(/^\*\./, "");
  // One label alone is a whole top-level domain, or a machine at home.
  if (named.includes("*") || !named.includes("."))
    return `is too broad: ${host} is not one site; ${INSTEAD["WebFetch"]}`;
  return isPublicHost(named)
    ? undefined
    : "names a host of this machine or network; only public names are allowed";
}

function join(base: string, names: readonly string[]): string {
  return `${base.replace(/\/+$/, "")}/${names.join("/")}`;
}

/** Whether a folder is another path, or holds it. */
function isAbove(folder: string, path: string): boolean {
  const start = folder.replace(/\/+$/, "").toLowerCase();
  return `${path.replace(/\/+$/, "")}/`.toLowerCase().startsWith(`${start}/`);
}
