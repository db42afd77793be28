// Clients of protocol 2025-11-25 give a call up with a message of its own, and leave the call's connection open. Each
// request is served alone here, so the call is found by a session id that the client was given, and its connection is
// broken, as a 2026-07-28 client does itself. Otherwise a tap would approve what nobody waits for. It can only end a call.

import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { readAs } from "../../core/read-as.ts";
import { SESSION_HEADER } from "./request-context.ts";

/** Messages in one request; the SDK refuses more. Looking at thousands would hold everything else up. */
const MAX_BATCH = 100;

const requestId = z.union([z.string(), z.number()]);
const initialize = z.object({ method: z.literal("initialize") });
const call = z.object({ method: z.literal("tools/call"), id: requestId });
const cancelled = z.object({ method: z.literal("notifications/cancelled"), params: z.object({ requestId }) });

export interface Cancellation {
  /** Looks at a request before it is served. @param body as it was parsed; anything may be in it */
  follow(req: IncomingMessage, res: ServerResponse, body: unknown): void;
}

export function createCancellation(newSession: () => string = randomUUID): Cancellation {
  const open = new Map<string, ServerResponse>();

  function followMessage(session: string | undefined, message: unknown, res: ServerResponse): void {
    if (session === undefined) {
      if (readAs(initialize, message).success) res.setHeader(SESSION_HEADER, newSession());
      return;
    }
    const calling = readAs(call, message);
    if (calling.success) {
      const key = keyOf(session, calling.data.id);
      open.set(key, res);
      res.once("close", () => {
        if (open.get(key) === res) open.delete(key);
      });
    }
    const giving = readAs(cancelled, message);
    if (giving.success) open.get(keyOf(session, giving.data.params.requestId))?.destroy();
  }

  return {
    follow(req, res, body) {
      const session = req.headers[SESSION_HEADER];
      const messages: unknown[] = Array.isArray(body) ? body : [body];
      if (messages.length > MAX_BATCH) return;
      // One listener for each message; not a leak.
      res.setMaxListeners(MAX_BATCH + res.getMaxListeners());
      for (const message of messages) {
        followMessage(typeof session === "string" ? session : undefined, message, res);
      }
    },
  };
}

/** 1 and "1" are two ids. */
function keyOf(session: string, id: string | number): string {
  return JSON.stringify([session, id]);
}
