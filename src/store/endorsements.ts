// The approvals of a request that needs those of several people: one row for each person, and the last one that is needed decides, all in
// one transaction. A row counts under a key that only this process has: what somebody else has written, or an earlier run, never does.
import { randomBytes } from "node:crypto";
import type Database from "better-sqlite3";
import type { Endorsed, Endorsement } from "../core/ports/request-store.ts";
import { isSealed, sealOf } from "../core/seal.ts";
import type { Approved, Endorser } from "../domain/approval.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import type { EndorsementRow } from "./endorsement-row.ts";
import type { EventWriter } from "./events.ts";
import { settleWithGrant } from "./settle.ts";
import type { Statements } from "./statements.ts";

const KEY = [randomBytes(32).toString("hex")];

/** Counts one person's approval. @param at epoch ms @throws where it cannot be written: then it does not count */
export function endorse(
  db: Database.Database,
  sql: Statements,
  events: EventWriter,
  id: ApprovalId,
  { person, outcome, needed }: Endorsement,
  at: number,
): Endorsed {
  return db
    .transaction((): Endorsed => {
      if (sql.isPending.get(id) === undefined) return { kind: "gone" };
      const earlier = sql.endorsements.all(id).filter((row) => isOurs(id, row));
      const endorsers = earlier.map(({ body }) => JSON.parse(body) as Endorser);
      const isAgain = earlier.some((row) => row.person === person);
      if (isAgain || endorsers.some(({ by }) => by === outcome.by)) return { kind: "again" };
      if (endorsers.length + 1 < needed) {
        const { by, name, via } = outcome;
        const body = JSON.stringify({ by, name, via, at });
        sql.addEndorsement.run(id, person, body, sealOf(KEY, sealedText(id, person, body)));
        const data = { by, via, have: endorsers.length + 1, needed };
        events.append({ kind: "endorsed", requestId: id, data });
        return { kind: "counted", have: endorsers.length + 1 };
      }
      const decided: Approved = { ...outcome, alsoBy: endorsers };
      if (!settleWithGrant(db, sql, events, id, decided, at)) return { kind: "gone" };
      return { kind: "decided", outcome: decided };
    })
    .immediate();
}

function isOurs(id: ApprovalId, { person, body, seal }: EndorsementRow): boolean {
  return isSealed(KEY, sealedText(id, person, body), seal);
}

function sealedText(id: ApprovalId, person: string, body: string): string {
  return `one of several approvals\n${JSON.stringify([id, person, body])}`;
}
