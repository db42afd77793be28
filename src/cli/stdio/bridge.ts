// MCP over stdin and stdout for clients that only start processes: hands every call to the running server, and its
// progress and its answer back. Decides nothing. A server that does not answer is a denial, or a result that says error.

import { ProtocolError } from "@modelcontextprotocol/client";
import { Server, type ServerContext, type Transport } from "@modelcontextprotocol/server";
import { type StdioServerHandle, serveStdio } from "@modelcontextprotocol/server/stdio";
import type { Log } from "../../core/ports/log.ts";
import { INSTRUCTIONS, serverInfo } from "../../doors/mcp/introduction.ts";
import { TOOL_USE_ID } from "../../doors/mcp/offered-tools.ts";
import { localFailure } from "../local-client.ts";
import { connectAbsent, connectRemote, type RemoteDeps, type ToolClient } from "./tools.ts";

/** Longer than any approval may take: the server's deadline decides, not this. ms */
const CALL_TIMEOUT_MS = 3_900_000;

interface StdioBridgeDeps extends RemoteDeps {
  readonly log: Log;
  readonly transport: Transport;
}

/** Serves both protocol eras until the transport closes; what waits then is withdrawn. */
export function serveBridge(deps: StdioBridgeDeps): StdioServerHandle {
  const { log, version, transport } = deps;
  const onerror = (error: Error) => log.warn({ err: error }, "an MCP message failed");
  return serveStdio(() => createBridge(deps, version), { transport, onerror });
}

function createBridge(deps: StdioBridgeDeps, version: string): Server {
  const capabilities = { tools: {}, resources: {}, prompts: {}, completions: {} };
  const server = new Server(serverInfo(version), { capabilities, instructions: INSTRUCTIONS });
  server.setRequestHandler("tools/list", (_request, ctx) =>
    forward(deps, ctx, async (client) => ({ tools: (await client.listTools()).tools })),
  );
  server.setRequestHandler("tools/call", ({ params: { name, arguments: args = {} } }, ctx) => {
    // By this the call is one with Claude Code's permission step before it.
    const id = ctx.mcpReq._meta?.[TOOL_USE_ID];
    const call = { name, arguments: args, ...(id === undefined ? {} : { _meta: { [TOOL_USE_ID]: id } }) };
    return forward(deps, ctx, (client) => client.callTool(call, callOptions(ctx, deps.log)));
  });
  server.setRequestHandler("resources/list", (_request, ctx) =>
    forward(deps, ctx, async (client) => ({ resources: (await client.listResources()).resources })),
  );
  server.setRequestHandler("resources/templates/list", (_request, ctx) =>
    forward(deps, ctx, async (client) => ({
      resourceTemplates: (await client.listResourceTemplates()).resourceTemplates,
    })),
  );
  server.setRequestHandler("resources/read", ({ params: { uri } }, ctx) =>
    forward(deps, ctx, async (client) => ({ contents: (await client.readResource({ uri })).contents })),
  );
  server.setRequestHandler("prompts/list", (_request, ctx) =>
    forward(deps, ctx, async (client) => ({ prompts: (await client.listPrompts()).prompts })),
  );
  server.setRequestHandler("prompts/get", ({ params: { name, arguments: args = {} } }, ctx) =>
    forward(deps, ctx, async (client) => ({
      messages: (await client.getPrompt({ name, arguments: args })).messages,
    })),
  );
  server.setRequestHandler("completion/complete", ({ params: { ref, argument } }, ctx) =>
    forward(deps, ctx, async (client) => ({
      completion: (await client.complete({ ref, argument })).completion,
    })),
  );
  return server;
}

/** A client for each request: there is no connection that could go stale while the server restarts. */
async function forward<T>(
  deps: StdioBridgeDeps,
  ctx: ServerContext,
  work: (client: ToolClient) => Promise<T>,
): Promise<T> {
  const { log, version } = deps;
  try {
    return await using(await connectRemote(deps), work);
  } catch (error) {
    // The client has gone, or the server itself has refused: nothing to add.
    if (ctx.mcpReq.signal.aborted || error instanceof ProtocolError) throw error;
    log.warn({ err: error }, "the approval server could not be asked: nothing was approved");
    return using(await connectAbsent(localFailure(error, deps.address), log, version), work);
  }
}

async function using<T>(client: ToolClient, work: (client: ToolClient) => Promise<T>): Promise<T> {
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** Progress is asked for only where the caller asked: the server ends a silent call before its client does. */
function callOptions({ mcpReq }: ServerContext, log: Log) {
  const { signal, notify, _meta } = mcpReq;
  const progressToken = _meta?.progressToken;
  const options = { signal, timeout: CALL_TIMEOUT_MS };
  if (progressToken === undefined) return options;
  return {
    ...options,
    onprogress: (progress: {
      progress: number;
      total?: number | undefined;
      message?: string | undefined;
    }) => {
      notify({ method: "notifications/progress", params: { ...progress, progressToken } }).catch(
        (error: unknown) => log.debug({ err: error }, "a progress note was not taken"),
      );
    },
  };
}
