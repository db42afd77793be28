// Both endpoints for MCP clients, put together. Loaded with the first request for one of them: see late-mcp.ts.
import { type ErrorRequestHandler, type RequestHandler, Router } from "express";
import { createLastingTools, createMcpDoor, type McpDoorDeps } from "../doors/mcp/mcp-door.ts";
import { createSseDoor } from "../doors/mcp/sse-door.ts";
import { type McpReadingDeps, openMcpReading } from "./mcp-reading.ts";

export type McpDoorsDeps = McpReadingDeps & Omit<McpDoorDeps, "approvals" | "readable" | "drafter">;

export interface McpDoors {
  readonly router: RequestHandler;
  /** For bodies on their addresses that were not read. */
  readonly onError: readonly ErrorRequestHandler[];
  close(): Promise<void>;
}

export function openMcpDoors(deps: McpDoorsDeps): McpDoors {
  const reading = { ...deps, ...openMcpReading(deps) };
  const mcp = createMcpDoor(reading);
  // A subscription to one address needs a session of its own: that is the other endpoint's.
  const lasting = { ...reading, subscriptions: undefined };
  const sse = createSseDoor({ ...deps, createTools: () => createLastingTools(lasting) });
  return {
    router: Router().use(mcp.router, sse.router),
    onError: [mcp.onError, sse.onError],
    close: async () => void (await Promise.all([mcp.close(), sse.close()])),
  };
}
