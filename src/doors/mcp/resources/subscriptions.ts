// Changes for clients of 2025-11-25: they subscribe to addresses one by one, and hear of them on a stream that they open with GET.
// Each request of theirs is served alone, so what a session has subscribed to is kept here. Bounded; nothing of it outlives the server.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { McpServer, ServerEvent, ServerEventBus } from "@modelcontextprotocol/server";
import type { Clock } from "../../../core/ports/clock.ts";
import { currentRequestContext } from "../request-context.ts";
import { createShares } from "../shares.ts";

/** Sessions of one token that are remembered, the longest unused forgotten first; addresses of one session. */
const MAX_SESSIONS_OF_ONE = 100;
const MAX_URIS = 100;
/** UTF-16 units: none of ours is longer. */
const MAX_URI_LENGTH = 2_000;
/** Streams open at once, and those of one token. */
const MAX_STREAMS = 200;
const MAX_STREAMS_OF_ONE = 100;
/** Bytes that a stream holds back for a client that does not read. */
const MAX_UNREAD = 100_000;

const NOTIFICATIONS = {
  tools_list_changed: "notifications/tools/list_changed",
  prompts_list_changed: "notifications/prompts/list_changed",
  resources_list_changed: "notifications/resources/list_changed",
  resource_updated: "notifications/resources/updated",
} as const satisfies Readonly<Record<ServerEvent["kind"], string>>;

export interface Subscriptions {
  /** Lets a server take `resources/subscribe` and `resources/unsubscribe`. */
  register(server: McpServer): void;
  /** Opens the stream of a session. @returns false where it is not taken: the SDK answers, with 405 */
  open(req: IncomingMessage, res: ServerResponse): boolean;
  close(): void;
}

export interface SubscriptionsDeps {
  readonly bus: ServerEventBus;
  readonly clock: Clock;
  /** Between two signs of life on a silent stream, ms. */
  readonly keepAliveMs: number;
}

export function createSubscriptions({ bus, clock, keepAliveMs }: SubscriptionsDeps): Subscriptions {
  /** By token: a session is its token's, another one's with the same id is another, and none takes the place of another's. */
  const sessions = new Map<string | undefined, Map<string, Set<string>>>();
  const streams = new Set<() => void>();
  const shares = createShares(MAX_STREAMS_OF_ONE);

  /** What a session has subscribed to. */
  function urisOf(session: string): Set<string> {
    const requester = currentRequestContext()?.requester;
    const own = sessions.get(requester) ?? new Map<string, Set<string>>();
    sessions.set(requester, own);
    const uris = own.get(session) ?? new Set<string>();
    own.delete(session);
    own.set(session, uris);
    const [oldest] = own.keys();
    if (own.size > MAX_SESSIONS_OF_ONE && oldest !== undefined) own.delete(oldest);
    return uris;
  }

  /** A connection that has a server of its own, for as long as it lives: it is told on that. */
  function ownUris(server: McpServer): Set<string> {
    const uris = new Set<string>();
    const stop = bus.subscribe((event) => {
      if (event.kind === "resource_updated" && uris.has(event.uri))
        void server.server.sendResourceUpdated({ uri: event.uri }).catch(() => stop());
    });
    const { onclose } = server.server;
    server.server.onclose = () => {
      stop();
      onclose?.();
    };
    return uris;
  }

  return {
    register(server) {
      let own: Set<string> | undefined;
      const uris = () => {
        const session = currentRequestContext()?.session;
        if (session !== undefined) return urisOf(session);
        own ??= ownUris(server);
        return own;
      };
      server.server.setRequestHandler("resources/subscribe", async ({ params: { uri } }) => {
        if (uri.length > MAX_URI_LENGTH) throw new Error("there is no such address");
        const all = uris();
        if (all.size >= MAX_URIS && !all.has(uri)) throw new Error("too many subscriptions");
        all.add(uri);
        return {};
      });
      server.server.setRequestHandler("resources/unsubscribe", async ({ params: { uri } }) => {
        uris().delete(uri);
        return {};
      });
    },
    open(req, res) {
      const session = currentRequestContext()?.session;
      const wantsEvents = (req.headers.accept ?? "").includes("text/event-stream");
      if (req.method !== "GET" || session === undefined || !wantsEvents || streams.size >= MAX_STREAMS)
        return false;
      if (!shares.take(res)) return false;
      const requester = currentRequestContext()?.requester;
      res.writeHead(200, {
        "content-type": "text/event-stream",
        "cache-control": "no-store, no-transform",
        "mcp-session-id": session,
      });
      res.flushHeaders();
      let cancel = clock.after(keepAliveMs, keepAlive);
      function keepAlive(): void {
        res.write(": keepalive\n\n");
        cancel = clock.after(keepAliveMs, keepAlive);
      }
      const stop = bus.subscribe((event) => {
        if (event.kind === "resource_updated" && !sessions.get(requester)?.get(session)?.has(event.uri))
          return;
        // A client that does not read: it has to come again.
        if (res.writableLength > MAX_UNREAD) return end();
        const params = event.kind === "resource_updated" ? { params: { uri: event.uri } } : {};
        const message = { jsonrpc: "2.0", method: NOTIFICATIONS[event.kind], ...params };
        res.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
      });
      const end = () => {
        cancel();
        stop();
        streams.delete(end);
        res.end();
      };
      streams.add(end);
      res.once("close", end);
      return true;
    },
    close() {
      for (const end of [...streams]) end();
      sessions.clear();
    },
  };
}
