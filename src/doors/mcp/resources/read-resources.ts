// What stands at each address, for one caller: its own requests alone where it has a named token. Reading fetches no answer.
import type { Gate } from "../../../core/gate-contract.ts";
import type { ModeKeeper } from "../../../core/mode.ts";
import type { PolicyView } from "../../../core/ports/policy-view.ts";
import { cutLine } from "../../../domain/call-line.ts";
import { visibleLine } from "../../../domain/visible.ts";
import type { Desk, DeskRecord } from "../../held/desk.ts";
import type { Approvals } from "../approvals.ts";
import { DATA_NOTE, shownCall } from "../shown-call.ts";
import { midnight, recordsSince, statsOf } from "./stats.ts";

const [RECENT, IN_SESSION, WAITING] = [20, 50, 100];
/** The longest input as JSON that one request alone is read with, UTF-16 units. */
const MAX_INPUT = 20_000;
const MAX_NAME = 200;

export interface ReadableDeps {
  readonly approvals: Approvals;
  readonly gate: Pick<Gate, "waiting">;
  readonly mode: Pick<ModeKeeper, "current">;
  readonly policyView: () => PolicyView;
  /** The longest that a request may wait, ms. */
  readonly timeoutMs: number;
}

export type ResourceJson = Readonly<Record<string, unknown>>;

/** Each reads for one token; undefined where there is nothing for it. */
export interface Readable {
  pending(requester: string | undefined): Promise<ResourceJson>;
  recent(requester: string | undefined): Promise<ResourceJson>;
  today(requester: string | undefined): Promise<ResourceJson>;
  policy(requester: string | undefined): ResourceJson;
  status(requester: string | undefined): ResourceJson;
  approval(id: string, requester: string | undefined): Promise<ResourceJson | undefined>;
  project(name: string, requester: string | undefined): Promise<ResourceJson>;
  session(id: string, requester: string | undefined): Promise<ResourceJson>;
}

export function createReadable(deps: ReadableDeps): Readable {
  const { approvals, gate, mode, policyView, timeoutMs } = deps;
  const { desk, clock } = approvals;

  function seenOf(requester: string | undefined) {
    return gate.waiting().filter((request) => requester === undefined || request.requester === requester);
  }

  async function listed(
    query: Parameters<Desk["list"]>[0],
    requester: string | undefined,
  ): Promise<ResourceJson> {
    const { records } = await desk.list(query, requester);
    return { approvals: records.map(shownRecord), note: DATA_NOTE };
  }

  return {
    async pending(requester) {
      const { records } = await desk.list({ status: "pending", limit: WAITING }, requester);
      const now = clock.now();
      const pending = records.map((record) => ({
        ...shownRecord(record),
        left_s: Math.max(0, Math.round((Date.parse(record.listed.expires_at) - now) / 1000)),
      }));
      return { approvals: pending, note: DATA_NOTE };
    },
    recent: (requester) => listed({ limit: RECENT }, requester),
    async today(requester) {
      const since = midnight(clock.now());
      const { records, isCut } = await recordsSince(desk, { since }, requester);
      return { since: new Date(since).toISOString(), ...statsOf(records, isCut) };
    },
    policy(requester) {
      const { state, rules, maxApprovalsPerSession, quorum } = policyView();
      const common = { state, rule_count: rules.length };
      // What is decided for others is not this caller's.
      if (requester !== undefined) return common;
      const shown = rules.map(({ decision, rule }) => ({ decision, rule: visibleLine(rule) }));
      const cap = maxApprovalsPerSession;
      return {
        ...common,
        rules: shown,
        ...(cap === undefined ? {} : { max_approvals_per_session: cap }),
        quorum,
      };
    },
    status(requester) {
      const now = mode.current();
      return {
        mode: now.kind,
        ...(now.kind === "paused" ? { paused_until: new Date(now.until).toISOString() } : {}),
        waiting: seenOf(requester).length,
        policy: policyView().state,
        longest_wait_s: timeoutMs / 1000,
        now: new Date(clock.now()).toISOString(),
      };
    },
    async approval(id, requester) {
      const record = await desk.find(id, requester);
      return record && { ...shownRecord(record, MAX_INPUT), note: DATA_NOTE };
    },
    async project(name, requester) {
      return { project: shownName(name), ...(await listed({ project: name, limit: RECENT }, requester)) };
    },
    async session(id, requester) {
      return {
        session_id: shownName(id),
        ...(await listed({ sessionId: id, limit: IN_SESSION }, requester)),
      };
    },
  };
}

/** A request with who decided it and when. @param maxInput the longest input as JSON that is included */
export function shownRecord({ listed, decidedAt, decidedBy }: DeskRecord, maxInput?: number) {
  // An approval that its caller has not fetched is told by nobody else.
  const isTold = listed.status !== "pending";
  return {
    ...shownCall(listed, maxInput),
    ...(isTold && decidedAt !== undefined && { decided_at: new Date(decidedAt).toISOString() }),
    ...(isTold && decidedBy !== undefined && { decided_by: decidedBy }),
  };
}

function shownName(name: string): string {
  return cutLine(visibleLine(name), MAX_NAME);
}
