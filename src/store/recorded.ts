// Writes of a request and of what belongs to it, each with its entry in the event log. Within one transaction each: neither without
// the other.
import type Database from "better-sqlite3";
import type { GrantEnd } from "../core/ports/grant-store.ts";
import { RECEIPT_RANK } from "../core/receipts.ts";
import type { ApprovalRequest } from "../domain/approval.ts";
import type { DeliveryReceipt } from "../domain/delivery.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import { requestedEvent, sha256 } from "./event-facts.ts";
import type { EventWriter } from "./events.ts";
import { receiptTimes } from "./history.ts";
import type { Statements } from "./statements.ts";

/** @returns false when the id is taken */
export function insertRequest(
  db: Database.Database,
  sql: Statements,
  events: EventWriter,
  request: ApprovalRequest,
): boolean {
  const { id, call, inspection, door, project, requester, sessionId, createdAt, expiresAt } = request;
  const input = JSON.stringify(call.input);
  const row = {
    id,
    door,
    project: project ?? null,
    requester: requester ?? null,
    sessionId: sessionId ?? null,
    toolName: call.toolName,
    toolUseId: call.toolUseId ?? null,
    maskedInput: JSON.stringify(inspection.shown.input),
    inputSha256: sha256(input),
    createdAt,
    expiresAt,
  };
  const event = requestedEvent(request, row);
  return db.transaction(() => {
    const { changes } = sql.insert.run({ ...row, input, executor: request.executor ?? null });
    if (changes === 1) events.append(event);
    return changes === 1;
  })();
}

/** A receipt that says nothing new has no entry. */
export function noteReceipt(sql: Statements, events: EventWriter, receipt: DeliveryReceipt): void {
  const { messageId, state, failure } = receipt;
  const { changes } = sql.recordDelivery.run(messageId, RECEIPT_RANK[state], JSON.stringify(receipt));
  sql.noteReceipt.run(receiptTimes(receipt));
  // That the channel has a message is in the log since it took it.
  if (changes === 0 || state === "queued" || state === "sent") return;
  events.append({ kind: state, data: { message: messageId, code: failure?.code } });
}

/** @returns false where none of this id holds */
export function endGrant(
  sql: Statements,
  events: EventWriter,
  id: ApprovalId,
  cause: GrantEnd,
  at: number,
): boolean {
  if (sql.endGrant.run(at, cause, id, at).changes !== 1) return false;
  events.append({ kind: "grant-ended", requestId: id, data: { cause } });
  return true;
}

/** @returns how many there were */
export function endGrants(sql: Statements, events: EventWriter, cause: GrantEnd, at: number): number {
  const held = sql.heldGrants.all(at);
  sql.endGrants.run(at, cause, at);
  for (const { id } of held) events.append({ kind: "grant-ended", requestId: id, data: { cause } });
  return held.length;
}
