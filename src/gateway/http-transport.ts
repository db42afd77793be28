// A server that is reached over Streamable HTTP. What it sends is counted while it comes in, so that no answer fills the memory.
import { StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";
import type { HttpEntry } from "./entry.ts";

/** Beside the entry's limit for one result: the rest of a response, notes of progress for example. */
const RESPONSE_ROOM = 1_000_000;
const NOT_ALLOWED = 405;

export function createHttpTransport(entry: HttpEntry): Transport {
  const maxBytes = entry.maxResultBytes + RESPONSE_ROOM;
  return new StreamableHTTPClientTransport(new URL(entry.url), {
    requestInit: { headers: { ...entry.headers }, redirect: "error" },
    reconnectionOptions: {
      maxRetries: 0,
      initialReconnectionDelay: 1_000,
      maxReconnectionDelay: 1_000,
      reconnectionDelayGrowFactor: 1,
    },
    async fetch(url, init) {
      // No stream of its own for what the server may want to say: its tools are listed again before each call.
      if (init?.method === "GET") return new Response(null, { status: NOT_ALLOWED });
      const response = await fetch(url, init);
      return response.body === null ? response : limited(response, response.body, maxBytes);
    },
  });
}

function limited(response: Response, body: ReadableStream<Uint8Array>, maxBytes: number): Response {
  let size = 0;
  const counted = body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        size += chunk.byteLength;
        if (size > maxBytes) controller.error(new Error("the response is larger than maxResultBytes allows"));
        else controller.enqueue(chunk);
      },
    }),
  );
  const { status, statusText, headers } = response;
  return new Response(counted, { status, statusText, headers });
}
