// The whole server on free loopback ports with the simulated phone, and real MCP clients of both protocol eras.
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { onTestFinished } from "vitest";
import { PERMISSION_TOOL } from "../../src/doors/mcp/tool-table.ts";
import { startServer } from "../../src/server/create-server.ts";
import type { ApprovalServer, ServerDeps } from "../../src/server/server-contract.ts";
import type { OpenSimulator, SimMessage } from "../../src/simulator/contract.ts";
import { createTestTwilio, type TestTwilio } from "../twilio/create-test-twilio.ts";
import "./late-parts.ts";
import { TEST_MS } from "./patience.ts";
import { createKeptLog, type KeptLog } from "./silent-log.ts";
import { temporaryFolder } from "./temporary.ts";
import { parseTestConfig } from "./test-config.ts";

export interface ServerStage {
  readonly server: ApprovalServer;
  readonly phone: TestTwilio;
  readonly log: KeptLog;
  readonly databasePath: string;
  /** The nth approval request on the phone, from 0, once Twilio has answered the server that sent it. */
  request(index?: number): Promise<SimMessage>;
  /** The first message to the phone that contains `text`, once Twilio has answered. */
  told(text: string): Promise<SimMessage>;
}

export interface StageOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly deps?: Partial<ServerDeps>;
}

/** Starts a server that is closed when the running test ends. */
export async function startStage({ env = {}, deps = {} }: StageOptions = {}): Promise<ServerStage> {
  const databasePath = env["APPROVAL_DB"] ?? join(temporaryFolder(), "data", "approvals.db");
  const ports = { SERVER_PORT: "0", WEBHOOK_PORT: "0", SIMULATOR_PORT: "0" };
  // The phone is asked at once, unless a test is about the terminal's own time.
  const grace = { HOOK_GRACE_SECONDS: "0" };
  const config = parseTestConfig({ ...ports, ...grace, APPROVAL_DB: databasePath, ...env });
  const log = createKeptLog();
  const opened: TestTwilio[] = [];
  const openSimulator: OpenSimulator = async (options) => {
    const twilio = await createTestTwilio(options);
    opened.push(twilio);
    return twilio;
  };
  const server = await startServer(config, { log, version: "0.0.0-test", openSimulator, ...deps });
  onTestFinished(() => server.close());
  const [phone] = opened;
  if (phone === undefined) throw new Error("the stage has no simulated phone");
  return {
    server,
    phone,
    log,
    databasePath,
    request: (index = 0) =>
      phone.waitForMessage(
        (message) => isAnswered(message) && message.sid === phone.messages().filter(isRequest)[index]?.sid,
      ),
    told: (text) =>
      phone.waitForMessage(
        (message) => isAnswered(message) && message.direction === "to-phone" && message.body.includes(text),
      ),
  };
}

/** It leaves the queue only once the answer to the call that sent it is written, or that call's connection is gone. */
function isAnswered({ status }: Pick<SimMessage, "status">): boolean {
  return status !== "queued";
}

function isRequest({ direction, buttons }: SimMessage): boolean {
  return direction === "to-phone" && buttons.length > 0;
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: string) => void;
}

/** What Claude Code would read: the parsed JSON of the single text block. */
export type PermissionAnswer =
  | { behavior: "allow"; updatedInput?: unknown }
  | { behavior: "deny"; message: string };

export const BASH_CALL = {
  tool_name: "Bash",
  input: { command: "ls -la /etc", description: "List system configuration files" },
  tool_use_id: "toolu_1",
};

/** Calls the permission tool with the v2 client, which speaks the protocol that Claude Code asks for first. */
export async function callTool(
  server: Pick<ApprovalServer, "localUrl">,
  args: Record<string, unknown> = BASH_CALL,
  { headers = {}, signal, onProgress }: CallOptions = {},
): Promise<PermissionAnswer> {
  const client = new Client({ name: "test", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${server.localUrl}/mcp`), { requestInit: { headers } }),
  );
  try {
    const result = await client.callTool(
      { name: PERMISSION_TOOL, arguments: args },
      {
        timeout: TEST_MS,
        ...(signal === undefined ? {} : { signal }),
        // Claude Code always asks for progress; without, the server holds the deadline below the client's own.
        onprogress: ({ message }) => onProgress?.(message ?? ""),
      },
    );
    return readAnswer(result);
  } finally {
    await client.close();
  }
}

/** The same with the v1 client: protocol 2025-11-25. */
export async function callToolV1(
  server: Pick<ApprovalServer, "localUrl">,
  args: Record<string, unknown> = BASH_CALL,
): Promise<PermissionAnswer> {
  const client = new ClientV1({ name: "test-v1", version: "1.0.0" });
  const transport = new TransportV1(new URL(`${server.localUrl}/mcp`));
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  try {
    const call = { name: PERMISSION_TOOL, arguments: args };
    return readAnswer(await client.callTool(call, undefined, { timeout: TEST_MS, onprogress: () => {} }));
  } finally {
    await client.close();
  }
}

function readAnswer(result: unknown): PermissionAnswer {
  const { content, isError, structuredContent } = result as {
    content: { type: string; text: string }[];
    isError?: boolean;
    structuredContent?: unknown;
  };
  if (content.length !== 1 || content[0]?.type !== "text" || isError || structuredContent !== undefined) {
    throw new Error(`not the one text block that Claude Code wants: ${JSON.stringify(result)}`);
  }
  return JSON.parse(content[0].text) as PermissionAnswer;
}
