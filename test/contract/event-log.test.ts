// The event log: an entry in the transaction of each row that it tells of, and nothing in it changed in silence.
import { readFileSync } from "node:fs";
import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashOf, sealOfHead } from "../../src/core/event-chain.ts";
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
import { SESSION } from "../helpers/session-offer.ts";

const ID = "kqmwa" as ApprovalId;
const kinds = (stage: ReturnType<typeof eventStage>) => stage.events().map(({ kind }) => kind);

describe("each step of a request", () => {
  it("has its entry, with who decided and how, and nothing that was masked", async () => {
    const stage = eventStage();
    await decideOne(stage.store, ID);
    expect(kinds(stage)).toEqual(["log-begun", "requested", "sent", "delivered", "decided", "written"]);
    const decided = stage.events().find(({ kind }) => kind === "decided");
    expect(JSON.parse(decided?.data ?? "")).toMatchObject({
      status: "approved",
      by: EVENT_PHONE,
      via: { how: "tap", proof: "confirmed" },
    });
    expect(JSON.stringify(stage.events())).toContain("login --token [secret 1]");
    expect(JSON.stringify(stage.events())).not.toContain("t0p-secret");
    expect(stage.verify()).toMatchObject({ problems: [], entries: 6, seal: "fits" });
  });

  it("that changed nothing has none", async () => {
    const stage = eventStage();
    await decideOne(stage.store, ID);
    const before = stage.events().length;
    expect(await stage.store.insert(eventRequest(ID))).toBe(false);
    expect(await stage.store.settle(ID, { status: "denied", by: EVENT_PHONE }, EVENT_START)).toBe(false);
    await stage.store.recordDelivery({ messageId: `SM-${ID}`, state: "delivered", at: 9 });
    await stage.store.recordAcknowledged("abcde" as ApprovalId, true);
    expect(await stage.store.endGrant(ID, "revoked", 9)).toBe(false);
    expect(await stage.store.startParked(ID, 9)).toBe(false);
    expect(stage.events()).toHaveLength(before);
  });

  it("of a request that was decided before it was written are those of one that was decided after", async () => {
    const stage = eventStage();
    const outcome = { status: "approved", by: "policy", rule: "Bash(login:*)" } as const;
    expect(await stage.store.settle(ID, outcome, EVENT_START + 1, eventRequest(ID))).toBe(true);
    await stage.store.insert(eventRequest("abcde"));
    await stage.store.settle("abcde" as ApprovalId, outcome, EVENT_START + 1);
    expect(kinds(stage)).toEqual(["log-begun", "requested", "decided", "requested", "decided"]);
    const [, asked, decided, , decidedLater] = stage.events().map(({ data }) => JSON.parse(data));
    expect(asked).toMatchObject({ tool: "Bash", door: "mcp", project: "web-shop" });
    expect(decided).toEqual(decidedLater);
    expect(stage.verify()).toMatchObject({ problems: [], entries: 5, seal: "fits" });
    // Taken: neither a row nor an entry.
    expect(await stage.store.settle(ID, outcome, EVENT_START + 2, eventRequest(ID))).toBe(false);
    expect(kinds(stage)).toHaveLength(5);
  });

  it("that cannot be written for one that was decided before leaves neither row nor approval", async () => {
    const stage = eventStage();
    await stage.store.insert(eventRequest("abcde"));
    stage.attack(
      "CREATE TRIGGER full BEFORE INSERT ON events WHEN NEW.kind = 'decided' BEGIN SELECT raise(ABORT, 'disk full'); END",
    );
    const outcome = { status: "approved", by: "policy", rule: "Bash(login:*)" } as const;
    await expect(stage.store.settle(ID, outcome, EVENT_START + 1, eventRequest(ID))).rejects.toThrow(
      "disk full",
    );
    expect(await stage.store.find(ID)).toBeUndefined();
    expect(kinds(stage)).toEqual(["log-begun", "requested"]);
  });

  it("of a grant: given, used by its request's own decision, ended", async () => {
    const stage = eventStage();
    const { store } = stage;
    await store.insert(eventRequest(ID));
    await store.settle(ID, { status: "approved", by: EVENT_PHONE, session: SESSION }, EVENT_START);
    await store.insert(eventRequest("abcde"));
    await store.settle(
      "abcde" as ApprovalId,
      { status: "approved", by: "grant", grant: ID },
      EVENT_START + 1,
    );
    // It does not hold: neither the decision nor its entry.
    await store.insert(eventRequest("abcdf"));
    const bad = { status: "approved", by: "grant", grant: "zzzzz" as ApprovalId } as const;
    expect(await store.settle("abcdf" as ApprovalId, bad, EVENT_START + 1)).toBe(false);
    await store.endGrants("panic", EVENT_START + 2);
    expect(kinds(stage)).toEqual([
      "log-begun",
      "requested",
      "decided",
      "grant-given",
      "requested",
      "decided",
      "requested",
      "grant-ended",
    ]);
    expect(stage.verify().problems).toEqual([]);
  });

  it("of what an earlier run has left is written at the start", async () => {
    const stage = eventStage();
    await stage.store.insert(eventRequest(ID));
    expect(await stage.store.cancelPending(EVENT_START + 5)).toBe(1);
    expect(JSON.parse(stage.events().at(-1)?.data ?? "")).toMatchObject({
      status: "cancelled",
      cause: "restart",
    });
    expect(stage.verify().problems).toEqual([]);
  });
});

