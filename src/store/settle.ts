// The end of a request and what it means for grants, in one transaction: no row, no grant, no use.
import type Database from "better-sqlite3";
import type { ApprovalRequest, Outcome } from "../domain/approval.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import { decidedEvent } from "./event-facts.ts";
import type { EventWriter } from "./events.ts";
import { insertRequest } from "./recorded.ts";
import type { Statements } from "./statements.ts";

/** @param at epoch ms @returns whether the outcome was written */
export function settleWithGrant(
  db: Database.Database,
  sql: Statements,
  events: EventWriter,
  id: ApprovalId,
  outcome: Outcome,
  at: number,
): boolean {
  try {
    return db
      .transaction(() => {
        if (!settle(sql, events, id, outcome, at)) return false;
        if (outcome.status !== "approved") return true;
        const { by, grant, session } = outcome;
        if (session !== undefined) {
          const [subject, holder] = [JSON.stringify(session.subject), JSON.stringify(session.holder)];
          const expiresAt = at + session.ms;
          sql.addGrant.run({ id, by, subject, holder, at, expiresAt });
          events.append({ kind: "grant-given", requestId: id, data: { by, ...session, expiresAt } });
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

/**
 * Writes a request and its end at once, with the rows and entries that it would have had one after the other.
 * @returns false, and nothing written, where its id is taken or its grant does not hold
 */
export function insertSettled(
  db: Database.Database,
  sql: Statements,
  events: EventWriter,
  request: ApprovalRequest,
  outcome: Outcome,
  at: number,
): boolean {
  try {
    return db.transaction(() => {
      if (!insertRequest(db, sql, events, request)) return false;
      if (settleWithGrant(db, sql, events, request.id, outcome, at)) return true;
      throw NO_GRANT;
    })();
  } catch (error) {
    if (error === NO_GRANT) return false;
    throw error;
  }
}

/** No entry in the log, no outcome. */
function settle(sql: Statements, events: EventWriter, id: ApprovalId, outcome: Outcome, at: number): boolean {
  const text = JSON.stringify(outcome);
  if (sql.settle.run(outcome.status, text, at, id).changes !== 1) return false;
  events.append(decidedEvent(id, outcome, text, at));
  return true;
}

/** Ends what an earlier run has left, but what is parked. @returns how many there were */
export function cancelPending(sql: Statements, events: EventWriter, at: number): number {
  // None of an earlier run counts any more.
  sql.dropEndorsements.run();
  const left = sql.leftPending.all();
  for (const { id } of left) settle(sql, events, id, RESTART, at);
  return left.length;
}

const RESTART: Outcome = { status: "cancelled", cause: "restart" };
const NO_GRANT = new Error("the grant does not hold");
