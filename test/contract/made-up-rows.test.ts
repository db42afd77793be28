// Rows that another hand has written into the file: they break no command, move no cursor, and keep nobody else from an answer.
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { hashOf } from "../../src/core/event-chain.ts";
import { keep } from "../../src/store/open-database.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { runHere } from "../helpers/command-line.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

/** Would wipe the line above, and say that all is well. */
const FORGED = "\u001b[1A\u001b[2K\u001b]0;x\u0007✓ 9 entries in order\u202e";

async function written(change: (db: Database.Database) => void): Promise<string> {
  const path = join(temporaryFolder(), "approvals.db");
  const store = createSqliteStore(path, { isServer: true });
  await store.note({ kind: "policy", data: { state: "none" } });
  await store.close();
  const db = keep(new Database(path));
  db.exec("DROP TRIGGER events_never_change; PRAGMA foreign_keys = OFF");
  change(db);
  db.close();
  return path;
}

/** Adds an entry that continues the chain, as whoever has no token can where there is no seal. */
function add(
  db: Database.Database,
  kind: "broken" | "requested",
  request: string | null,
  data: string,
): void {
  const head = keep(db.prepare<[], { seq: number; hash: string }>("SELECT seq, hash FROM event_head")).get();
  const { seq = 0, hash: prev = "" } = head ?? {};
  const entry = { seq: seq + 1, at: 1, kind, request, data, prev };
  const hash = hashOf(entry);
  keep(db.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)")).run(
    ...[entry.seq, 1, kind, request, data, prev, hash],
  );
  keep(db.prepare("UPDATE event_head SET seq = ?, hash = ?")).run(entry.seq, hash);
}

const audit = (path: string, ...args: string[]) =>
  runHere(["audit", ...args], { env: { SERVER_PORT: "1", APPROVAL_DB: path } });

describe("an entry of the event log with a terminal's commands in it", () => {
  it.each([["--verify"], ["--verify", "--json"], ["--limit", "9"], ["--csv"]])(
    "does nothing to the terminal that reads it: %s %s",
    async (...args) => {
      const path = await written((db) => add(db, "broken", null, JSON.stringify({ problem: FORGED })));
      const { out, err } = await audit(path, ...args.filter((arg) => arg !== undefined));
      const said = (out + err).replace(/\r?\n/g, "");
      expect(said).toContain("9 entries in order");
      expect(said).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    },
  );

  it("is named by a backup without them", async () => {
    const path = await written((db) => add(db, "broken", null, JSON.stringify({ problem: FORGED })));
    const { err } = await runHere(["backup", `${path}-copy`], {
      env: { SERVER_PORT: "1", APPROVAL_DB: path },
    });
    expect(err).toContain("the server found here: ⟨U+001B⟩[1A");
    expect(err).not.toContain("\u001b");
  });
});

describe("an entry whose data is no JSON", () => {
  const broken = () => written((db) => add(db, "requested", "abcde", "no { JSON"));

  it("is named by the check, with its row, which is gone", async () => {
    const { code, out } = await audit(await broken(), "--verify");
    expect([code, out]).toEqual([1, expect.stringContaining("request abcde: its row is gone")]);
  });

  it.each([
    ["--status", "approved"],
    ["--phone", "+15005550006"],
    ["--project", "shop"],
  ])("is in the way of no search: %s", async (...args) => {
    expect(await audit(await broken(), ...args)).toMatchObject({ code: 0, out: "" });
  });
});

describe("a receipt that is no JSON", () => {
  it("does not stop a purge", async () => {
    const path = await written((db) => db.exec("INSERT INTO receipts VALUES ('SM1', 1, 'no { JSON')"));
    const store = createSqliteStore(path, { isServer: true });
    onTestFinished(() => store.close());
    expect(await store.purge(1)).toMatchObject({ removed: { receipts: 1 } });
  });
});

describe("a reply that was never sent, among those that were left", () => {
  it.each(["no { JSON", "null", "[]", '{"text":7}', '{"done":"APPROVE"}'])(
    "says nothing, and the others are read: %s",
    async (denial) => {
      const path = await written((db) => {
        db.exec("INSERT INTO inbound (id, seen_at) VALUES ('SM1', 1), ('SM2', 2)");
        keep(db.prepare("INSERT INTO unfinished_replies VALUES ('SM1', '+15005550006', NULL, ?)")).run(
          denial,
        );
        const real = JSON.stringify({ text: "no", quotedMessageId: "SM3", from: "+15005550001", id: "SM4" });
        keep(db.prepare("INSERT INTO unfinished_replies VALUES ('SM2', '+15005550006', 'abcde', ?)")).run(
          real,
        );
      });
      const store = createSqliteStore(path, { isServer: true });
      onTestFinished(() => store.close());
      const [made, real] = await store.unfinishedReplies();
      expect(made?.denial).toBeUndefined();
      // Nothing else of it: its sender and its name are columns of their own.
      expect(real?.denial).toEqual({ text: "no", quotedMessageId: "SM3" });
    },
  );
});
