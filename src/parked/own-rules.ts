// Whether Claude Code would ask somebody about a call, as far as that can be told before it has looked: a hook ahead of each call
// sees what it would allow by itself as well, and nobody is to be asked about that. In doubt the answer is no: then the call is asked
// about at Claude Code's own step, as ever, and is only not parked. Measured with 2.1.329: docs/decisions/0032.
import type { ToolCall } from "../domain/tool-call.ts";

/** What was told to Claude Code beforehand: entries of `permissions` in its settings and of its flags, as they are written. */
export interface OwnRules {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

const SHELLS: ReadonlySet<string> = new Set(["Bash", "PowerShell"]);
const FILES: ReadonlySet<string> = new Set(["Write", "Edit", "MultiEdit", "NotebookEdit"]);
/** Ours ask by themselves. */
const OWN_TOOL = /^mcp__(?:plugin_approvals_)?approval-server__/;

/** Commands that it runs unasked while they only read, and a few more that it may. */
const READERS = new Set(
  (
    "[ : alias arch base64 basename cal cat cd cksum clear cmp column comm command cut date df diff dirname docker du echo egrep " +
    "expr false fd fgrep file find fmt fold free getconf gh git grep groups head help hexdump history hostname id info jq less locale ls lsof " +
    "man md5 md5sum more netstat nl nproc numfmt od paste pgrep pr printenv printf ps pwd pyright readlink realpath rev rg sed seq " +
    "sha1sum sha256sum sha512sum sleep sort ss stat strings sum tac tail test timeout tr tree true tsort tty type uname uniq unlink " +
    "uptime vdir wait wc which who whoami xargs yes"
  ).split(" "),
);
/** Of programs that also change things: only these are among them. */
const READING_SUBCOMMANDS: Readonly<Record<string, RegExp>> = {
  git: /^(?:status|log|diff|show|branch|blame|shortlog|reflog|ls-files|ls-tree|ls-remote|rev-parse|rev-list|describe|config|remote|stash|tag|cat-file|for-each-ref|grep|merge-base|name-rev|worktree)$/,
  docker: /^(?:ps|images|logs|inspect|version|info)$/,
  gh: /^(?:pr|issue|run|repo|release|workflow|auth|search|api)$/,
};
/** What acceptEdits allows beside the tools for files. */
const EDITING = /^(?:mkdir|touch|rm|rmdir|mv|cp|sed|ln|chmod)$/;
/** Shows something about a program, and ends. */
const ABOUT = /^(?:--?version|-v|-V|--help|-h)$/;

export function wouldAsk(call: ToolCall, mode: string | undefined, { allow, deny }: OwnRules): boolean {
  if (mode !== undefined && mode !== "default" && mode !== "acceptEdits") return false;
  if ([...allow, ...deny].some((rule) => mayMatch(rule, call))) return false;
  const { toolName, input } = call;
  if (FILES.has(toolName)) return mode !== "acceptEdits";
  if (toolName === "WebSearch") return true;
  if (toolName.startsWith("mcp__")) return !OWN_TOOL.test(toolName);
  const { command } = input;
  if (!SHELLS.has(toolName) || typeof command !== "string") return false;
  return partsOf(command).some((part) => !mayRunUnasked(part, mode === "acceptEdits"));
}

/** A rule whose words could be about this call; one about paths or hosts is not worked out. */
function mayMatch(rule: string, { toolName, input }: ToolCall): boolean {
  const [, tool = "", , words] = /^([^()\s]+)\s*(\(([\s\S]*)\))?$/.exec(rule.trim()) ?? [];
  if (tool === "" || !isAboutTool(tool, toolName)) return false;
  const { command } = input;
  if (words === undefined || !SHELLS.has(toolName) || typeof command !== "string") return true;
  const pattern = words.replace(/:\*$/, "*").split("*").map(escaped).join("[\\s\\S]*");
  const matcher = new RegExp(`^${pattern.replace(/ \[\\s\\S\]\*$/, "(?: [\\s\\S]*)?")}$`);
  return [command.trim(), ...partsOf(command)].some((part) => matcher.test(part));
}

function isAboutTool(tool: string, toolName: string): boolean {
  if (tool === toolName || tool === "*" || (tool === "Edit" && FILES.has(toolName))) return true;
  return (
    toolName.startsWith("mcp__") &&
    (toolName.startsWith(`${tool}__`) || (tool.endsWith("*") && toolName.startsWith(tool.slice(0, -1))))
  );
}

/** Simple commands, roughly: what stands between operators. */
function partsOf(command: string): readonly string[] {
  return command
    .split(/&&|\|\||[;|&\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function mayRunUnasked(part: string, acceptsEdits: boolean): boolean {
  const [program = "", second = ""] = part.split(/\s+/);
  // Writing to a file is asked about, whichever program does it.
  if (/>/.test(part.replaceAll(/\d?>&\d|[12]?>\s*\/dev\/null/g, ""))) return acceptsEdits;
  if (acceptsEdits && EDITING.test(program)) return true;
  if (ABOUT.test(second)) return true;
  if (!READERS.has(program)) return false;
  return READING_SUBCOMMANDS[program]?.test(second) ?? true;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
