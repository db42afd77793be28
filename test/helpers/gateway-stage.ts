// The whole server with MCP servers behind its gate, and a client of it.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createProcesses } from "../../src/server/processes.ts";
import type { ServerDeps } from "../../src/server/server-contract.ts";
import { connect } from "./mcp-clients.ts";
import { ODD_SERVER, ODD_TOOLS } from "./odd-mcp-server.ts";
import { startStage } from "./server-stage.ts";
import { temporaryFolder } from "./temporary.ts";

interface OddServer {
  readonly folder: string;
  /** As gateway.json has it. */
  readonly entry: Readonly<Record<string, unknown>>;
  /** Every call that it got, and each start. */
  notes(): readonly string[];
  calls(): readonly string[];
  /** It begins no more until it is let go: whoever looks for it as down has time. @returns lets it go */
  hold(): () => void;
  /** What it says of its tools from now on. */
  say(tools: readonly unknown[]): void;
}

/** A server that behaves as badly as it is told. @param entry beside its command */
export function oddServer(entry: Readonly<Record<string, unknown>> = {}): OddServer {
  const folder = temporaryFolder();
  const program = join(folder, "server.mjs");
  writeFileSync(program, ODD_SERVER);
  const say = (tools: readonly unknown[]) => writeFileSync(join(folder, "tools.json"), JSON.stringify(tools));
  say(ODD_TOOLS);
  const notes = () => {
    const path = join(folder, "calls.log");
    return existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : [];
  };
  return {
    folder,
    entry: { command: process.execPath, args: [program, folder], tools: ["echo"], ...entry },
    notes,
    calls: () => notes().filter((line) => line.startsWith("call ")),
    hold() {
      const held = join(folder, "held");
      writeFileSync(held, "");
      return () => rmSync(held);
    },
    say,
  };
}

export interface GatewayStageOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly deps?: Partial<ServerDeps>;
  /** What the client sends along. */
  readonly headers?: Record<string, string>;
}

/** Starts the server with these behind its gate, and waits until they are up. */
export async function startGateway(
  servers: Readonly<Record<string, unknown>>,
  { env = {}, deps = {}, headers = {} }: GatewayStageOptions = {},
) {
  const path = join(temporaryFolder(), "gateway.json");
  const write = (entries: Readonly<Record<string, unknown>>) =>
    writeFileSync(path, JSON.stringify({ mcpServers: entries }), { mode: 0o600 });
  write(servers);
  const stage = await startStage({
    env: { GATEWAY_CONFIG: path, ...env },
    deps: {
      processes: { ...createProcesses(process), environment: { ...process.env, ...env } },
      ...deps,
    },
  });
  const client = await connect(stage.server.localUrl, headers);
  const listed = async () =>
    (await client.listTools()).filter(({ name }) => name.includes("__") && !name.startsWith("permissions"));
  /** Waits until the list is as it is wanted. */
  async function until(isRight: (tools: Awaited<ReturnType<typeof listed>>) => boolean) {
    for (;;) {
      const tools = await listed();
      if (isRight(tools)) return tools;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  await until((tools) => tools.every(({ description = "" }) => !description.includes("is being started")));
  return { ...stage, client, path, write, listed, until };
}
