// Loads what MCP clients need with the first request of one, which is long before its first question: it says hello first. What
// cannot be loaded is refused in words; nothing is allowed by it.
import { type ErrorRequestHandler, type RequestHandler, type Response, Router } from "express";
import { MCP_PATH, MESSAGE_PATH, STREAM_PATH } from "../doors/mcp/paths.ts";
import type { McpDoors, McpDoorsDeps } from "./mcp-doors.ts";
import { PartError, whenUsed } from "./when-used.ts";

export interface LateMcp {
  readonly router: RequestHandler;
  readonly onError: ErrorRequestHandler;
  close(): Promise<void>;
}

/** The JSON-RPC code of an error that is the server's. */
const INTERNAL_ERROR = -32_603;

const loadDoors = async () => import("./mcp-doors.ts");

/** @param load brings the doors. Default: their import */
export function openLateMcp(deps: McpDoorsDeps, load = loadDoors): LateMcp {
  const { log } = deps;
  let isClosed = false;
  let close = async () => {};
  const doors = whenUsed(async () => {
    const { openMcpDoors } = await load();
    const opened = openMcpDoors(deps);
    close = opened.close;
    if (isClosed) await close();
    return opened;
  });

  /** Who has gone meanwhile gets nothing, and asks for nothing. */
  async function pass(res: Response, to: (doors: McpDoors) => void): Promise<void> {
    try {
      const opened = await doors();
      if (!res.closed) to(opened);
    } catch (error) {
      if (!(error instanceof PartError)) throw error;
      log.error({ err: error }, "an MCP client could not be served");
      const refusal = { code: INTERNAL_ERROR, message: error.message };
      if (!res.headersSent) res.status(503).json({ jsonrpc: "2.0", error: refusal, id: null });
    }
  }

  const paths = [MCP_PATH, STREAM_PATH, MESSAGE_PATH];
  const router = Router();
  router.all(paths, (req, res, next) => pass(res, (opened) => opened.router(req, res, next)));
  return {
    router,
    onError(error: unknown, req, res, next) {
      if (!paths.includes(req.path.toLowerCase())) return next(error);
      const fail: RequestHandler = (_req, _res, go) => go(error);
      return pass(res, ({ onError }) => Router().use(fail, ...onError)(req, res, next));
    },
    async close() {
      isClosed = true;
      await close();
    },
  };
}
