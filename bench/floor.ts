// The floor: the least that any approval server built on the same SDK does. A tool that waits for a signal in memory, which one POST
// gives; nothing is looked at, written down or sent. It runs in a process of its own and prints its port.
import type { AddressInfo } from "node:net";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import express from "express";
import { z } from "zod";

const KEEP_ALIVE_MS = 15_000;
/** What the server under test may be given at most, too; the system cuts it to its own limit. */
const BACKLOG = 8_192;
const waiting = new Map<string, () => void>();
const input = z.object({ id: z.string() });

const handler = createMcpHandler(
  () => {
    const server = new McpServer({ name: "floor", version: "1.0.0" });
    server.registerTool(
      "wait",
      { description: "Waits for its signal", inputSchema: input },
      async ({ id }, ctx) => {
        const signalled = new Promise<void>((resolve) => waiting.set(id, resolve));
        const progressToken = ctx.mcpReq._meta?.progressToken;
        if (progressToken !== undefined) {
          const params = { progressToken, progress: 0, message: `waiting for ${id}` };
          await ctx.mcpReq.notify({ method: "notifications/progress", params });
        }
        await signalled;
        return { content: [{ type: "text", text: JSON.stringify({ behavior: "allow", id }) }] };
      },
    );
    server.registerTool("answer", { description: "Answers at once", inputSchema: input }, ({ id }) => ({
      content: [{ type: "text", text: JSON.stringify({ behavior: "allow", id }) }],
    }));
    return server;
  },
  { responseMode: "sse", keepAliveMs: KEEP_ALIVE_MS },
);
const handle = toNodeHandler(handler);
const app = express().disable("x-powered-by").disable("etag");
app.post("/signal", express.urlencoded({ extended: false }), (req, res) => {
  const id = String(req.body.id);
  waiting.get(id)?.();
  waiting.delete(id);
  res.type("text/xml").send("<Response/>");
});
app.post("/mcp", express.json(), (req, res) => handle(req, res, req.body));
const server = app.listen({ port: 0, host: "127.0.0.1", backlog: BACKLOG } as never, () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
