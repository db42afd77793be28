// The record of what was allowed for more than one call. A grant is written, and used, with the decision of a request:
// see `settle` in request-store.ts. Both methods may reject: the disk can be full.
import type { ApprovalId } from "../../domain/tool-call.ts";

/** Why a grant ended before its time. */
export type GrantEnd = "revoked" | "paused" | "panic" | "not-taken" | "shutdown" | "restart";

export interface GrantStore {
  /** Ends one grant. @returns false where none of this id holds */
  endGrant(id: ApprovalId, cause: GrantEnd, at: number): Promise<boolean>;
  /** Ends every grant. @returns how many there were */
  endGrants(cause: GrantEnd, at: number): Promise<number>;
}
