// One connection of the HTTP+SSE transport of 2024-11-05: what the server says goes out on the stream of a GET, what the
// client says comes in by POSTs. Knows nothing of sessions, tokens or approvals.
import type { ServerResponse } from "node:http";
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/server";
import type { Clock } from "../../core/ports/clock.ts";
import { deferred } from "../../core/timing.ts";

/** Proxies close a silent stream, and a connection that is gone is noticed by writing to it. ms */
const KEEP_ALIVE_MS = 15_000;
/** Bytes that a client may leave unread before its stream is broken. Above any answer: an allow repeats its input. */
const MAX_UNREAD_BYTES = 16_000_000;

export interface SseTransport extends Transport {
  /** Whether an answer to this id is still due: a second request must not take its place. */
  isWaiting(id: string | number): boolean;
  /**
   * Hands a message of the client to the server.
   * @param run runs the dispatch; for a request it is told when its answer has been written: true once the stream has
   * taken it in full, false when the stream has closed, or the client has given the request up, before
   */
  receive(message: JSONRPCMessage, run: (written: Promise<boolean>, dispatch: () => void) => void): void;
}

/** @param endpoint where the client is to post to, as a path with its query */
export function createSseTransport(res: ServerResponse, endpoint: string, clock: Clock): SseTransport {
  const due = new Map<string | number, (written: boolean) => void>();
  let stopKeepAlive = () => {};
  let isOpen = false;

  function settle(id: string | number, written: boolean): void {
    due.get(id)?.(written);
    due.delete(id);
  }

  /** Resolves true once the system has taken it. Never rejects. */
  function write(text: string): Promise<boolean> {
    if (!isOpen || res.destroyed) return Promise.resolve(false);
    const { promise, resolve } = deferred<boolean>();
    res.once("close", onClose);
    function onClose(): void {
      resolve(false);
    }
    res.write(text, (error) => {
      res.off("close", onClose);
      resolve(error === null || error === undefined);
    });
    if (res.writableLength > MAX_UNREAD_BYTES) res.destroy();
    return promise;
  }

  function keepAlive(): void {
    stopKeepAlive = clock.after(KEEP_ALIVE_MS, () => {
      void write(": keep-alive\n\n");
      keepAlive();
    });
  }

  function closed(): void {
    if (!isOpen) return;
    isOpen = false;
    stopKeepAlive();
    for (const id of [...due.keys()]) settle(id, false);
    transport.onclose?.();
  }

  const transport: SseTransport = {
    isWaiting: (id) => due.has(id),

    receive(message, run) {
      const dispatch = () => transport.onmessage?.(message);
      const isRequest = "method" in message && "id" in message;
      if (!isRequest) {
        run(Promise.resolve(false), dispatch);
        const given = givenUp(message);
        // The server says nothing more about it.
        if (given !== undefined) settle(given, false);
        return;
      }
      const { promise, resolve } = deferred<boolean>();
      due.set(message.id, resolve);
      run(promise, dispatch);
    },

    async start() {
      isOpen = true;
      // Its client has gone before anything was said: no event will tell.
      if (res.destroyed) return closed();
      // A write for each call that waits may hang on a slow reader; not a leak.
      res.setMaxListeners(0);
      res.once("close", closed);
      res.writeHead(200, {
        "content-type": "text/event-stream",
        "cache-control": "no-cache, no-transform",
        connection: "keep-alive",
        // nginx would hold the events back.
        "x-accel-buffering": "no",
      });
      await write(`event: endpoint\ndata: ${endpoint}\n\n`);
      if (isOpen) keepAlive();
    },

    async send(message) {
      const written = await write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
      if (!("method" in message) && message.id !== undefined) settle(message.id, written);
    },

    /** What was written before still leaves. */
    async close() {
      if (res.destroyed) return closed();
      const { promise, resolve } = deferred<void>();
      res.end(() => resolve());
      res.once("close", () => resolve());
      await promise;
      closed();
    },
  };
  return transport;
}

function givenUp(message: JSONRPCMessage): string | number | undefined {
  if (!("method" in message) || message.method !== "notifications/cancelled") return undefined;
  const id: unknown = message.params?.["requestId"];
  return typeof id === "string" || typeof id === "number" ? id : undefined;
}
