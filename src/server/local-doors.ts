// Every entrance on the local listener, in one list.

import type { ErrorRequestHandler, RequestHandler } from "express";
import type { Gate } from "../core/gate-contract.ts";
import type { ModeKeeper } from "../core/mode.ts";
import type { ApprovalStore } from "../core/ports/approval-store.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Inspector } from "../core/ports/inspector.ts";
import type { Log } from "../core/ports/log.ts";
import type { Messenger } from "../core/ports/messenger.ts";
import type { ParkedCalls } from "../core/ports/parked-calls.ts";
import type { ToolSource } from "../core/ports/tool-source.ts";
import type { Phone } from "../domain/tool-call.ts";
import { createControlDoor } from "../doors/control/control-door.ts";
import { createDoneMessages, noDoneMessages } from "../doors/hook/done-messages.ts";
import { createHookDoor } from "../doors/hook/hook-door.ts";
import { createMcpDoor } from "../doors/mcp/mcp-door.ts";
import { createRestDoor } from "../doors/rest/rest-door.ts";

export interface LocalDoorsDeps {
  readonly gate: Gate;
  readonly mode: ModeKeeper;
  readonly store: ApprovalStore;
  readonly messenger: Messenger;
  readonly inspector: Inspector;
  readonly approvers: readonly Phone[];
  /** How long the terminal has for itself before a hook asks the phone, ms. */
  readonly hookGraceMs: number;
  /** Whether the phone is told when Claude has finished. */
  readonly doneMessages: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  /** The longest that a request may wait, ms. */
  readonly timeoutMs: number;
  /** Tools whose calls go through the gate, and that this server runs. */
  readonly sources: readonly ToolSource[];
  /** Calls that may wait longer than Claude does. */
  readonly parked: ParkedCalls;
}

export interface LocalDoors {
  readonly routers: readonly (RequestHandler | ErrorRequestHandler)[];
  close(): Promise<void>;
}

export function openLocalDoors(deps: LocalDoorsDeps): LocalDoors {
  const { mode, log } = deps;
  const mcp = createMcpDoor(deps);
  const rest = createRestDoor(deps);
  const done = deps.doneMessages ? createDoneMessages({ ...deps, mode: mode.current }) : noDoneMessages;
  const hook = createHookDoor({ ...deps, graceMs: deps.hookGraceMs, done });
  return {
    routers: [
      ...[mcp.router, hook.router, createControlDoor(mode, log), rest.router],
      ...[mcp.onError, hook.onError, rest.onError],
    ],
    async close() {
      hook.close();
      await Promise.all([mcp.close(), rest.close()]);
    },
  };
}