describe("a row without its entry", () => {
  it("is impossible: where the log cannot be written, nothing is approved, and a denial is written later", async () => {
    const stage = eventStage();
    const { store } = stage;
    await store.insert(eventRequest(ID));
    stage.attack("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    await expect(store.settle(ID, { status: "approved", by: EVENT_PHONE }, EVENT_START)).rejects.toThrow(
      "disk full",
    );
    await expect(store.insert(eventRequest("abcde"))).rejects.toThrow("disk full");
    expect(await store.find("abcde" as ApprovalId)).toBeUndefined();
    expect(await store.find(ID)).toMatchObject({ status: "pending" });
    stage.attack("DROP TRIGGER full");
    expect(await store.settle(ID, { status: "denied", by: EVENT_PHONE }, EVENT_START)).toBe(true);
    expect(stage.verify().problems).toEqual([]);
  });

  it.each([
    ["status", "UPDATE approvals SET status = 'approved' WHERE id = 'abcde'", "its row says approved"],
    ["outcome", `UPDATE approvals SET outcome = '{"status":"denied"}' WHERE id = 'abcde'`, "how or when"],
    ["time", "UPDATE approvals SET decided_at = 7 WHERE id = 'abcde'", "how or when"],
    ["call", "UPDATE approvals SET masked_input = '{}' WHERE id = 'abcde'", "not as it was asked"],
    [
      "hash of the input",
      "UPDATE approvals SET input_sha256 = 'x' WHERE id = 'abcde'",
      "not as it was asked",
    ],
    ["project", "UPDATE approvals SET project = 'other' WHERE id = 'abcde'", "not as it was asked"],
    ["acknowledgement", "UPDATE approvals SET answered = 1 WHERE id = 'abcde'", "whether the caller got"],
    ["run", `UPDATE approvals SET run = '{"startedAt":1}' WHERE id = 'abcde'`, "what ran"],
    [
      "decision taken back",
      "UPDATE approvals SET status = 'pending' WHERE id = 'kqmwa'",
      "its row says pending",
    ],
  ])("is named where its %s was changed", async (_, sql, problem) => {
    const stage = eventStage();
    await decideOne(stage.store, ID);
    await stage.store.insert(eventRequest("abcde"));
    await stage.store.settle("abcde" as ApprovalId, { status: "denied", by: EVENT_PHONE }, EVENT_START);
    expect(stage.verify().problems).toEqual([]);
    stage.attack(sql);
    const [found, ...more] = stage.verify().problems;
    expect(found?.problem).toContain(problem);
    expect(found?.requestId).toBe(sql.includes("kqmwa") ? "kqmwa" : "abcde");
    expect(more).toEqual([]);
  });

  it("is named where it was added or removed beside the log", async () => {
    const stage = eventStage();
    await decideOne(stage.store, ID);
    stage.attack(
      "INSERT INTO approvals SELECT 'abcde', status, door, project, tool_name, tool_use_id, input, masked_input, input_sha256, created_at, expires_at, decided_at, outcome, answered, requester, session_id, executor, run FROM approvals",
    );
    expect(stage.verify().problems).toMatchObject([{ problem: expect.stringContaining("1 more rows") }]);
    stage.attack("DELETE FROM messages");
    stage.attack("DELETE FROM approvals");
    expect(stage.verify().problems).toMatchObject([
      { requestId: "kqmwa", problem: expect.stringContaining("gone") },
    ]);
  });
});

