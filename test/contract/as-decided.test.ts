// Whether a row says what the event log says, asked by whoever gives an old answer out again. The attacker can write to the file.
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { GENESIS, hashOf, type StoredEvent } from "../../src/core/event-chain.ts";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import { keep } from "../../src/store/open-database.ts";
import {
  decideOne,
  EVENT_PHONE,
  EVENT_START,
  eventRequest,
  eventStage,
  TOKEN,
} from "../helpers/event-stage.ts";

const GOOD = "gooda" as ApprovalId;
const BAD = "badab" as ApprovalId;
const APPROVED = JSON.stringify({
  status: "approved",
  by: EVENT_PHONE,
  via: { how: "tap", proof: "confirmed" },
});
const FORGE = `UPDATE approvals SET status = 'approved', outcome = '${APPROVED}', answered = 1 WHERE id = '${BAD}'`;

/** One that was approved, one that was denied, and something after them. */
async function staged(secrets: readonly string[] = [TOKEN]) {
  const stage = eventStage(secrets);
  await decideOne(stage.store, GOOD);
  await stage.store.insert(eventRequest(BAD));
  await stage.store.settle(BAD, { status: "denied", by: EVENT_PHONE }, EVENT_START + 9);
  await stage.store.recordAcknowledged(BAD, true);
  await decideOne(stage.store, "later");
  return stage;
}

/** Writes the chain anew from the first entry on, each as `change` makes it; without the token there is no seal for it. */
function rechain(path: string, change: (entry: StoredEvent) => Partial<StoredEvent>): void {
  const db = keep(new Database(path));
  db.exec("DROP TRIGGER IF EXISTS events_never_change");
  const all = keep(db.prepare<[], StoredEvent>("SELECT * FROM events ORDER BY seq")).all();
  const write = keep(db.prepare("UPDATE events SET data = ?, prev = ?, hash = ? WHERE seq = ?"));
  let prev = GENESIS;
  for (const entry of all) {
    const next = { ...entry, ...change(entry), prev };
    prev = hashOf(next);
    write.run(next.data, next.prev, prev, next.seq);
  }
  keep(db.prepare("UPDATE event_head SET hash = ?")).run(prev);
  db.close();
}

describe("a row that says approved", () => {
  it("is as it was decided where the log says so, over a restart, a purge and another token too", async () => {
    const stage = await staged();
    expect(await stage.store.isAsDecided(GOOD)).toBe(true);
    expect(await stage.store.isAsDecided(GOOD)).toBe(true);
    await stage.store.close();
    expect(await stage.open().isAsDecided(GOOD)).toBe(true);
    const other = stage.open({ secrets: ["a newer token", TOKEN] });
    await decideOne(other, "other");
    expect(await other.isAsDecided(GOOD)).toBe(true);
    await other.purge(EVENT_START + 1);
    expect(await other.isAsDecided("other" as ApprovalId)).toBe(true);
  });

  it.each([
    ["what was denied", FORGE, BAD],
    [
      "who approved",
      `UPDATE approvals SET outcome = replace(outcome, '+15', '+16') WHERE id = '${GOOD}'`,
      GOOD,
    ],
    ["what was asked", `UPDATE approvals SET masked_input = '{"command":"ls"}' WHERE id = '${GOOD}'`, GOOD],
    ["its project", `UPDATE approvals SET project = 'other' WHERE id = '${GOOD}'`, GOOD],
    [
      "a row of its own",
      `INSERT INTO approvals SELECT 'added', status, door, project, tool_name, tool_use_id, input, masked_input, input_sha256, created_at,
         expires_at, decided_at, outcome, answered, requester, session_id, executor, run FROM approvals WHERE id = '${GOOD}'`,
      "added",
    ],
    [
      "what takes its first entry away",
      `DELETE FROM events WHERE request = '${GOOD}' AND kind = 'requested'`,
      GOOD,
    ],
    ["its entry alone", "UPDATE events SET data = replace(data, 'denied', 'approved')", GOOD],
  ])("is not, where somebody has written %s, also after it was looked at once", async (_, sql, id) => {
    const stage = await staged();
    await stage.store.isAsDecided(id as ApprovalId);
    stage.attack(sql);
    // What was followed once is remembered: the entries themselves may go, not what the row says.
    if (!sql.includes("events")) expect(await stage.store.isAsDecided(id as ApprovalId)).toBe(false);
    await stage.store.close();
    expect(await stage.open().isAsDecided(id as ApprovalId)).toBe(false);
  });

  it("is not, where the whole chain was written anew for it: not while the server runs, nor after its next start", async () => {
    const stage = await staged();
    const row = { status: "approved", outcome: "" };
    stage.attack(FORGE);
    const { createHash } = await import("node:crypto");
    row.outcome = createHash("sha256").update(APPROVED).digest("hex");
    rechain(stage.path, ({ request, kind, data }) =>
      request === BAD && kind === "decided" ? { data: JSON.stringify({ ...JSON.parse(data), ...row }) } : {},
    );
    expect(await stage.store.isAsDecided(BAD)).toBe(false);
    await stage.store.close();
    const again = stage.open();
    // What the server writes first says that the seal was not its own.
    await again.note({ kind: "server-started", data: {} });
    expect(await again.isAsDecided(BAD)).toBe(false);
    expect(await again.isAsDecided(GOOD)).toBe(false);
  });
});
