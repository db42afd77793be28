// The tools of other sources on the MCP endpoint, as they offer them. What is called is called by its name at that moment.

import type {
  CallToolResult,
  McpServer,
  ServerContext,
  StandardSchemaWithJSON,
} from "@modelcontextprotocol/server";
import type { Log } from "../../core/ports/log.ts";
import type { OfferedTool, ToolCaller, ToolResult, ToolSource } from "../../core/ports/tool-source.ts";
import { refusedResult } from "../../core/refused-result.ts";
import { isDeeperThan, MAX_DEPTH } from "../nesting.ts";
import { callLimitMs, progressOf } from "./progress.ts";
import { currentRequestContext } from "./request-context.ts";

export interface OfferedToolsDeps {
  readonly sources: readonly ToolSource[];
  readonly log: Log;
}

/** Claude Code's id of a call, in the request's `_meta`. */
const TOOL_USE_ID = "claudecode/toolUseId";

/** Registers what is offered now: one server serves one request, so the next one sees what has changed. */
export function registerOfferedTools(server: McpServer, { sources, log }: OfferedToolsDeps): void {
  const taken = new Set<string>();
  for (const source of sources) {
    for (const tool of source.tools()) {
      if (taken.has(tool.name)) {
        log.error({ tool: tool.name }, "a tool is offered twice under one name: the second one is left out");
        continue;
      }
      taken.add(tool.name);
      registerOne(server, source, tool, log);
    }
  }
}

function registerOne(server: McpServer, source: ToolSource, tool: OfferedTool, log: Log): void {
  const { name, title, description, inputSchema, outputSchema, hints, meta } = tool;
  server.registerTool(
    name,
    {
      title,
      description,
      inputSchema: asIs(inputSchema),
      ...(outputSchema === undefined ? {} : { outputSchema: asIs(outputSchema) }),
      annotations: { title, ...hints },
      ...(meta === undefined ? {} : { _meta: { ...meta } }),
    },
    async (input: unknown, ctx: ServerContext) => passedOn(await callOne(source, name, input, ctx, log)),
  );
}

async function callOne(
  source: ToolSource,
  name: string,
  input: unknown,
  ctx: ServerContext,
  log: Log,
): Promise<ToolResult> {
  if (typeof input !== "object" || input === null || Array.isArray(input))
    return refusedResult({ code: "failed", message: "The input is no object." });
  if (isDeeperThan(input))
    return refusedResult({ code: "failed", message: `The input is nested deeper than ${MAX_DEPTH} levels.` });
  return await source.call(name, input as Readonly<Record<string, unknown>>, await toolCaller(ctx, log));
}

/** A result as it came: what kind of content it has is the tool's affair. */
function passedOn(result: ToolResult): CallToolResult {
  return result as CallToolResult;
}

/** A schema that is told as it is and checks nothing: what comes in is asked about as it is, whatever it is. */
function asIs(schema: Readonly<Record<string, unknown>>): StandardSchemaWithJSON {
  return {
    "~standard": {
      version: 1,
      vendor: "approval-server",
      validate: (value: unknown) => ({ value }),
      jsonSchema: { input: () => ({ ...schema }), output: () => ({ ...schema }) },
    },
  };
}

async function toolCaller(ctx: ServerContext, log: Log): Promise<ToolCaller> {
  const context = currentRequestContext();
  const [project, folder] = await Promise.all([context?.project, context?.folder]);
  const toolUseId = ctx.mcpReq._meta?.[TOOL_USE_ID];
  return {
    ...progressOf(ctx, log),
    signal: ctx.mcpReq.signal,
    requester: context?.requester,
    project,
    folder,
    toolUseId: typeof toolUseId === "string" ? toolUseId : undefined,
    maxWaitMs: callLimitMs(ctx),
    written: context?.written ?? Promise.resolve(true),
  };
}