describe("a record from before the log", () => {
  it("is known by its digest: its rows may end, and no row may join them or change", async () => {
    const stage = eventStage();
    await stage.store.insert(eventRequest("abcde"));
    await decideOne(stage.store, ID);
    await stage.store.close();
    // As the migration leaves it.
    stage.attack("DELETE FROM events");
    stage.attack("UPDATE event_head SET seq = 0, hash = '', seal = ''");
    const store = stage.open();
    expect(kinds(stage)).toEqual(["log-begun"]);
    expect(stage.verify().problems).toEqual([]);
    await store.cancelPending(EVENT_START + 9);
    expect(stage.verify().problems).toEqual([]);
    stage.attack("UPDATE approvals SET decided_at = 1 WHERE id = 'kqmwa'");
    expect(stage.verify().problems).toMatchObject([{ problem: expect.stringContaining("before the log") }]);
  });
});

async function longLog(entries = 40) {
  const stage = eventStage();
  await stage.store.probe();
  for (let at = 0; stage.events().length < entries; at += 1)
    await stage.store.note({ kind: "task", data: { task: "sess_1", turn: at, words: "„größer“ 🔔 \ud800" } });
  await stage.store.close();
  return stage;
}

const COLUMNS = ["at", "kind", "request", "data", "prev", "hash"] as const;

