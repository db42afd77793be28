// Real MCP clients of both protocol eras, over HTTP or a process's stdio, seen alike.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as StdioTransportV1 } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { onTestFinished } from "vitest";
import { REQUEST_TOOL } from "../../src/domain/request-approval.ts";
import { TEST_MS } from "./patience.ts";

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
  /** The call's `_meta`. */
  readonly meta?: Readonly<Record<string, unknown>>;
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
  /** Addresses and templates of addresses. */
  addresses(): Promise<readonly string[]>;
  /** The JSON at an address. */
  read(uri: string): Promise<Record<string, unknown>>;
  /** @returns the addresses that have changed, as they come in */
  watch(uris: readonly string[]): Promise<readonly string[]>;
  prompts(): Promise<readonly { readonly name: string; readonly title?: string }[]>;
  /** All texts of a prompt's messages. */
  prompt(name: string, args?: Record<string, string>): Promise<readonly string[]>;
  /** What is offered for an argument of a prompt, or a variable of a template. */
  complete(ref: CompletionRef, name: string, begun: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

type CompletionRef =
  | { readonly type: "ref/prompt"; readonly name: string }
  | { readonly type: "ref/resource"; readonly uri: string };

/** What both SDKs' clients have. */
interface Reading {
  listResources(): Promise<{ resources: { uri: string; mimeType?: string }[] }>;
  listResourceTemplates(): Promise<{ resourceTemplates: { uriTemplate: string }[] }>;
  readResource(params: { uri: string }): Promise<unknown>;
  listPrompts(): Promise<{ prompts: { name: string; title?: string }[] }>;
  getPrompt(params: { name: string; arguments?: Record<string, string> }): Promise<unknown>;
  complete(params: unknown): Promise<{ completion: { values: string[] } }>;
}

/** How to start a server that speaks over stdin and stdout. */
export interface StdioServer {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

const CALL_TIMEOUT_MS = TEST_MS;
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
    ...reading(client as unknown as Reading),
    async watch(uris) {
      const heard: string[] = [];
      client.setNotificationHandler(
        "notifications/resources/updated",
        ({ params }) => void heard.push(params.uri),
      );
      await client.listen({ resourceSubscriptions: [...uris] });
      return heard;
    },
    instructions: () => client.getInstructions(),
    listTools: async () => (await client.listTools()).tools as readonly ListedTool[],
    call: async (name, args, options = {}) =>
      (await client.callTool(
        { name, arguments: args, ...(options.meta && { _meta: options.meta }) },
        requestOptions(options),
      )) as ToolAnswer,
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
    ...reading(client as unknown as Reading),
    async watch(uris) {
      const heard: string[] = [];
      client.setNotificationHandler(
        ResourceUpdatedNotificationSchema,
        ({ params }) => void heard.push(params.uri),
      );
      for (const uri of uris) await client.subscribeResource({ uri });
      return heard;
    },
    instructions: () => client.getInstructions(),
    listTools: async () => (await client.listTools()).tools as readonly ListedTool[],
    call: async (name, args, options) =>
      (await client.callTool({ name, arguments: args }, undefined, requestOptions(options))) as ToolAnswer,
    close: () => client.close(),
  });
}

function reading(
  client: Reading,
): Omit<McpClient, "instructions" | "listTools" | "call" | "watch" | "close"> {
  return {
    async addresses() {
      const [{ resources }, { resourceTemplates }] = await Promise.all([
        client.listResources(),
        client.listResourceTemplates(),
      ]);
      return [...resources.map(({ uri }) => uri), ...resourceTemplates.map(({ uriTemplate }) => uriTemplate)];
    },
    async read(uri) {
      const { contents } = (await client.readResource({ uri })) as {
        contents: { uri: string; mimeType: string; text: string }[];
      };
      const [only, ...others] = contents;
      if (only === undefined || others.length > 0 || only.mimeType !== "application/json" || only.uri !== uri)
        throw new Error(`not one JSON text: ${JSON.stringify(contents)}`);
      return JSON.parse(only.text) as Record<string, unknown>;
    },
    prompts: async () => (await client.listPrompts()).prompts,
    async prompt(name, args = {}) {
      const { messages } = (await client.getPrompt({ name, arguments: args })) as {
        messages: { content: { text?: string; resource?: { text: string } } }[];
      };
      return messages.map(({ content }) => content.text ?? content.resource?.text ?? "");
    },
    complete: async (ref, name, value) =>
      (await client.complete({ ref, argument: { name, value } })).completion.values,
  };
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
