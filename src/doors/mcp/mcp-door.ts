// The MCP endpoint: Streamable HTTP, both protocol eras, always answered as a stream so that progress can flow.

import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { type ErrorRequestHandler, type RequestHandler, Router } from "express";
import type { Gate } from "../../core/gate-contract.ts";
import type { Log } from "../../core/ports/log.ts";
import type { ToolSource } from "../../core/ports/tool-source.ts";
import { createCancellation } from "./cancellation.ts";
import { INSTRUCTIONS, serverInfo } from "./introduction.ts";
import { registerOfferedTools } from "./offered-tools.ts";
import { registerPermissionTool } from "./permission-tool.ts";
import { withRequestContext } from "./request-context.ts";
import { registerRequestTool } from "./request-tool.ts";
import { refuseTooMuchMcp } from "./too-much.ts";

const PATH = "/mcp";

/** Also keeps proxies from closing an idle stream, ms. */
const KEEP_ALIVE_MS = 15_000;

export interface McpDoor {
  readonly router: RequestHandler;
  /** For bodies on its path that were not read. */
  readonly onError: ErrorRequestHandler;
  close(): Promise<void>;
}

export interface McpDoorDeps {
  readonly gate: Pick<Gate, "request">;
  readonly log: Log;
  /** The version of this package, told to clients. */
  readonly version: string;
  /** The longest that a request may wait, ms. */
  readonly timeoutMs: number;
  /** Tools beside our own, whose calls go through the gate. Default: none. */
  readonly sources?: readonly ToolSource[] | undefined;
}

export function createMcpDoor(deps: McpDoorDeps): McpDoor {
  const { log } = deps;
  const onerror = (error: Error) => log.refused({ err: error }, "an MCP request failed");
  const handler = createMcpHandler(
    () => createApprovalTools(deps),
    // The SDK's default sends no byte before the first message; Claude Code gives up after 60 s without one.
    { responseMode: "sse", keepAliveMs: KEEP_ALIVE_MS, onerror },
  );
  const handle = toNodeHandler(handler, { onerror });
  const unwatch = (deps.sources ?? []).map((source) => source.onChange(() => handler.notify.toolsChanged()));
  const router = Router();
  const cancellation = createCancellation();
  router.all(PATH, (req, res) => {
    cancellation.follow(req, res, req.body);
    return withRequestContext(req, res, () => handle(req, res, req.body));
  });
  async function close(): Promise<void> {
    for (const end of unwatch) end();
    await handler.close();
  }
  return { router, onError: refuseTooMuchMcp(PATH, log), close };
}

/** An MCP server with every tool; one serves one request. */
export function createApprovalTools({ gate, log, version, timeoutMs, sources = [] }: McpDoorDeps): McpServer {
  const server = new McpServer(serverInfo(version), { instructions: INSTRUCTIONS });
  registerPermissionTool(server, gate, log);
  registerRequestTool(server, { gate, log, timeoutMs });
  registerOfferedTools(server, { sources, log });
  return server;
}
