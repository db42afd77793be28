// What the event log says of a row, and what a row is compared with: the same function makes both. Texts of a request are not in
// the log again: their hashes are, and the call in one masked line.
import { hash } from "node:crypto";
import type { NewEvent } from "../core/ports/event-log.ts";
import type { ApprovalRequest, Outcome } from "../domain/approval.ts";
import { callLine, cutLine } from "../domain/call-line.ts";
import type { ApprovalId } from "../domain/tool-call.ts";

/** The longest line of a call in the log, UTF-16 units. */
const MAX_CALL = 200;

export function sha256(text: string): string {
  return hash("sha256", text, "hex");
}

/** What never changes of a request's row. */
export interface FixedColumns {
  readonly id: string;
  readonly door: string;
  readonly project: string | null;
  readonly requester: string | null;
  readonly sessionId: string | null;
  readonly toolName: string;
  readonly toolUseId: string | null;
  readonly maskedInput: string;
  readonly inputSha256: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export function rowHash(row: FixedColumns): string {
  const { id, door, project, requester, sessionId, toolName, toolUseId } = row;
  const { maskedInput, inputSha256, createdAt, expiresAt } = row;
  const names = [id, door, project, requester, sessionId, toolName, toolUseId].map(stored);
  return sha256(JSON.stringify([...names, inputSha256, createdAt, expiresAt, maskedInput]));
}

const HALF = /[\ud800-\udfff]/;

/** As SQLite keeps it: half of a pair is replaced. */
function stored(text: string | null): string | null {
  return text !== null && HALF.test(text) ? Buffer.from(text).toString() : text;
}

/** @param row as it was written */
export function requestedEvent({ call, inspection, executor }: ApprovalRequest, row: FixedColumns): NewEvent {
  const { id, door, project, requester, sessionId, inputSha256, createdAt, expiresAt } = row;
  return {
    kind: "requested",
    requestId: id as ApprovalId,
    data: {
      tool: call.toolName,
      call: inspection.secrets === undefined ? undefined : callOf(inspection.shown),
      door,
      project: project ?? undefined,
      requester: requester ?? undefined,
      session: sessionId ?? undefined,
      executor,
      createdAt,
      expiresAt,
      input: inputSha256,
      row: rowHash(row),
    },
  };
}

function callOf(shown: ApprovalRequest["call"]): string | undefined {
  try {
    return cutLine(callLine(shown), MAX_CALL);
  } catch {
    // The log needs the hashes; a call that cannot be shown in a line is in its row.
    return undefined;
  }
}

/** @param text the outcome as its row has it @param at epoch ms */
export function decidedEvent(id: ApprovalId, outcome: Outcome, text: string, at: number): NewEvent {
  const { status } = outcome;
  // A person's words, answers and what somebody else wrote stay in the row.
  const known = {
    by: "by" in outcome ? outcome.by : undefined,
    via: "via" in outcome ? outcome.via : undefined,
    rule: "rule" in outcome ? outcome.rule : undefined,
    grant: "grant" in outcome ? outcome.grant : undefined,
    mode: status === "refused" ? outcome.mode.kind : undefined,
    cause: status === "cancelled" ? outcome.cause : undefined,
    code: status === "undeliverable" ? outcome.code : undefined,
  };
  return { kind: "decided", requestId: id, data: { status, ...known, decidedAt: at, outcome: sha256(text) } };
}
