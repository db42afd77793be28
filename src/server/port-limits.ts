// How much of a port one side may use: connections, and the time to send a request. Whoever holds a connection without sending
// a whole request makes room for others when there are too many. See decision 0042.
import { readFileSync } from "node:fs";
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from "node:http";
import type { Socket } from "node:net";

export interface PortLimits {
  /** Open connections at once. */
  readonly connections: number;
  /** From the connection, or from the end of the last request, to the last header, ms. */
  readonly headersMs: number;
  /** To the end of the body, ms. The response may take as long as it needs: a call waits for a person. */
  readonly requestMs: number;
  /** Requests on one connection, one after the other; 0 for any number. */
  readonly requests: number;
  /** Requests on one connection that have no answer yet: nobody who means well sends the next one before. */
  readonly unanswered: number;
}

/** One read of a socket may hold thousands of short requests, and all of them are served before anybody else is. */
const ON_ONE_CONNECTION = { requests: 1_000, unanswered: 10 };

/** Twilio, and whoever finds the tunnel's address. A webhook is there at once, whole. Where few files may be open. */
export const PUBLIC_LIMITS: PortLimits = {
  connections: 500,
  headersMs: 10_000,
  requestMs: 15_000,
  ...ON_ONE_CONNECTION,
};

/** A thousand taps at once are a thousand connections of honest webhooks, with receipts beside them. */
const MOST_PUBLIC = 1_500;
/** One part in so many of the files that may be open is for the public port. */
const PUBLIC_PART = 8;

/** The callers' own port, where each waiting call holds a connection. */
const LOCAL_LIMITS: PortLimits = {
  connections: 8_000,
  headersMs: 20_000,
  requestMs: 60_000,
  ...ON_ONE_CONNECTION,
};

/** What the database, the messages to Twilio and the children need besides connections. */
const OWN_FILES = 300;
/** Below this the port would be of no use. */
const LEAST = 100;
/** How often connections are looked at that are late, ms. */
const CHECK_MS = 1_000;
/** Node drops further ones in silence, and with them what a proxy has added: too many are refused instead. */
const MAX_HEADERS = 200;
/** Of all headers together, bytes. */
const MAX_HEADER_BYTES = 16_384;

/** @param openFiles how many files the process may have open; undefined where that is not known */
export function publicLimits(openFiles = readOpenFiles()): PortLimits {
  const part = openFiles === undefined ? MOST_PUBLIC : Math.floor(openFiles / PUBLIC_PART);
  return { ...PUBLIC_LIMITS, connections: Math.max(PUBLIC_LIMITS.connections, Math.min(MOST_PUBLIC, part)) };
}

/** What the public port and the server itself leave. @param openFiles as above */
export function localLimits(openFiles = readOpenFiles()): PortLimits {
  const taken = publicLimits(openFiles).connections + OWN_FILES;
  const room = openFiles === undefined ? LOCAL_LIMITS.connections : openFiles - taken;
  return { ...LOCAL_LIMITS, connections: Math.max(LEAST, Math.min(LOCAL_LIMITS.connections, room)) };
}

/** Only Linux tells; elsewhere the limit is most often far above. */
function readOpenFiles(): number | undefined {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}

export function serverOptions({ headersMs, requestMs }: PortLimits): ServerOptions {
  return {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: CHECK_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  };
}

/** What is not to be read although Node has read it: it has too many headers, or says twice for whom it is. All of them are there: see `limitConnections`. */
export function unreadable({
  rawHeaders,
  url = "",
}: Pick<IncomingMessage, "rawHeaders" | "url">):
  | { readonly status: number; readonly problem: string }
  | undefined {
  if (rawHeaders.length > 2 * MAX_HEADERS) return { status: 431, problem: "too many headers" };
  const hosts = rawHeaders.filter((text, at) => at % 2 === 0 && text.toLowerCase() === "host").length;
  // Of two hosts Node takes the first, a proxy may take the other; one in the address comes before both.
  if (hosts > 1) return { status: 400, problem: "more than one host" };
  if (!url.startsWith("/")) return { status: 400, problem: "the address must begin with a slash" };
  return undefined;
}

/**
 * Keeps the number of connections below the limit: for a new one the oldest goes that has sent no whole request. Where all the
 * others wait for their answer, the new one goes. A connection that sends more requests than it waits for answers goes, too; what
 * Node has read of it besides still comes, with a socket that is destroyed.
 */
export function limitConnections(
  server: Server,
  { connections, requests, unanswered }: Pick<PortLimits, "connections" | "requests" | "unanswered">,
): void {
  /** Without a whole request, the longest first: each with the request that has begun. Headers alone win no time. */
  const unfinished = new Map<Socket, IncomingMessage | undefined>();
  /** Those of which it was seen that they wait for an answer. */
  const answering = new Set<Socket>();
  /** More than one may have been sent. */
  const newest = new WeakMap<Socket, IncomingMessage>();
  /** How many of its requests have no answer yet. */
  const open = new WeakMap<Socket, number>();
  // Without a limit of Node's own: it would cut the list of headers, and say nothing.
  server.maxHeadersCount = 0;
  server.maxRequestsPerSocket = requests;

  server.on("connection", (socket: Socket) => {
    if (unfinished.size + answering.size >= connections) (victim() ?? socket).destroy();
    unfinished.set(socket, undefined);
    socket.once("close", () => {
      unfinished.delete(socket);
      answering.delete(socket);
    });
  });
  server.prependListener("request", take);
  // Node would answer it by itself, and count nothing.
  server.on("checkExpectation", (req, res) => {
    take(req, res);
    if (!req.socket.destroyed) res.writeHead(417, { connection: "close" }).end();
  });

  function take(req: IncomingMessage, res: ServerResponse): void {
    const { socket } = req;
    const count = (open.get(socket) ?? 0) + 1;
    open.set(socket, count);
    if (count > unanswered) socket.destroy();
    if (socket.destroyed) return;
    newest.set(socket, req);
    if (unfinished.has(socket)) unfinished.set(socket, req);
    res.once("close", () => {
      open.set(socket, (open.get(socket) ?? 1) - 1);
      unfinished.delete(socket);
      answering.delete(socket);
      const next = newest.get(socket);
      if (!socket.destroyed) unfinished.set(socket, next === req ? undefined : next);
    });
  }

  function victim(): Socket | undefined {
    for (const [socket, req] of unfinished) {
      if (req?.complete) {
        unfinished.delete(socket);
        answering.add(socket);
      } else if (!socket.destroyed) return socket;
    }
    return undefined;
  }
}
