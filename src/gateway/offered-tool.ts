// One listed tool as an MCP client is told of it. A tool whose server is down stays listed, and says so; a change that no
// person has seen yet is not told to a model.
import type { OfferedTool } from "../core/ports/tool-source.ts";
import { type ToolHints, WORST_HINTS } from "../domain/tool-hints.ts";
import { changesOf, type Definition } from "./definition.ts";
import type { GatewayEntry } from "./entry.ts";
import { offeredName } from "./offered-name.ts";
import type { UpstreamState } from "./upstream.ts";

const ANY_OBJECT = { type: "object" };

/** @param known what its server said when it was first seen, or last approved. @returns undefined where there is no such tool */
export function offeredTool(
  { name: server }: GatewayEntry,
  tool: string,
  state: UpstreamState,
  known: Definition | undefined,
): OfferedTool | undefined {
  const current = state.kind === "up" ? state.tools.get(tool) : undefined;
  if (state.kind === "up" && current === undefined) return undefined;
  const shown = known ?? current;
  const notes = [...stateNotes(server, state), ...changeNotes(server, known, current)];
  const title = shown?.title ?? shown?.annotations?.["title"];
  return {
    name: offeredName(server, tool),
    title: typeof title === "string" ? title : tool,
    description: [...notes, shown?.description ?? ""].filter((part) => part !== "").join("\n\n"),
    inputSchema: shown?.inputSchema ?? ANY_OBJECT,
    ...(shown?.outputSchema === undefined ? {} : { outputSchema: shown.outputSchema }),
    hints: hintsOf(shown?.annotations ?? {}),
  };
}

function stateNotes(server: string, state: UpstreamState): string[] {
  if (state.kind === "up") return [];
  if (state.kind === "starting") return [`[The MCP server ${server} is being started.]`];
  return [
    `[The MCP server ${server} is down: ${state.why}. It is started again by itself; calls fail until then.]`,
  ];
}

function changeNotes(
  server: string,
  known: Definition | undefined,
  current: Definition | undefined,
): string[] {
  if (known === undefined || current === undefined || changesOf(known, current).length === 0) return [];
  return [
    `[The MCP server ${server} has changed this tool. What is told here is from before; the next call asks a person, who sees the change.]`,
  ];
}

/** What a server says of its own tools is a hint for clients, and nothing is decided by it. */
function hintsOf(annotations: Readonly<Record<string, unknown>>): ToolHints {
  const told = (Object.keys(WORST_HINTS) as (keyof ToolHints)[]).map(
    (hint) => [hint, typeof annotations[hint] === "boolean" ? annotations[hint] : WORST_HINTS[hint]] as const,
  );
  return Object.fromEntries(told) as unknown as ToolHints;
}
