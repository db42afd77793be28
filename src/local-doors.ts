// Every entrance on the local listener, in one list.
import type { ErrorRequestHandler, RequestHandler } from "express";
import type { Gate } from "./core/gate-contract.ts";
import type { ApprovalStore, Clock, Log } from "./core/ports.ts";
import type { StandingKeeper } from "./core/standing.ts";
import { createControlDoor } from "./doors/control/control-door.ts";
import { createMcpDoor } from "./doors/mcp/mcp-door.ts";
import { createRestDoor } from "./doors/rest/rest-door.ts";

export interface LocalDoorsDeps {
  readonly gate: Gate;
  readonly standing: StandingKeeper;
  readonly store: ApprovalStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  /** The longest wait, ms. */
  readonly timeoutMs: number;
}

export interface LocalDoors {
  readonly routers: readonly (RequestHandler | ErrorRequestHandler)[];
  close(): Promise<void>;
}

export function openLocalDoors(deps: LocalDoorsDeps): LocalDoors {
  const { standing, log } = deps;
  const mcp = createMcpDoor(deps);
  const rest = createRestDoor(deps);
  return {
    routers: [mcp.router, createControlDoor(standing, log), rest.router, rest.onError],
    async close() {
      await Promise.all([mcp.close(), rest.close()]);
    },
  };
}
