// The end of a request and what it means for grants, in one transaction: no row, no grant, no use.
import type Database from "better-sqlite3";
import type { Outcome } from "../domain/approval.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import type { prepareStatements } from "./statements.ts";

/** @param at epoch ms @returns whether the outcome was written */
export function settleWithGrant(
  db: Database.Database,
  sql: ReturnType<typeof prepareStatements>,
  id: ApprovalId,
  outcome: Outcome,
  at: number,
): boolean {
  const settle = () => sql.settle.run(outcome.status, JSON.stringify(outcome), at, id).changes === 1;
  if (outcome.status !== "approved") return settle();
  const { by, grant, session } = outcome;
  if (by !== "grant" && session === undefined) return settle();
  try {
    return db
      .transaction(() => {
        if (!settle()) return false;
        if (session !== undefined) {
          const [subject, holder] = [JSON.stringify(session.subject), JSON.stringify(session.holder)];
          sql.addGrant.run({ id, by, subject, holder, at, expiresAt: at + session.ms });
        }
        // Throwing takes the approval back.
        if (by === "grant" && sql.useGrant.run(grant ?? "", at).changes !== 1) throw NO_GRANT;
        return true;
      })
      .immediate();
  } catch (error) {
    if (error === NO_GRANT) return false;
    throw error;
  }
}

const NO_GRANT = new Error("the grant does not hold");
