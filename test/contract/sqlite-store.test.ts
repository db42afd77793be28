// SQLite as an approval store: the common contract, and what is its own: the file, its mode, its schema.
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ApprovalId } from "../../src/domain/approval.ts";
import { ConfigError } from "../../src/domain/errors.ts";
import { MIGRATIONS } from "../../src/store/migrations.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { temporaryFolder } from "../helpers/temporary.ts";
import { describeApprovalStore } from "./approval-store.ts";

describeApprovalStore("the SQLite store", () => {
  const path = join(temporaryFolder(), "approvals.db");
  return { open: () => createSqliteStore(path) };
});

const isRoot = process.getuid?.() === 0;
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

function openAt(path: string) {
  const store = createSqliteStore(path);
  onTestFinished(() => store.close());
  return store;
}

/** Opens what cannot be opened. @returns the one problem that is named. */
function problemAt(path: string): string {
  try {
    void createSqliteStore(path).close();
  } catch (error) {
    if (error instanceof ConfigError && error.problems.length === 1) return error.message;
    throw error;
  }
  throw new Error(`${path} was opened`);
}

describe("the database file", () => {
  it("and the folders made for it are their owner's alone", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "new", "data", "approvals.db");
    await openAt(path).firstSeen("SM1", 0);
    for (const made of ["new", "new/data"]) expect(modeOf(join(folder, made))).toBe("700");
    for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(modeOf(file)).toBe("600");
  });

  it("becomes its owner's alone when others could read it; a folder that was there stays as it is", () => {
    const folder = join(temporaryFolder(), "shared");
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    const path = join(folder, "approvals.db");
    writeFileSync(path, "");
    chmodSync(path, 0o644);
    openAt(path);
    expect([modeOf(path), modeOf(folder)]).toEqual(["600", "755"]);
  });

  it("survives a crash right after a decision", async () => {
    const path = join(temporaryFolder(), "approvals.db");
    const id = "kqmwa" as ApprovalId;
    const store = openAt(path);
    const call = { toolName: "Bash", input: {} };
    await store.insert({ id, call, door: "mcp", createdAt: 1, expiresAt: 2 });
    await store.settle(id, { status: "expired" }, 3);
    // Not closed: what another process reads now is what a crash leaves behind.
    expect(await openAt(path).find(id)).toMatchObject({ status: "expired" });
  });
});

describe("a database that cannot be used", () => {
  it("because it was written by a newer version is refused and left alone", () => {
    const path = join(temporaryFolder(), "approvals.db");
    const newer = new Database(path);
    newer.exec("CREATE TABLE from_the_future (id TEXT)");
    newer.pragma(`user_version = ${MIGRATIONS.length + 1}`);
    newer.close();
    expect(problemAt(path)).toMatch(/^APPROVAL_DB: .*newer version.*Update the approval server/);
    const after = new Database(path);
    onTestFinished(() => void after.close());
    expect(after.pragma("user_version", { simple: true })).toBe(MIGRATIONS.length + 1);
    expect(after.prepare("SELECT name FROM sqlite_master").pluck().all()).toEqual(["from_the_future"]);
  });

  it("because it is no database is refused and left alone", () => {
    const path = join(temporaryFolder(), "approvals.db");
    const text = "These are my notes, not a database.\n".repeat(200);
    writeFileSync(path, text);
    expect(problemAt(path)).toMatch(
      /^APPROVAL_DB: .*approvals\.db cannot be opened \(file is not a database\)/,
    );
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  it("because it is damaged is refused", () => {
    const path = join(temporaryFolder(), "approvals.db");
    const db = new Database(path);
    db.exec("CREATE TABLE t (x)");
    db.close();
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xff, 100));
    expect(problemAt(path)).toMatch(/^APPROVAL_DB: .*cannot be opened \(.*(malformed|corrupt)/);
  });

  it("because it is a folder is refused", () => {
    expect(problemAt(temporaryFolder())).toMatch(/^APPROVAL_DB: .*cannot be opened \(.*EISDIR/);
  });

  it("because its folder is a file is refused", () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    expect(problemAt(join(file, "approvals.db"))).toMatch(/^APPROVAL_DB: .*cannot be opened/);
  });

  it.skipIf(isRoot)("because it may only be read is refused", () => {
    const path = join(temporaryFolder(), "approvals.db");
    writeFileSync(path, "");
    chmodSync(path, 0o400);
    expect(problemAt(path)).toMatch(/^APPROVAL_DB: .*cannot be opened \(.*EACCES/);
  });

  it.skipIf(isRoot)("because its folder may only be read is refused", () => {
    const folder = join(temporaryFolder(), "readonly");
    mkdirSync(folder, { mode: 0o500 });
    expect(problemAt(join(folder, "approvals.db"))).toMatch(/^APPROVAL_DB: .*cannot be opened \(.*EACCES/);
  });

  it("because another program holds it is refused, not waited for without end", () => {
    const path = join(temporaryFolder(), "approvals.db");
    const holder = new Database(path);
    onTestFinished(() => void holder.close());
    holder.pragma("journal_mode = DELETE");
    holder.exec("CREATE TABLE t (x); BEGIN EXCLUSIVE");
    expect(problemAt(path)).toMatch(/^APPROVAL_DB: .*cannot be opened \(database is locked\)/);
  });
});
