// Real MCP clients of both protocol eras, over HTTP or a process's stdio, seen alike.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as StdioTransportV1 } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { onTestFinished } from "vitest";
import { REQUEST_TOOL } from "../../src/domain/request-approval.ts";

/** What a call of a tool came to. */
interface ToolAnswer {
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly structuredContent?: unknown;
  readonly isError?: boolean;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Without it the client asks for no progress. */
  readonly onProgress?: (message: string) => void;
}

interface ListedTool {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly outputSchema?: Readonly<Record<string, unknown>>;
  readonly annotations?: Readonly<Record<string, unknown>>;
}

export interface McpClient {
  instructions(): string | undefined;
  listTools(): Promise<readonly ListedTool[]>;
  call(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<ToolAnswer>;
  close(): Promise<void>;
}

/** How to start a server that speaks over stdin and stdout. */
export interface StdioServer {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

const CALL_TIMEOUT_MS = 60_000;
const INFO = { name: "test", version: "1.0.0" };

/** Everything that `request_approval` needs. */
export const ASK = {
  action: "Send the invoice 2026-118 to ann@example.com",
  summary: "Bill for November",
};

/** The client that speaks 2026-07-28 where the server does. Closed when the running test ends. */
export async function connect(to: string | StdioServer, headers: Record<string, string> = {}) {
  const client = new Client(INFO, { versionNegotiation: { mode: "auto" } });
  await client.connect(
    typeof to === "string"
      ? new StreamableHTTPClientTransport(new URL(`${to}/mcp`), { requestInit: { headers } })
      : new StdioClientTransport({ ...to, args: [...to.args], stderr: "ignore" }),
  );
  return opened({
    instructions: () => client.getInstructions(),
    listTools: async () => (await client.listTools()).tools as readonly ListedTool[],
    call: async (name, args, options) =>
      (await client.callTool({ name, arguments: args }, requestOptions(options))) as ToolAnswer,
    close: () => client.close(),
  });
}

/** The v1 client: protocol 2025-11-25. Closed when the running test ends. */
export async function connectV1(to: string | StdioServer, headers: Record<string, string> = {}) {
  const client = new ClientV1(INFO);
  const transport =
    typeof to === "string"
      ? new TransportV1(new URL(`${to}/mcp`), { requestInit: { headers } })
      : new StdioTransportV1({ ...to, args: [...to.args], stderr: "ignore" });
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  return opened({
    instructions: () => client.getInstructions(),
    listTools: async () => (await client.listTools()).tools as readonly ListedTool[],
    call: async (name, args, options) =>
      (await client.callTool({ name, arguments: args }, undefined, requestOptions(options))) as ToolAnswer,
    close: () => client.close(),
  });
}

function opened(client: McpClient): McpClient {
  onTestFinished(() => client.close());
  return client;
}

/** Asks for approval with the strictest reading: one text block, and it says what the structured content says. */
export async function ask(
  client: McpClient,
  args: Record<string, unknown> = ASK,
  options?: CallOptions,
): Promise<unknown> {
  const { content, structuredContent, isError = false } = await client.call(REQUEST_TOOL, args, options);
  const [block] = content;
  const text: unknown = JSON.parse(block?.text ?? "");
  const status = (structuredContent as { status?: unknown } | undefined)?.status;
  if (content.length !== 1 || JSON.stringify(text) !== JSON.stringify(structuredContent)) {
    throw new Error(`text and structure differ: ${JSON.stringify({ content, structuredContent })}`);
  }
  if (isError !== (status === "error"))
    throw new Error(`isError is ${isError} with status ${String(status)}`);
  return structuredContent;
}

function requestOptions({ signal, onProgress }: CallOptions = {}) {
  return {
    timeout: CALL_TIMEOUT_MS,
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined
      ? {}
      : { onprogress: ({ message }: { message?: string | undefined }) => onProgress(message ?? "") }),
  };
}
