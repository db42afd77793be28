// What the database is set to, on the connection that the server writes with. A power cut cannot be tried out in a test;
// what makes a commit survive it can be read.
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { keep, openDatabase } from "../../src/store/open-database.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

function open(path = join(temporaryFolder(), "approvals.db")) {
  const db = openDatabase(path);
  onTestFinished(() => void db.close());
  const setting = (name: string) => keep(db.prepare<[], unknown>(`PRAGMA ${name}`).pluck()).get();
  return { db, setting };
}

describe("the database", () => {
  it("has a commit on the disk before it goes on: an approval survives a power cut", () => {
    const FULL = 2;
    expect(open().setting("synchronous")).toBe(FULL);
  });

  it("lets a reader in beside the writer, and waits a second for another process, not longer", () => {
    const { setting } = open();
    expect(setting("journal_mode")).toBe("wal");
    expect(setting("busy_timeout")).toBe(1_000);
  });

  it("overwrites what is masked or deleted, and keeps no message of a request that is not there", () => {
    const { db, setting } = open();
    expect(setting("secure_delete")).toBe(1);
    expect(setting("foreign_keys")).toBe(1);
    const insert = keep(
      db.prepare("INSERT INTO messages (message_id, approval_id, recipient) VALUES ('SM1', 'nnnnn', '')"),
    );
    expect(() => insert.run()).toThrow(/FOREIGN KEY/);
  });
});
