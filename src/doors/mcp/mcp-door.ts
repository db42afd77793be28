// The MCP endpoint: Streamable HTTP, both protocol eras, always answered as a stream so that progress can flow.

import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { type ErrorRequestHandler, type RequestHandler, type Response, Router } from "express";
import type { Gate } from "../../core/gate-contract.ts";
import type { Log } from "../../core/ports/log.ts";
import type { PolicyDrafter } from "../../core/ports/policy-drafter.ts";
import type { ToolSource } from "../../core/ports/tool-source.ts";
import type { Approvals } from "./approvals.ts";
import { createCancellation } from "./cancellation.ts";
import { INSTRUCTIONS, serverInfo } from "./introduction.ts";
import { createNames } from "./names.ts";
import { registerOfferedTools } from "./offered-tools.ts";
import { createParsedHandler } from "./parsed-handler.ts";
import { MCP_PATH } from "./paths.ts";
import { registerPermissionTool } from "./permission-tool.ts";
import { registerPrompts } from "./prompts/register-prompts.ts";
import { currentRequestContext, withRequestContext } from "./request-context.ts";
import { registerRequestTool } from "./request-tool.ts";
import type { News } from "./resources/news.ts";
import type { Readable } from "./resources/read-resources.ts";
import { registerResources } from "./resources/register-resources.ts";
import type { Subscriptions } from "./resources/subscriptions.ts";
import { createShares } from "./shares.ts";
import { refuseTooMuchMcp } from "./too-much.ts";
import { TOOLS } from "./tool-table.ts";
import { registerGetApproval } from "./tools/get-approval.ts";
import { registerListApprovals } from "./tools/list-approvals.ts";
import { registerWithdrawApproval } from "./tools/withdraw-approval.ts";

/** Also keeps proxies from closing an idle stream, ms. */
export const KEEP_ALIVE_MS = 15_000;
/** Clients of 2026-07-28 that listen for changes at once. */
const MAX_LISTENING = 200;
/** Of one token. */
const MAX_LISTENING_OF_ONE = 100;
const LISTEN = "subscriptions/listen";

export interface McpDoor {
  readonly router: RequestHandler;
  /** For bodies on its path that were not read. */
  readonly onError: ErrorRequestHandler;
  close(): Promise<void>;
}

export interface McpDoorDeps {
  readonly gate: Pick<Gate, "request">;
  /** For callers that come back for their answer. */
  readonly approvals: Approvals;
  readonly log: Log;
  /** The version of this package, told to clients. */
  readonly version: string;
  /** The longest that a request may wait, ms. */
  readonly timeoutMs: number;
  /** What can be read beside the tools. */
  readonly readable: Readable;
  /** Makes a draft of a policy of what was approved. */
  readonly drafter: PolicyDrafter;
  /** Who listens for changes. Default: nobody hears of any but the tools'. */
  readonly news?: News | undefined;
  /** For clients that subscribe to one address after the other. Default: none can. */
  readonly subscriptions?: Subscriptions | undefined;
  /** Tools beside our own, whose calls go through the gate. Default: none. */
  readonly sources?: readonly ToolSource[] | undefined;
}

export function createMcpDoor(deps: McpDoorDeps): McpDoor {
  const { log, news, subscriptions } = deps;
  const onerror = (error: Error) => log.refused({ err: error }, "an MCP request failed");
  const handler = createMcpHandler(
    () => toolsOf(deps, currentRequestContext()?.tool).server,
    // The SDK's default sends no byte before the first message; Claude Code gives up after 60 s without one.
    {
      responseMode: "sse",
      keepAliveMs: KEEP_ALIVE_MS,
      maxSubscriptions: MAX_LISTENING,
      onerror,
      ...(news && { bus: news }),
    },
  );
  const handleParsed = createParsedHandler(handler, onerror);
  const handleOthers = toNodeHandler(handler, { onerror });
  const unwatch = (deps.sources ?? []).map((source) => source.onChange(() => handler.notify.toolsChanged()));
  const router = Router();
  const cancellation = createCancellation();
  const listening = createShares(MAX_LISTENING_OF_ONE);
  router.all(MCP_PATH, (req, res) => {
    if (req.body?.method === LISTEN && !listening.take(res)) return refuseListener(req.body, res);
    cancellation.follow(req, res, req.body);
    return withRequestContext(req, res, () => {
      if (subscriptions?.open(req, res)) return undefined;
      if (req.method !== "POST" || req.body === undefined) return handleOthers(req, res, req.body);
      void handleParsed(req, res, req.body).catch(onerror);
      // What is returned, and this, would keep Express's way to here for as long as the call waits.
      req.next = undefined;
      return undefined;
    });
  });
  async function close(): Promise<void> {
    for (const end of unwatch) end();
    subscriptions?.close();
    await handler.close();
  }
  return { router, onError: refuseTooMuchMcp(MCP_PATH, log), close };
}

/** In the words in which the SDK refuses what is too much for all. */
function refuseListener({ id = null }: { readonly id?: unknown }, res: Response): void {
  const error = { code: ProtocolErrorCode.InternalError, message: "Subscription limit reached" };
  res.status(200).json({ jsonrpc: "2.0", id, error });
}

/** An MCP server with every tool. */
export function createApprovalTools(deps: McpDoorDeps): McpServer {
  return toolsOf(deps).server;
}

/** An MCP server for a connection that stays. */
export interface LastingTools {
  readonly server: McpServer;
  /** Ends watching what is offered; called once the connection has ended. */
  end(): void;
}

/** The same for a connection that stays: its client hears of tools that change. */
export function createLastingTools(deps: McpDoorDeps): LastingTools {
  const { server, refresh } = toolsOf(deps);
  const unwatch = (deps.sources ?? []).map((source) => source.onChange(refresh));
  return { server, end: () => unwatch.forEach((end) => void end()) };
}

const OWN: Readonly<Record<string, (server: McpServer, deps: McpDoorDeps) => void>> = {
  [TOOLS.permission.name]: (server, { gate, log }) => registerPermissionTool(server, gate, log),
  [TOOLS.request.name]: registerRequestTool,
  [TOOLS.get.name]: registerGetApproval,
  [TOOLS.list.name]: registerListApprovals,
  [TOOLS.withdraw.name]: registerWithdrawApproval,
};

/** @param only the one tool that a request calls: nothing else is needed while it waits, and thousands may */
function toolsOf(deps: McpDoorDeps, only?: string) {
  const { log, version, sources = [] } = deps;
  const own = only === undefined || !Object.hasOwn(OWN, only) ? undefined : OWN[only];
  if (own !== undefined) {
    const server = new McpServer(serverInfo(version));
    own(server, deps);
    return { server, refresh: () => {} };
  }
  const server = new McpServer(serverInfo(version), {
    instructions: INSTRUCTIONS,
    capabilities: { resources: { subscribe: deps.subscriptions !== undefined, listChanged: false } },
    // Several changes at once are one piece of news.
    debouncedNotificationMethods: ["notifications/tools/list_changed"],
  });
  for (const register of Object.values(OWN)) register(server, deps);
  const refresh = registerOfferedTools(server, { sources, log });
  registerResources(server, deps.readable, createNames(deps.approvals.desk));
  registerPrompts(server, deps);
  deps.subscriptions?.register(server);
  return { server, refresh };
}
