// A connection to one MCP server: lists its tools and calls them, with limits on time and size. Whatever the server asks of
// us (a model, a form, folders) is refused: this client offers nothing.
import {
  Client,
  ProtocolError,
  ProtocolErrorCode,
  SdkError,
  SdkErrorCode,
  type Transport,
} from "@modelcontextprotocol/client";
import { z } from "zod";
import type { Log } from "../core/ports/log.ts";
import { deferred } from "../core/timing.ts";
import { type Definition, readDefinition } from "./definition.ts";
import type { GatewayEntry } from "./entry.ts";
import { createHttpTransport } from "./http-transport.ts";
import { createStdioTransport, type StdioDeps, type StdioTransport } from "./stdio-transport.ts";

/** To start, and to say what it has, ms; the first start of a package downloads it. */
const CONNECT_LIMIT_MS = 60_000;
const LIST_LIMIT_MS = 10_000;
/** Pages of one list. */
const MAX_PAGES = 20;

const page = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });
/** Taken as it is: what the server adds to it is passed on. */
const result = z.looseObject({});

export interface CallOptions {
  readonly signal: AbortSignal;
  readonly onProgress?:
    | ((progress: { progress: number; total?: number | undefined; message?: string | undefined }) => void)
    | undefined;
}

export interface Connection {
  /** Every tool of the server by its name; what is no definition is left out. */
  tools(): Promise<ReadonlyMap<string, Definition>>;
  /** @returns the server's result, as it is. @throws CallError where there is none */
  call(
    name: string,
    input: Readonly<Record<string, unknown>>,
    options: CallOptions,
  ): Promise<Record<string, unknown>>;
  /** Resolves when the connection is over, with why: words of ours. */
  readonly closed: Promise<string>;
  close(): Promise<void>;
}

export interface ConnectionDeps extends StdioDeps {
  readonly version: string;
  readonly log: Log;
  /** The server says that its tools have changed. */
  readonly onToolsChanged: () => void;
  /** Ends the attempt. */
  readonly signal?: AbortSignal | undefined;
}

/** @throws Error with words of ours where the server cannot be reached or does not speak MCP */
export async function connect(entry: GatewayEntry, deps: ConnectionDeps): Promise<Connection> {
  const { log, version } = deps;
  const process = entry.kind === "stdio" ? createStdioTransport(entry, deps) : undefined;
  const transport: Transport =
    process ?? createHttpTransport(entry as Extract<GatewayEntry, { kind: "http" }>);
  const client = new Client({ name: "approval-server", version }, { inputRequired: { autoFulfill: false } });
  const server = entry.name;
  client.onerror = (error) => log.debug({ server, err: error }, "an MCP server's message was not taken");
  client.fallbackRequestHandler = async ({ method }) => {
    log.refused({ server, method }, "an MCP server behind the gate asked for something: refused");
    throw new ProtocolError(ProtocolErrorCode.MethodNotFound, "this client offers nothing to servers");
  };
  client.setNotificationHandler("notifications/tools/list_changed", () => deps.onToolsChanged());
  const closed = deferred<string>();
  client.onclose = () => closed.resolve(process?.why() ?? "the connection was closed");
  try {
    await client.connect(transport, {
      timeout: CONNECT_LIMIT_MS,
      ...(deps.signal && { signal: deps.signal }),
    });
  } catch (error) {
    await client.close().catch(() => {});
    throw whyNotConnected(error, process);
  }
  return {
    closed: closed.promise,
    close: () => client.close(),
    async tools() {
      const found = new Map<string, Definition>();
      let cursor: string | undefined;
      for (let pages = 0; pages < MAX_PAGES; pages += 1) {
        const params = cursor === undefined ? {} : { cursor };
        const listed = await client.request({ method: "tools/list", params }, page, {
          timeout: LIST_LIMIT_MS,
        });
        for (const tool of listed.tools) {
          const definition = readDefinition(tool);
          // The first of one name counts: a second could differ from call to call.
          if (definition !== undefined && !found.has(definition.name)) found.set(definition.name, definition);
        }
        cursor = listed.nextCursor;
        if (cursor === undefined) break;
      }
      return found;
    },
    async call(name, input, { signal, onProgress }) {
      try {
        return await client.request({ method: "tools/call", params: { name, arguments: input } }, result, {
          signal,
          timeout: entry.timeoutMs,
          maxTotalTimeout: entry.timeoutMs,
          ...(onProgress && { onprogress: onProgress }),
        });
      } catch (error) {
        if (!(error instanceof SdkError) || error.code !== SdkErrorCode.ConnectionClosed) throw error;
        throw new Error(await closed.promise, { cause: error });
      }
    },
  };
}

function whyNotConnected(error: unknown, process: StdioTransport | undefined): Error {
  const why = process !== undefined && process.why() !== "it was closed" ? process.why() : wordsOf(error);
  return new Error(why, { cause: error });
}

/** How every reason of ours begins. */
const OURS = "it ";

/** An error of the network or the protocol, in a few words without foreign text. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return "it failed";
  if (error.message.startsWith(OURS)) return error.message;
  const code = "code" in error ? error.code : undefined;
  const cause = error.cause instanceof Error && "code" in error.cause ? error.cause.code : undefined;
  const known = [cause, code].find((each) => typeof each === "string" && /^[A-Z][A-Z_]+$/.test(each));
  if (known !== undefined) return `it cannot be reached (${known})`;
  return "it did not answer as an MCP server does";
}
