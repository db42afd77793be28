// Every entrance on the local listener, in one list.

import type { ErrorRequestHandler, RequestHandler } from "express";
import type { Config } from "../config/config.ts";
import type { Gate } from "../core/gate-contract.ts";
import type { ModeKeeper } from "../core/mode.ts";
import type { People } from "../core/people.ts";
import type { ApprovalStore } from "../core/ports/approval-store.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Inspector } from "../core/ports/inspector.ts";
import type { Log } from "../core/ports/log.ts";
import type { Messenger } from "../core/ports/messenger.ts";
import type { ParkedCalls } from "../core/ports/parked-calls.ts";
import type { PolicyView } from "../core/ports/policy-view.ts";
import type { TaskTools } from "../core/ports/task-tools.ts";
import type { ToolSource } from "../core/ports/tool-source.ts";
import type { ChannelName } from "../domain/channel.ts";
import { createControlDoor } from "../doors/control/control-door.ts";
import { createPairDoor, type PairDoorDeps } from "../doors/control/pair-door.ts";
import { createHeldResults } from "../doors/held/held-results.ts";
import { createHookDoor } from "../doors/hook/hook-door.ts";
import { createLastWords } from "../doors/hook/last-words.ts";
import type { News } from "../doors/mcp/resources/news.ts";
import { createRestDoor } from "../doors/rest/rest-door.ts";
import type { PolicyContext } from "../policy/policy-context.ts";
import type { Channels } from "./channels.ts";
import { type ContinuingDeps, openContinuing } from "./continuing.ts";
import { openLateMcp } from "./late-mcp.ts";

export interface LocalDoorsDeps extends ContinuingDeps, Pick<PairDoorDeps, "pairing" | "gatedCalls"> {
  readonly gate: Gate;
  readonly mode: ModeKeeper;
  readonly store: ApprovalStore;
  readonly messenger: Messenger;
  readonly inspector: Inspector;
  readonly people: People;
  /** Those beside Twilio's. */
  readonly channels: Pick<Channels, "all">;
  /** Those whose approvers are bound by a code: a simulated channel has none. */
  readonly pairedAccounts: Config["pairedAccounts"];
  /** How long the terminal has for itself before a hook asks the phone, ms. */
  readonly hookGraceMs: number;
  /** Whether a request shows what Claude said before the call. */
  readonly showLastWords: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  /** The longest that a request may wait, ms. */
  readonly timeoutMs: number;
  readonly policyView: () => PolicyView;
  readonly policyContext: PolicyContext;
  /** Tells MCP clients what becomes of requests. */
  readonly news: News;
  /** Tools whose calls go through the gate, and that this server runs. */
  readonly sources: readonly ToolSource[];
  /** The tools of tasks, for REST; absent where they are off. */
  readonly taskSource?: TaskTools | undefined;
  /** Calls that may wait longer than Claude does. */
  readonly parked: ParkedCalls;
}

export interface LocalDoors {
  readonly routers: readonly (RequestHandler | ErrorRequestHandler)[];
  close(): Promise<void>;
}

export function openLocalDoors(deps: LocalDoorsDeps): LocalDoors {
  const { gate, mode, clock, log } = deps;
  const heldResults = createHeldResults(gate, clock, mode);
  const mcp = openLateMcp({ ...deps, heldResults });
  const rest = createRestDoor({ ...deps, heldResults });
  const { done, turns, close: stopWaiting } = openContinuing(deps);
  const isPaired = (name: ChannelName) => name !== "whatsapp" && deps.pairedAccounts.has(name);
  const pairedChannels = () => deps.channels.all.map(({ name }) => name).filter(isPaired);
  const control = [createControlDoor(mode, log), createPairDoor({ ...deps, pairedChannels })];
  const lastWords = deps.showLastWords ? createLastWords(deps.inspector, deps) : undefined;
  const hook = createHookDoor({ ...deps, graceMs: deps.hookGraceMs, done, turns, lastWords });
  return {
    routers: [
      ...[mcp.router, hook.router, ...control, rest.router],
      ...[mcp.onError, hook.onError, rest.onError],
    ],
    async close() {
      hook.close();
      await stopWaiting();
      await Promise.all([mcp.close(), heldResults.close()]);
    },
  };
}
