// The whole server on free loopback ports with its simulated phone, in a folder that is gone afterwards.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "../../../src/config/config.ts";
import { startServer } from "../../../src/server/create-server.ts";
import type { ApprovalServer, ServerDeps } from "../../../src/server/server-contract.ts";
import type { Simulator } from "../../../src/simulator/contract.ts";
import { createSimulator } from "../../../src/simulator/create-simulator.ts";

export interface RunningServer {
  readonly server: ApprovalServer;
  readonly phone: Simulator;
  /** Lines of the log, by their message. */
  readonly logged: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

export async function startRunningServer(
  env: Readonly<Record<string, string>> = {},
  deps: Pick<ServerDeps, "portLimits"> = {},
): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), "approval-fuzz-"));
  const ports = { SERVER_PORT: "0", WEBHOOK_PORT: "0", SIMULATOR_PORT: "0", HOOK_GRACE_SECONDS: "0" };
  const config = parseConfig({ ...ports, APPROVAL_DB: join(folder, "data", "approvals.db"), ...env });
  const logged = new Map<string, number>();
  const count = (_fields: object, message: string) =>
    void logged.set(message, (logged.get(message) ?? 0) + 1);
  const log = { debug: () => {}, info: () => {}, warn: count, error: count, refused: count };
  let phone: Simulator | undefined;
  const server = await startServer(config, {
    log,
    ...deps,
    version: "0.0.0-fuzz",
    sendIntervalMs: 0,
    openSimulator: async (options) => {
      phone = await createSimulator(options);
      return phone;
    },
  });
  if (phone === undefined) throw new Error("there is no simulated phone");
  return {
    server,
    phone,
    logged,
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
