// A long log with its rows is verified whole. Prints how long that takes; the time itself is no assertion.
// AUDIT_ENTRIES=100000 npx vitest run test/contract/event-log-size.test.ts
import { utimesSync } from "node:fs";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { asciiJson, hashOf, sealOfHead } from "../../src/core/event-chain.ts";
import type { NewEvent } from "../../src/core/ports/event-log.ts";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import { decidedEvent, requestedEvent, sha256 } from "../../src/store/event-facts.ts";
import { keep } from "../../src/store/open-database.ts";
import { EVENT_PHONE, EVENT_START, eventRequest, eventStage, TOKEN } from "../helpers/event-stage.ts";

const ENTRIES = Number(process.env["AUDIT_ENTRIES"] ?? 12_000);
const A_REQUEST = 6;

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const before = { cpu: process.cpuUsage(), at: performance.now() };
  const result = await work();
  const { user, system } = process.cpuUsage(before.cpu);
  const ms = Math.round(performance.now() - before.at);
  const cpuMs = Math.round((user + system) / 1000);
  process.stdout.write(`${what} of ${ENTRIES} entries: ${ms} ms, ${cpuMs} ms of CPU\n`);
  return result;
}

it("many entries hold, and one that was changed among them is named", async () => {
  const stage = eventStage();
  await stage.store.probe();
  const [begun] = stage.events();
  await stage.store.close();
  const db = keep(new Database(stage.path));
  db.exec("PRAGMA synchronous = OFF; DROP TRIGGER events_in_order");
  const addEvent = keep(db.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)"));
  const addRow = keep(
    db.prepare(
      `INSERT INTO approvals (id, status, door, project, tool_name, input, masked_input, input_sha256, created_at, expires_at, decided_at, outcome, answered)
       VALUES (@id, 'approved', 'mcp', @project, 'Bash', @maskedInput, @maskedInput, @inputSha256, @createdAt, @expiresAt, @createdAt, @outcome, 1)`,
    ),
  );
  let { seq, hash: prev } = { seq: 1, hash: "", ...begun };
  const append = ({ kind, requestId, data }: NewEvent) => {
    seq += 1;
    const entry = {
      seq,
      at: EVENT_START + seq,
      kind,
      request: requestId ?? null,
      data: asciiJson(data),
      prev,
    };
    prev = hashOf(entry);
    addEvent.run(entry.seq, entry.at, kind, entry.request, entry.data, entry.prev, prev);
  };
  const outcome = { status: "approved", by: EVENT_PHONE, via: { how: "tap", proof: "confirmed" } } as const;
  const text = JSON.stringify(outcome);
  db.transaction(() => {
    while (seq + A_REQUEST <= ENTRIES) {
      const id = `r${seq}` as ApprovalId;
      const request = eventRequest(id, EVENT_START);
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
      append({ kind: "sent", requestId: id, data: { to: EVENT_PHONE, purpose: "request", message } });
      append({ kind: "delivered", data: { message } });
      append({ kind: "read", data: { message } });
      append(decidedEvent(id, outcome, text, createdAt));
      append({ kind: "written", requestId: id, data: { taken: true } });
    }
    while (seq < ENTRIES) append({ kind: "task", data: {} });
    keep(db.prepare("UPDATE event_head SET seq = ?, hash = ?, seal = ?")).run(
      seq,
      prev,
      sealOfHead([TOKEN], { seq, hash: prev }),
    );
  })();
  db.close();

  const verdict = await timed("audit --verify", async () => stage.verify());
  expect(verdict).toMatchObject({ problems: [], entries: ENTRIES, seal: "fits" });

  const files: string[] = [];
  const server = stage.open({ isServer: true, onFiles: (_, words) => void files.push(words) });
  await server.cancelPending(EVENT_START);
  expect(await timed("an old answer's first look", () => server.isAsDecided("r1" as ApprovalId))).toBe(true);
  expect(await timed("its second one", () => server.isAsDecided("r1" as ApprovalId))).toBe(true);
  utimesSync(stage.path, 1, 1);
  await timed("reading a touched file", () => server.probe());
  expect(files).toHaveLength(1);
  await server.close();

  const changed = Math.floor(ENTRIES * 0.7);
  stage.attack("UPDATE events SET at = at + 1 WHERE seq = ?", changed);
  expect(stage.verify().problems[0]).toMatchObject({ seq: changed, at: EVENT_START + changed + 1 });
});
