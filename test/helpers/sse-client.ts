// Clients of the HTTP+SSE transport of 2024-11-05: the v1 SDK's own, and a bare one that shows what is on the wire.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { createParser } from "eventsource-parser";
import { onTestFinished } from "vitest";
import type { ApprovalServer } from "../../src/server/server-contract.ts";
import { TEST_MS } from "./patience.ts";

type Server = Pick<ApprovalServer, "localUrl">;

export interface SseClient {
  readonly client: Client;
  /** Calls a tool and gives back its single text block, parsed. */
  call(
    name: string,
    args: Record<string, unknown>,
    options?: { readonly signal?: AbortSignal; readonly onProgress?: (message: string) => void },
  ): Promise<unknown>;
}

/** The v1 SDK's client. Closed when the running test ends. */
export async function connectSse(
  { localUrl }: Server,
  { query = "", headers = {} }: { readonly query?: string; readonly headers?: Record<string, string> } = {},
): Promise<SseClient> {
  const client = new Client({ name: "test-sse", version: "1.0.0" });
  const transport = new SSEClientTransport(new URL(`${localUrl}/sse${query}`), { requestInit: { headers } });
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  onTestFinished(() => client.close());
  return {
    client,
    async call(name, args, { signal, onProgress } = {}) {
      const result = await client.callTool({ name, arguments: args }, undefined, {
        timeout: TEST_MS,
        ...(signal === undefined ? {} : { signal }),
        ...(onProgress === undefined ? {} : { onprogress: ({ message }) => onProgress(message ?? "") }),
      });
      const [block, ...more] = result.content as { type: string; text: string }[];
      if (block?.type !== "text" || more.length > 0) throw new Error(JSON.stringify(result));
      return JSON.parse(block.text) as unknown;
    },
  };
}

interface StreamEvent {
  readonly event: string | undefined;
  readonly data: string;
}

export interface BareStream {
  readonly status: number;
  readonly headers: Headers;
  /** The next event that fits; the events before it are dropped. */
  next(fits: (event: StreamEvent) => boolean): Promise<StreamEvent>;
  /** The next comment line. */
  comment(): Promise<string>;
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  /** Breaks the connection. */
  abort(): void;
}

/** Opens a stream without any client around it. Broken when the running test ends. */
export async function openStream(
  { localUrl }: Server,
  headers: Record<string, string> = {},
  query = "",
): Promise<BareStream> {
  const control = new AbortController();
  onTestFinished(() => control.abort());
  const response = await fetch(`${localUrl}/sse${query}`, { headers, signal: control.signal });
  const events: StreamEvent[] = [];
  const comments: string[] = [];
  let wake = () => {};
  const parser = createParser({
    onEvent: ({ event, data }) => void events.push({ event, data }),
    onComment: (text) => void comments.push(text),
  });
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
      wake();
    }
  };
  const ended = read().catch(() => {});
  const arrival = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  return {
    status: response.status,
    headers: response.headers,
    async next(fits) {
      for (;;) {
        const event = events.shift();
        if (event === undefined) await arrival();
        else if (fits(event)) return event;
      }
    },
    async comment() {
      for (;;) {
        const text = comments.shift();
        if (text !== undefined) return text;
        await arrival();
      }
    },
    ended,
    abort: () => control.abort(),
  };
}

/** Where a stream says that its client is to post to. */
export async function endpointOf(stream: BareStream, { localUrl }: Server): Promise<string> {
  const { data } = await stream.next(({ event }) => event === "endpoint");
  return new URL(data, `${localUrl}/sse`).href;
}

/** Posts a message as a client does. */
export async function post(
  endpoint: string,
  message: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = typeof message === "string" ? message : JSON.stringify(message);
  return fetch(endpoint, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
}
