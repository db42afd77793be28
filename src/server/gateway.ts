// The MCP servers behind the gate, as gateway.json names them. The client that speaks to them is loaded only where there is one.

import { homedir, tmpdir } from "node:os";
import { resolve } from "node:path";
import { type Config, secretsOf } from "../config/config.ts";
import { SECRET_NAMES } from "../config/environment.ts";
import type { Home } from "../config/home.ts";
import type { Variables } from "../config/read-variables.ts";
import type { GatedCalls } from "../core/gated-call.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { GatewayToolStore, KnownGatewayTool } from "../core/ports/gateway-tool-store.ts";
import type { Log } from "../core/ports/log.ts";
import type { Processes } from "../core/ports/processes.ts";
import type { ToolResult, ToolSource } from "../core/ports/tool-source.ts";
import { refusedResult } from "../core/refused-result.ts";
import { ConfigError } from "../domain/errors.ts";
import type { EntryContext, GatewayEntry } from "../gateway/entry.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { GatewayHealth } from "../gateway/health.ts";
import { readGatewayFile } from "../gateway/read-gateway-file.ts";
import { isSameFolder } from "../gateway/same-folder.ts";
import { watchGatewayFile } from "../gateway/watched-gateway-file.ts";
import { fileStamp } from "../policy/file-stamp.ts";
import type { SealSecrets } from "./seal-secrets.ts";

/** Read when `GATEWAY_CONFIG` is not set, and there is one. */
const DEFAULT_GATEWAY_FILE = "gateway.json";

/** @param folder the home's. @returns an absolute path */
export function gatewayFilePath({ gatewayPath }: Pick<Config, "gatewayPath">, folder: string): string {
  return resolve(folder, gatewayPath ?? DEFAULT_GATEWAY_FILE);
}

/** @param env the environment and .env together */
export function entryContext(config: Config, { folder }: Pick<Home, "folder">, env: Variables): EntryContext {
  return {
    env,
    secretNames: new Set(SECRET_NAMES),
    ownSecrets: secretsOf(config),
    ownFolder: folder,
    // Where one's home is the server's own, as a service's may be: a folder that has nothing of ours.
    startFolder: isSameFolder(homedir(), folder) ? tmpdir() : homedir(),
  };
}

export interface OpenGatewayDeps {
  readonly config: Config;
  readonly home: Pick<Home, "folder">;
  /** Without it nothing is behind the gate. */
  readonly processes: Processes | undefined;
  readonly gatedCalls: GatedCalls;
  readonly store: GatewayToolStore;
  readonly sealSecrets: SealSecrets;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
}

export interface OpenGateway {
  readonly source: ToolSource;
  /** Undefined where no server is behind the gate. */
  health(): GatewayHealth | undefined;
  close(): Promise<void>;
}

const NO_GATEWAY: OpenGateway = {
  source: {
    tools: () => [],
    call: async (name) => notOffered(name),
    onChange: () => () => {},
  },
  health: () => undefined,
  close: async () => {},
};

function notOffered(name: string): ToolResult {
  return refusedResult({ code: "not_listed", message: `No tool of the name ${name} is offered.` });
}

/** @throws ConfigError when the file is wrong, or not where `GATEWAY_CONFIG` says */
export async function openGateway(deps: OpenGatewayDeps): Promise<OpenGateway> {
  const { config, home, processes, clock, log } = deps;
  if (processes === undefined) return NO_GATEWAY;
  const { environment: env, send, noteRun } = processes;
  const path = gatewayFilePath(config, home.folder);
  const read = () => readGatewayFile(path, entryContext(config, home, env));
  const first = read();
  if (first.kind === "bad") throw new ConfigError(first.problems.map((each) => `${path}: ${each}`));
  if (first.kind === "none" && config.gatewayPath !== undefined)
    throw new ConfigError([`GATEWAY_CONFIG: ${path} does not exist`]);

  const listeners = new Set<() => void>();
  let gateway: Gateway | undefined;
  let wanted: readonly GatewayEntry[] = [];
  let loading: Promise<void> | undefined;
  let isClosed = false;

  async function load(): Promise<void> {
    try {
      const [{ createGateway }, { openKnownTools }] = await Promise.all([
        import("../gateway/gateway.ts"),
        import("../gateway/known-tools.ts"),
      ]);
      const onFailure = (error: unknown) =>
        log.error({ err: error }, "what a server says of its tools could not be kept");
      const onForeign = ({ server, tool }: KnownGatewayTool) =>
        log.warn(
          { server, tool },
          "what the database says of a tool was not written with this auth token and does not count",
        );
      const secrets = deps.sealSecrets();
      const keeping = { store: deps.store, secrets, now: clock.now };
      const known = await openKnownTools({ ...keeping, onFailure, onForeign });
      if (isClosed) return;
      gateway = createGateway({ ...deps, env, send, noteRun, known });
      gateway.onChange(() => {
        for (const listener of listeners) listener();
      });
      gateway.use(wanted);
    } catch (error) {
      // Nothing is offered then, and nothing runs; the next change of the file tries again.
      loading = undefined;
      log.error({ err: error }, "the MCP servers behind the gate could not be started");
    }
  }

  function onEntries(entries: readonly GatewayEntry[]): void {
    wanted = entries;
    if (gateway !== undefined) gateway.use(entries);
    else if (entries.length > 0) loading ??= load();
  }

  const stopWatching = watchGatewayFile({ read, stamp: () => fileStamp(path), clock, log, onEntries });
  await loading;
  const source: ToolSource = {
    tools: () => gateway?.tools() ?? [],
    async question(name, input, requester) {
      if (gateway?.question === undefined) throw new Error("no such tool is offered");
      return gateway.question(name, input, requester);
    },
    call: async (name, input, caller) => gateway?.call(name, input, caller) ?? notOffered(name),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return {
    source,
    health: () => gateway?.health(),
    async close() {
      isClosed = true;
      stopWatching();
      await loading;
      await gateway?.close();
    },
  };
}
