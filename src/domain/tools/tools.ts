// What is known of a tool: its words, what to notice about its input, and whether its input runs.
import { isScriptCall } from "../own-tool.ts";
import { PAIR_TOOL } from "../pairing-notice.ts";
import { APPROVE_ALL_TOOL, CONTINUE_TOOL, RUN_TASK_TOOL } from "../phone-requests.ts";
import { REQUEST_TOOL } from "../request-approval.ts";
import type { ToolCall } from "../tool-call.ts";
import { BEYOND } from "./beyond.ts";
import type { KnownTool } from "./known-tool.ts";
import { ON_THIS_MACHINE } from "./on-this-machine.ts";

const OURS: readonly KnownTool[] = [
  { names: [REQUEST_TOOL], isScript: true },
  { names: [RUN_TASK_TOOL], words: "starts Claude on this task", isScript: true },
  { names: [CONTINUE_TOOL], words: "has Claude go on with this", isScript: true },
  { names: [PAIR_TOOL], words: "lets another chat approve" },
  { names: [APPROVE_ALL_TOOL], words: "approves each of these", isScript: true },
];

const TOOLS: ReadonlyMap<string, KnownTool> = new Map(
  [...ON_THIS_MACHINE, ...BEYOND, ...OURS].flatMap((tool) => tool.names.map((name) => [name, tool])),
);

/** What to notice about a tool that is in no row; what an MCP server's tools do, nobody here can know, and its name says so. */
const UNKNOWN = "a tool that this server does not know";

/** What the tool does, in words of ours; undefined where its name says it, or where its input is not what it takes. */
export function toolWords({ toolName, input }: ToolCall): string | undefined {
  const { words, needs } = TOOLS.get(toolName) ?? {};
  return needs === undefined || input[needs] !== undefined ? words : undefined;
}

/** What a person should notice about a call because of its tool and its input's fields. */
export function toolNotes({ toolName, input }: ToolCall): string[] {
  const tool = TOOLS.get(toolName);
  if (tool === undefined) return /^mcp__.+__./.test(toolName) ? [] : [UNKNOWN];
  return (tool.notes ?? []).filter(({ when }) => when(input)).map(({ says }) => says);
}

/** Whether the tool's input is run, or agreed to as it stands. */
export function runsItsText(toolName: string): boolean {
  return TOOLS.get(toolName)?.isScript === true || isScriptCall(toolName);
}
