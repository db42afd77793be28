// Puts together the record's page and what it reads.
import type { RequestHandler } from "express";
import type { Config } from "../config/config.ts";
import { SANDBOX_SENDER } from "../config/environment.ts";
import type { ApprovalStore } from "../core/ports/approval-store.ts";
import type { MessageNote } from "../core/ports/correspondence-store.ts";
import type { Log } from "../core/ports/log.ts";
import { requesterOf } from "../doors/requester.ts";
import type { Changes } from "../history/changes.ts";
import { createHistory, createRecordPage } from "../history/history.ts";
import { createStatus } from "../history/status.ts";
import { createHealth, type HealthDeps } from "./health.ts";

export interface LocalRecordDeps extends Omit<HealthDeps, "config"> {
  readonly config: Pick<Config, "phone" | "simulation" | "approvers" | "databasePath">;
  readonly store: ApprovalStore;
  readonly changes: Changes;
  /** The sender, as the channel writes it. */
  readonly from: string;
  readonly root: string;
}

export interface LocalRecord {
  readonly health: ReturnType<typeof createHealth>;
  readonly page: RequestHandler;
  readonly router: RequestHandler;
}

export function openRecord(deps: LocalRecordDeps): LocalRecord {
  const { config, from: address } = deps;
  const isOwn = config.phone.kind === "twilio" && address !== SANDBOX_SENDER;
  const kind = config.simulation !== undefined ? "simulated" : isOwn ? "own" : "shared";
  const health = createHealth(deps);
  const status = createStatus({ ...deps, health, sender: { address, kind } });
  return {
    health,
    page: createRecordPage(deps.root),
    router: createHistory({ ...deps, status, requesterOf }),
  };
}

/** Notes a message that was taken. No request fails where it cannot be noted. */
export function noteTaken(store: Pick<ApprovalStore, "noteMessage">, log: Log): (note: MessageNote) => void {
  return (note) => {
    store
      .noteMessage(note)
      .catch((error: unknown) => log.warn({ err: error }, "a sent message could not be noted in the record"));
  };
}
