// How the server stands, for the page and for `approval-server status`.
import type { Gate } from "../core/gate-contract.ts";
import type { Grants } from "../core/grants.ts";
import type { ModeKeeper } from "../core/mode.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { HistoryStore } from "../core/ports/history-store.ts";
import { phoneText, toolText } from "../domain/names.ts";
import type { ServiceMode } from "../domain/service-mode.ts";
import { iso, lineOf, summaryOf } from "./shown-record.ts";

/** Messages of a sender and month that Meta does not charge, since 2026-10-01; from a third party's account. */
const FREE_A_MONTH = 1_000;

export interface StatusDeps {
  /** What `/health` answers. */
  readonly health: () => Promise<object>;
  readonly gate: Pick<Gate, "waiting">;
  readonly grants: Pick<Grants, "list">;
  readonly mode: Pick<ModeKeeper, "current">;
  readonly store: Pick<HistoryStore, "countSent">;
  readonly sender: {
    /** As the channel writes it. */
    readonly address: string;
    /** Of the operator's own, shared with others (the Sandbox), or none at all (the simulated phone). */
    readonly kind: "own" | "shared" | "simulated";
  };
  readonly clock: Clock;
}

export type ReadStatus = (requester: string | undefined) => Promise<object>;

/** @returns what a caller sees; one with a named token, of the requests its own, and nothing of the rest */
export function createStatus(deps: StatusDeps): ReadStatus {
  const { health, gate, grants, mode, store, sender, clock } = deps;
  const startedAt = clock.now();

  async function sentCounts() {
    const now = new Date(clock.now());
    const day = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
    const month = new Date(now.getFullYear(), now.getMonth(), 1).getTime();
    const [today, thisMonth] = await Promise.all(
      [day, month].map((at) => store.countSent(sender.address, at)),
    );
    const free = sender.kind === "own" ? FREE_A_MONTH : undefined;
    return { sender: sender.kind, today, month: thisMonth, free_a_month: free };
  }

  return async (requester) => {
    const now = clock.now();
    const seen = gate
      .waiting()
      .filter((request) => requester === undefined || request.requester === requester);
    const waiting = seen.map(({ id, inspection, project, door, requester: by, createdAt, expiresAt }) => ({
      id,
      tool: lineOf(toolText(inspection.shown.toolName)),
      summary: summaryOf(inspection.shown.toolName, inspection.shown.input),
      project: project === undefined ? undefined : lineOf(project),
      door,
      requester: by,
      created_at: iso(createdAt),
      expires_at: iso(expiresAt),
      left_s: Math.max(0, Math.round((expiresAt - now) / 1000)),
    }));
    const common = { now: iso(now), up_since: iso(startedAt), mode: modeOf(mode.current()), waiting };
    if (requester !== undefined) return { ...common, requester };
    const held = grants.list().map(({ id, request, leftMs, uses }) => ({
      id,
      tool: lineOf(toolText(request.inspection.shown.toolName)),
      summary: summaryOf(request.inspection.shown.toolName, request.inspection.shown.input),
      left_s: Math.round(leftMs / 1000),
      uses,
    }));
    // What cannot be counted is left out: the rest is still worth knowing.
    const sent = await sentCounts().catch(() => undefined);
    const { waiting: _, grants: __, ...healthy } = (await health()) as Record<string, unknown>;
    return { ...healthy, ...common, grants: held, sent };
  };
}

function modeOf(mode: ServiceMode) {
  if (mode.kind === "open") return mode;
  const until = mode.kind === "paused" ? { until: iso(mode.until) } : {};
  return { kind: mode.kind, by: phoneText(mode.by), ...until };
}
