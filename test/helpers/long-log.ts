// A long event log with its rows, written as the server writes it but not through it: a hundred thousand entries would take minutes.
import Database from "better-sqlite3";
import { asciiJson, GENESIS, hashOf, type StoredEvent, sealOfHead } from "../../src/core/event-chain.ts";
import type { NewEvent } from "../../src/core/ports/event-log.ts";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { decidedEvent, requestedEvent, sha256 } from "../../src/store/event-facts.ts";
import { keep } from "../../src/store/open-database.ts";

/** Entries of one request. */
const A_REQUEST = 6;
const BY = "+15005550006" as Phone;

export interface LongLog {
  /** A record with an event log that has begun, and that no server has open. */
  readonly path: string;
  /** How many are to be in it at the end. */
  readonly entries: number;
  /** When the first one is written, epoch ms; each next one a millisecond later. */
  readonly start: number;
  /** What its head is sealed with. */
  readonly token: string;
  request(id: string, at: number): ApprovalRequest;
}

/** Fills the log up. Who reads it finds nothing wrong with it. */
export function fillLog({ path, entries, start, token, request: make }: LongLog): void {
  const db = keep(new Database(path));
  db.exec("PRAGMA synchronous = OFF; DROP TRIGGER events_in_order");
  const begun = keep(
    db.prepare<[], Pick<StoredEvent, "seq" | "hash">>(
      "SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1",
    ),
  ).get();
  const addEvent = keep(db.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)"));
  const addRow = keep(
    db.prepare(
      `INSERT INTO approvals (id, status, door, project, tool_name, input, masked_input, input_sha256, created_at, expires_at, decided_at, outcome, answered)
       VALUES (@id, 'approved', 'mcp', @project, 'Bash', @maskedInput, @maskedInput, @inputSha256, @createdAt, @expiresAt, @createdAt, @outcome, 1)`,
    ),
  );
  let { seq, hash: prev } = begun ?? { seq: 0, hash: GENESIS };
  const append = ({ kind, requestId, data }: NewEvent) => {
    seq += 1;
    const entry = {
      seq,
      at: start + seq,
      kind,
      request: requestId ?? null,
      data: asciiJson(data),
      prev,
    };
    prev = hashOf(entry);
    addEvent.run(entry.seq, entry.at, kind, entry.request, entry.data, entry.prev, prev);
  };
  const outcome = { status: "approved", by: BY, via: { how: "tap", proof: "confirmed" } } as const;
  const text = JSON.stringify(outcome);
  db.transaction(() => {
    while (seq + A_REQUEST <= entries) {
      const id = `r${seq}` as ApprovalId;
      const request = make(id, start);
      const { createdAt, expiresAt, door, project = null } = request;
      const row = {
        ...{ id, door, project, createdAt, expiresAt, requester: null, sessionId: null, toolUseId: null },
        toolName: "Bash",
        maskedInput: JSON.stringify(request.inspection.shown.input),
        inputSha256: sha256(JSON.stringify(request.call.input)),
      };
      addRow.run({ ...row, outcome: text });
      const message = `SM${id}`;
      append(requestedEvent(request, row));
      append({ kind: "sent", requestId: id, data: { to: BY, purpose: "request", message } });
      append({ kind: "delivered", data: { message } });
      append({ kind: "read", data: { message } });
      append(decidedEvent(id, outcome, text, createdAt));
      append({ kind: "written", requestId: id, data: { taken: true } });
    }
    while (seq < entries) append({ kind: "task", data: {} });
    keep(db.prepare("UPDATE event_head SET seq = ?, hash = ?, seal = ?")).run(
      seq,
      prev,
      sealOfHead([token], { seq, hash: prev }),
    );
  })();
  db.close();
}
