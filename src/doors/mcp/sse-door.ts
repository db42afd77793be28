// The HTTP+SSE transport of 2024-11-05, for clients that know no other: the same tools as /mcp. `GET /sse` opens a stream and
// names the address to post to; whoever posts there must show the token that opened the stream.
import { randomBytes } from "node:crypto";
import { type JSONRPCMessage, parseJSONRPCMessage } from "@modelcontextprotocol/server";
import { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from "express";
import type { Clock } from "../../core/ports/clock.ts";
import type { Log } from "../../core/ports/log.ts";
import { isAllowedPage } from "../allowed-page.ts";
import { TooMuchError } from "../body-limits.ts";
import { requesterOf } from "../requester.ts";
import type { LastingTools } from "./mcp-door.ts";
import { MESSAGE_PATH, STREAM_PATH } from "./paths.ts";
import { type RequestContext, runWithContext, startOfContext } from "./request-context.ts";
import { createSseTransport, type SseTransport } from "./sse-transport.ts";
import { tooMuchAnswer } from "./too-much.ts";

/** Open streams: a client has one. */
const MAX_STREAMS = 200;
/** Of one token; everybody without a named one counts as one. */
const MAX_STREAMS_OF_ONE = 100;
const ID_TAKEN = "A request with this id is still being answered.";

interface SseDoorDeps {
  /** A server with every tool; each connection has its own. */
  readonly createTools: () => LastingTools;
  readonly clock: Clock;
  readonly log: Log;
  readonly newSession?: () => string;
}

export interface SseDoor {
  readonly router: RequestHandler;
  /** For bodies on its path that were not read. */
  readonly onError: ErrorRequestHandler;
  /** Ends every stream once what was written to it has left. */
  close(): Promise<void>;
}

interface SseSession {
  readonly transport: SseTransport;
  readonly context: Omit<RequestContext, "written">;
}

export function createSseDoor(deps: SseDoorDeps): SseDoor {
  const { createTools, clock, log, newSession = () => randomBytes(32).toString("base64url") } = deps;
  const sessions = new Map<string, SseSession>();
  let isClosed = false;

  async function open(req: Request, res: Response): Promise<void> {
    const requester = requesterOf(res);
    const own = [...sessions.values()].filter(({ context }) => context.requester === requester);
    if (isClosed || sessions.size >= MAX_STREAMS || own.length >= MAX_STREAMS_OF_ONE) {
      if (!isClosed) log.refused({ open: sessions.size }, "refused: too many open MCP streams");
      res.set("Retry-After", "5");
      return refuse(res, 503, "The approval server has too many open streams. Close one, or use /mcp.");
    }
    const id = newSession();
    const transport = createSseTransport(res, `${MESSAGE_PATH}?sessionId=${id}`, clock);
    const { server, end } = createTools();
    sessions.set(id, { transport, context: startOfContext(req, res) });
    server.server.onclose = () => {
      sessions.delete(id);
      end();
    };
    server.server.onerror = (error) => log.refused({ err: error }, "an MCP message failed");
    await server.connect(transport);
  }

  /** @returns undefined where there is none for who asks: whose it is is not told */
  function sessionOf(req: Request, res: Response): SseSession | undefined {
    const id = req.query["sessionId"];
    const session = typeof id === "string" ? sessions.get(id) : undefined;
    return session?.context.requester === requesterOf(res) ? session : undefined;
  }

  function receive(req: Request, res: Response): void {
    const session = sessionOf(req, res);
    const message = readMessage(req.body);
    if (session === undefined) refuse(res, 404, `There is no such session: open ${STREAM_PATH} again.`);
    else if (message === undefined) refuse(res, 400, "The body must be one JSON-RPC message as JSON.");
    else if ("method" in message && "id" in message && session.transport.isWaiting(message.id))
      refuse(res, 400, ID_TAKEN);
    else {
      res.status(202).send("Accepted");
      session.transport.receive(message, (written, dispatch) =>
        runWithContext({ ...session.context, written }, dispatch),
      );
    }
  }

  const router = Router();
  router.get(STREAM_PATH, refuseEmbedded, open);
  router.post(MESSAGE_PATH, refuseEmbedded, receive);
  router.all([STREAM_PATH, MESSAGE_PATH], (req, res) => {
    const allow = req.path.toLowerCase().startsWith(STREAM_PATH) ? "GET" : "POST";
    res.set("Allow", allow);
    refuse(res, 405, `This address takes ${allow}. Clients of Streamable HTTP use /mcp.`);
  });

  return {
    router,
    onError(error: unknown, req, res, next) {
      const session = sessionOf(req, res);
      const isMine = error instanceof TooMuchError && req.path.toLowerCase() === MESSAGE_PATH;
      if (!isMine || session === undefined || res.headersSent) return next(error);
      log.refused({ problem: error.message }, "a call was too large to be read: denied");
      const answer = tooMuchAnswer(error, false);
      if (answer.id === null) return refuse(res, 400, answer.error.message);
      // It must not pass for the answer to another request.
      if (session.transport.isWaiting(answer.id)) return refuse(res, 400, ID_TAKEN);
      res.status(202).send("Accepted");
      void session.transport.send(answer);
    },
    async close() {
      isClosed = true;
      await Promise.all([...sessions.values()].map(({ transport }) => transport.close()));
    },
  };
}

/** A picture's or a frame's address has no Origin: nothing of it could be read by its page, but it would hold a stream open. */
const refuseEmbedded: RequestHandler = (req, res, next) => {
  const { "sec-fetch-site": site = "none" } = req.headers;
  if (site === "none" || site === "same-origin" || req.headers.origin !== undefined || isAllowedPage(res)) {
    return next();
  }
  refuse(res, 403, "Web pages of other sites may not use this address.");
};

function readMessage(body: unknown): JSONRPCMessage | undefined {
  try {
    return parseJSONRPCMessage(body);
  } catch {
    return undefined;
  }
}

function refuse(res: Response, status: number, message: string): void {
  res.status(status).json({ jsonrpc: "2.0", error: { code: -32_000, message }, id: null });
}
