// The columns of a request as they are read, and the request that they make.
import type { StoredApproval } from "../core/ports/request-store.ts";
import type { Outcome, RunNote, Status } from "../domain/approval.ts";
import type { ApprovalId, Door, Executor } from "../domain/tool-call.ts";

export interface ApprovalRow {
  readonly id: string;
  readonly status: string;
  readonly door: string;
  readonly project: string | null;
  readonly requester: string | null;
  readonly tool_name: string;
  readonly masked_input: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly decided_at: number | null;
  readonly outcome: string | null;
  readonly answered: number | null;
  readonly executor: string | null;
  readonly run: string | null;
}

export const COLUMNS =
  "a.id, a.status, a.door, a.project, a.requester, a.tool_name, a.masked_input, " +
  "a.created_at, a.expires_at, a.decided_at, a.outcome, a.answered, a.executor, a.run";

/** The longest input, in characters of JSON, that a list includes; for a longer one it only says how long it is. */
const MAX_LISTED_INPUT = 100_000;

/** A page of the largest inputs would be a gigabyte. */
export const LISTED_COLUMNS = COLUMNS.replace(
  "a.masked_input",
  `CASE WHEN length(a.masked_input) <= ${MAX_LISTED_INPUT} THEN a.masked_input
  ELSE json_object('omitted', length(a.masked_input) || ' characters') END AS masked_input`,
);

export function toApproval(row: ApprovalRow): StoredApproval {
  return {
    id: row.id as ApprovalId,
    status: row.status as Status,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    door: row.door as Door,
    toolName: row.tool_name,
    shownInput: JSON.parse(row.masked_input) as Record<string, unknown>,
    ...(row.project === null ? {} : { project: row.project }),
    ...(row.requester === null ? {} : { requester: row.requester }),
    ...(row.decided_at === null ? {} : { decidedAt: row.decided_at }),
    ...(row.outcome === null ? {} : { outcome: JSON.parse(row.outcome) as Outcome }),
    ...(row.answered === null ? {} : { acknowledged: row.answered === 1 }),
    ...(row.executor === null ? {} : { executor: row.executor as Executor }),
    ...(row.run === null ? {} : { run: JSON.parse(row.run) as RunNote }),
  };
}
