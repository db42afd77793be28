// Every entrance on the local listener, in one list.
import type { RequestHandler } from "express";
import type { Gate } from "./core/gate-contract.ts";
import type { Log } from "./core/ports.ts";
import type { StandingKeeper } from "./core/standing.ts";
import { createControlDoor } from "./doors/control/control-door.ts";
import { createMcpDoor } from "./doors/mcp/mcp-door.ts";

export interface LocalDoorsDeps {
  readonly gate: Gate;
  readonly standing: StandingKeeper;
  readonly log: Log;
  readonly version: string;
  /** The longest wait, ms. */
  readonly timeoutMs: number;
}

export interface LocalDoors {
  readonly routers: readonly RequestHandler[];
  close(): Promise<void>;
}

export function openLocalDoors({ gate, standing, log, version, timeoutMs }: LocalDoorsDeps): LocalDoors {
  const mcp = createMcpDoor({ gate, log, version, timeoutMs });
  return { routers: [mcp.router, createControlDoor(standing, log)], close: () => mcp.close() };
}