describe("an entry that was changed", () => {
  it("at any place, in any byte, is named, or one before it", async () => {
    const stage = await longLog(12);
    const entries = stage.events();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: entries.length }),
        fc.constantFrom(...COLUMNS),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (seq, column, place, change) => {
          const entry = entries[seq - 1];
          const value = entry?.[column] ?? null;
          if (column === "at" || value === null) {
            stage.attack(
              `UPDATE events SET ${column} = ? WHERE seq = ?`,
              column === "at" ? Number(value) + change : "x",
              seq,
            );
          } else {
            const bytes = Buffer.from(String(value));
            const at = place % bytes.length;
            bytes[at] = (bytes[at] ?? 0) ^ change;
            stage.attack(`UPDATE events SET ${column} = CAST(? AS TEXT) WHERE seq = ?`, bytes, seq);
          }
          const [found] = stage.verify().problems;
          expect(found?.seq).toBeLessThanOrEqual(seq);
          expect(found?.seq).toBeGreaterThan(0);
          stage.attack(`UPDATE events SET ${column} = ? WHERE seq = ?`, value, seq);
          expect(stage.verify().problems).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([
    ["taken out of the middle", "DELETE FROM events WHERE seq = 7", { seq: 7 }],
    ["taken out at the beginning", "DELETE FROM events WHERE seq < 4", { seq: 1 }],
    ["cut off at the end", "DELETE FROM events WHERE seq > 30", { seq: 31 }],
    ["removed, all of them", "DELETE FROM events", { seq: 1 }],
    ["renumbered", "UPDATE events SET seq = seq + 100 WHERE seq > 20", { seq: 21 }],
    [
      "copied behind the end",
      "INSERT INTO events SELECT seq + 40, at, kind, request, data, prev, hash FROM events WHERE seq = 1",
      { seq: 41 },
    ],
    [
      "moved: two texts exchanged",
      "UPDATE events SET data = (SELECT e.data FROM events e WHERE e.seq = 25 - events.seq) WHERE seq IN (12, 13)",
      { seq: 12 },
    ],
  ])("%s", async (_, sql, found) => {
    const stage = await longLog();
    expect(stage.verify().problems).toEqual([]);
    stage.attack(sql);
    expect(stage.verify().problems[0]).toMatchObject(found);
  });

  it("and every hash after it made anew is shown by the seal, and by a head that a phone has", async () => {
    const stage = await longLog();
    const known = stage.events()[30]?.hash.slice(0, 16) ?? "";
    expect(stage.verify(known)).toMatchObject({ problems: [], found: { seq: 31 } });
    let prev = stage.events()[9]?.hash ?? "";
    for (const entry of stage.events().slice(10)) {
      const forged = { ...entry, prev, data: entry.data.replace("sess_1", "sess_2") };
      prev = hashOf(forged);
      stage.attack(
        "UPDATE events SET data = ?, prev = ?, hash = ? WHERE seq = ?",
        forged.data,
        forged.prev,
        prev,
        entry.seq,
      );
    }
    stage.attack("UPDATE event_head SET hash = ?", prev);
    expect(stage.verify().problems[0]?.problem).toContain("the seal of the head does not fit");
    // Without the token nothing is known of it, and the phone's hash still shows it.
    expect(stage.verify(undefined, []).problems).toEqual([]);
    expect(stage.verify(known, []).problems[0]?.problem).toContain(known);
    // Whoever has the token can make the seal as well: then only the phone's hash shows it.
    stage.attack("UPDATE event_head SET seal = ?", sealOfHead([TOKEN], { seq: 40, hash: prev }));
    expect(stage.verify().problems).toEqual([]);
    expect(stage.verify(known).problems).toHaveLength(1);
    // A restart does not make it whole.
    stage.attack("UPDATE event_head SET seal = 'x'");
    await stage.open().note({ kind: "task", data: {} });
    expect(stage.verify().problems[0]?.problem).toContain("sealed with another token");
  });

  it("and its head beside it: a seal that was taken away is named", async () => {
    const stage = await longLog();
    stage.attack("UPDATE event_head SET seal = ''");
    expect(stage.verify().problems[0]?.problem).toContain("the head has no seal");
  });
});

describe("the running server", () => {
  it.each([
    ["cut at its end", "DELETE FROM events WHERE seq > 3"],
    ["emptied", "DELETE FROM events"],
    ["without its head", "DELETE FROM event_head"],
    ["with another last entry", "UPDATE events SET hash = prev WHERE seq = (SELECT max(seq) FROM events)"],
  ])("notices a log %s: that approval does not count, and the log says so", async (_, sql) => {
    const stage = eventStage();
    const { store } = stage;
    await decideOne(store, ID);
    await store.insert(eventRequest("abcde"));
    stage.attack(sql);
    await expect(
      store.settle("abcde" as ApprovalId, { status: "approved", by: EVENT_PHONE }, 5),
    ).rejects.toThrow();
    expect(await store.find("abcde" as ApprovalId)).toMatchObject({ status: "pending" });
    expect(await store.settle("abcde" as ApprovalId, { status: "failed", message: "no record." }, 6)).toBe(
      true,
    );
    expect(stage.problems).toHaveLength(1);
    expect(kinds(stage).slice(-2)).toEqual(["broken", "decided"]);
    expect(stage.verify().problems[0]?.problem).toBeDefined();
    // What comes then goes its way.
    await decideOne(store, "abcdf");
    expect(await store.find("abcdf" as ApprovalId)).toMatchObject({ status: "approved" });
    expect(stage.problems).toHaveLength(1);
  });

  it("notices a log that was set back to what it was, head and seal with it", async () => {
    const stage = eventStage();
    const { store } = stage;
    await store.insert(eventRequest(ID));
    const db = keep(new Database(stage.path, { readonly: true }));
    const head = keep(
      db.prepare<[], { seq: number; hash: string; seal: string }>("SELECT * FROM event_head"),
    ).get();
    db.close();
    await decideOne(store, "abcde");
    stage.attack("DELETE FROM events WHERE seq > ?", head?.seq);
    stage.attack("UPDATE event_head SET seq = ?, hash = ?, seal = ?", head?.seq, head?.hash, head?.seal);
    // Nothing in the file shows it.
    expect(
      stage.verify().problems.every(({ seq, requestId }) => seq === undefined || requestId !== undefined),
    ).toBe(true);
    expect(await store.checkLog()).toContain("cut or changed while the server ran");
    expect(await store.checkLog()).toBeUndefined();
    expect(kinds(stage)).toContain("broken");
  });

  it("notices at its next start that the log was cut while it was down", async () => {
    const stage = eventStage();
    await decideOne(stage.store, ID);
    await stage.store.close();
    stage.attack("DELETE FROM events WHERE seq > 3");
    const store = stage.open();
    expect(await store.checkLog()).toContain("it ended with entry 6, and now with 3");
    expect(stage.problems).toHaveLength(1);
  });

  it("takes a log that another process of its own has continued", async () => {
    const stage = eventStage();
    await stage.store.insert(eventRequest(ID));
    const other = stage.open();
    await other.note({ kind: "backup", data: {} });
    await decideOne(stage.store, "abcde");
    await other.note({ kind: "backup", data: {} });
    expect(await stage.store.settle(ID, { status: "approved", by: EVENT_PHONE }, EVENT_START)).toBe(true);
    expect(stage.problems).toEqual([]);
    expect(stage.verify().problems).toEqual([]);
  });

  it("tells a changed token from a log that was written anew, where it is given the old one", async () => {
    const stage = eventStage();
    await decideOne(stage.store, ID);
    await stage.store.close();
    const rotated = stage.open({ secrets: ["another token"] });
    await rotated.note({ kind: "task", data: {} });
    expect(kinds(stage).slice(-2)).toEqual(["sealed", "task"]);
    expect(stage.verify(undefined, ["another token"]).problems[0]?.problem).toContain(
      "another token, or written anew",
    );
    expect(stage.verify(undefined, ["another token", TOKEN]).problems).toEqual([]);
  });

  it("goes on without a seal where the phone is simulated, and says since when", async () => {
    const stage = eventStage([]);
    await decideOne(stage.store, ID);
    await stage.store.close();
    expect(stage.verify()).toMatchObject({ problems: [], seal: "none" });
    const real = stage.open({ secrets: [TOKEN] });
    await real.note({ kind: "task", data: {} });
    await real.close();
    const again = stage.open({ secrets: [] });
    await again.note({ kind: "task", data: {} });
    expect(kinds(stage).slice(-4)).toEqual(["sealed", "task", "sealed", "task"]);
    expect(stage.verify(undefined, [TOKEN]).problems).toMatchObject([
      { problem: expect.stringContaining("no seal") },
    ]);
    expect(stage.verify(undefined, []).problems).toEqual([]);
  });
});

describe("by mistake", () => {
  it.each([
    ["changed", "UPDATE events SET data = '{}' WHERE seq = 2"],
    ["removed", "DELETE FROM events WHERE seq = 2"],
    ["added anywhere", "INSERT INTO events VALUES (99, 1, 'task', NULL, '{}', 'x', 'y')"],
  ])("no entry can be %s", async (_, sql) => {
    const stage = eventStage();
    await decideOne(stage.store, ID);
    const db = keep(new Database(stage.path));
    expect(() => db.exec(sql)).toThrow(/event log/);
    db.close();
    expect(stage.verify().problems).toEqual([]);
  });
});

/** Frames of the write-ahead log that end a transaction: each was a sync of the disk. */
function commitsIn(wal: Buffer): number {
  const pageSize = wal.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at + 24 + pageSize <= wal.length; at += 24 + pageSize)
    if (wal.readUInt32BE(at + 4) !== 0) commits += 1;
  return commits;
}

describe("an entry", () => {
  it("costs no commit of its own on the way from the call to the answer", async () => {
    const stage = eventStage();
    await stage.store.probe();
    // As long as somebody reads, the write-ahead log is not emptied, and can be counted.
    const reader = keep(new Database(stage.path, { readonly: true }));
    reader.exec("BEGIN; SELECT count(*) FROM events");
    const count = () => commitsIn(readFileSync(`${stage.path}-wal`));
    const steps: [string, () => Promise<unknown>][] = [
      ["insert", () => stage.store.insert(eventRequest(ID))],
      [
        "settle",
        () => stage.store.settle(ID, { status: "approved", by: EVENT_PHONE, session: SESSION }, EVENT_START),
      ],
      ["acknowledged", () => stage.store.recordAcknowledged(ID, true)],
      ["receipt", () => stage.store.recordDelivery({ messageId: "SM1", state: "read", at: EVENT_START })],
      ["grant", () => stage.store.endGrants("panic", EVENT_START)],
    ];
    const commits: [string, number][] = [];
    for (const [name, work] of steps) {
      const before = count();
      await work();
      commits.push([name, count() - before]);
    }
    reader.close();
    expect(commits).toEqual(steps.map(([name]) => [name, 1]));
  });
});
