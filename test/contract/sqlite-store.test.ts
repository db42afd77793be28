// SQLite as an approval store: the common contract, and what is its own: the file, its mode, its schema.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { StoredApproval } from "../../src/core/ports/request-store.ts";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import { staleText } from "../../src/domain/decision-words.ts";
import { denialText } from "../../src/domain/denial.ts";
import { ConfigError } from "../../src/domain/errors.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { MIGRATIONS } from "../../src/store/migrations.ts";
import { keep } from "../../src/store/open-database.ts";
import { openProblem } from "../../src/store/open-problem.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { PATIENCE_MS } from "../helpers/patience.ts";
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

function requestWith(id: ApprovalId, input: object, masked: object): ApprovalRequest {
  const call = { toolName: "Bash", input: { ...input } };
  return {
    id,
    call,
    inspection: { shown: { ...call, input: { ...masked } }, secrets: 1, warnings: [] },
    door: "mcp",
    createdAt: 1,
    expiresAt: 2,
    waiting: 1,
  };
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

/** A second connection. Nothing of it is ever collected, see src/store/open-database.ts. */
function openKept(path: string, options?: Database.Options): Database.Database {
  const db = keep(new Database(path, options));
  const prepare = db.prepare.bind(db);
  db.prepare = ((source: string) => keep(prepare(source))) as typeof db.prepare;
  return db;
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
    await store.insert(requestWith(id, {}, {}));
    await store.settle(id, { status: "expired" }, 3);
    // Not closed: what another process reads now is what a crash leaves behind.
    expect(await openAt(path).find(id)).toMatchObject({ status: "expired" });
  });
});

/** The write-ahead log is emptied when nobody waits for it. */
const SOON = { timeout: PATIENCE_MS, interval: 20 };

describe("the input of a call", () => {
  const id = "kqmwa" as ApprovalId;
  const other = "abcde" as ApprovalId;
  const SECRET = "sk-t0p-s3cret-value";
  const raw = (secret = SECRET) => ({ command: `curl -H "x-key: ${secret}" https://example.com` });
  const masked = raw("[secret]");

  function rowOf(path: string, of = id): object {
    const db = openKept(path, { readonly: true });
    onTestFinished(() => void db.close());
    return db
      .prepare("SELECT input, masked_input AS masked, input_sha256 AS hash FROM approvals WHERE id = ?")
      .get(of) as object;
  }

  /** Which of the database's files hold a text: anybody with the disk can read them. */
  function filesWith(path: string, text: string): string[] {
    return ["", "-wal", "-shm", "-journal"].filter(
      (suffix) => existsSync(`${path}${suffix}`) && readFileSync(`${path}${suffix}`).includes(text),
    );
  }

  async function openWithSecret() {
    const path = join(temporaryFolder(), "approvals.db");
    const store = openAt(path);
    await store.insert(requestWith(id, raw(), masked));
    return { path, store };
  }

  const hash = createHash("sha256").update(JSON.stringify(raw())).digest("hex");

  it("is kept as it was while the request is pending, beside its masked form and its hash", async () => {
    const { path } = await openWithSecret();
    expect(rowOf(path)).toEqual({ input: JSON.stringify(raw()), masked: JSON.stringify(masked), hash });
    expect(filesWith(path, SECRET)).not.toEqual([]);
  });

  it.each<[string, (store: ReturnType<typeof openAt>) => Promise<unknown>]>([
    ["a decision", (store) => store.settle(id, { status: "expired" }, 3)],
    ["a restart", (store) => store.cancelPending(3)],
  ])("is only kept masked after %s; the hash of the original stays", async (_, end) => {
    const { path, store } = await openWithSecret();
    await end(store);
    expect(rowOf(path)).toEqual({ input: JSON.stringify(masked), masked: JSON.stringify(masked), hash });
    expect(filesWith(path, "[secret]")).not.toEqual([]);
    await vi.waitFor(() => expect(filesWith(path, SECRET)).toEqual([]), SOON);
  });

  it("is nowhere in the files after a crash and the restart that follows", async () => {
    const { path } = await openWithSecret();
    // Not closed: what a crash leaves behind, the write-ahead log included.
    await openAt(path).cancelPending(3);
    expect(filesWith(path, SECRET)).toEqual([]);
  });

  it("is nowhere in the files after a decision that found the request decided already", async () => {
    const { path, store } = await openWithSecret();
    await store.settle(id, { status: "expired" }, 3);
    expect(await store.settle(id, { status: "expired" }, 4)).toBe(false);
    await store.close();
    expect(filesWith(path, SECRET)).toEqual([]);
    expect(filesWith(path, "[secret]")).toEqual([""]);
  });

  it("of another request is left as it is", async () => {
    const { path, store } = await openWithSecret();
    await store.insert(requestWith(other, raw("another-secret"), masked));
    await store.settle(other, { status: "expired" }, 3);
    expect(rowOf(path)).toMatchObject({ input: JSON.stringify(raw()) });
    expect(rowOf(path, other)).toMatchObject({ input: JSON.stringify(masked) });
    await vi.waitFor(() => expect(filesWith(path, "another-secret")).toEqual([]), SOON);
  });

  it.each([1, 300, 5_000, 60_000])(
    "is nowhere in the files among many requests of about %i characters, decided in any order",
    async (size) => {
      const path = join(temporaryFolder(), "approvals.db");
      const store = openAt(path);
      const numbers = Array.from({ length: 12 }, (_, index) => index);
      const idOf = (index: number) => `kqm${"abcdefghijkm"[index]}a` as ApprovalId;
      const secretOf = (index: number) => `s3cret-number-${index}-`;
      for (const index of numbers) {
        const text = (secret: string) => ({ command: `${secret}${"x".repeat(size * (index + 1))}${secret}` });
        await store.insert(requestWith(idOf(index), text(secretOf(index)), text("[s]")));
      }
      const left = new Set(numbers);
      for (const index of [...numbers.filter((n) => n % 2 === 0), ...numbers.filter((n) => n % 2 === 1)]) {
        await store.settle(idOf(index), { status: "expired" }, 3);
        left.delete(index);
        const readable = () => {
          const files = ["", "-wal", "-shm", "-journal"]
            .map((suffix) => `${path}${suffix}`)
            .filter(existsSync);
          const bytes = Buffer.concat(files.map((file) => readFileSync(file)));
          return numbers.filter((number) => bytes.includes(secretOf(number)));
        };
        await vi.waitFor(() => expect(readable()).toEqual([...left]), SOON);
      }
    },
  );

  it("is nowhere in the files within a second, however many other writes follow", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const { path, store } = await openWithSecret();
    await store.settle(id, { status: "expired" }, 3);
    for (let ms = 0; ms < 1_000; ms += 50) {
      await store.firstSeen(`SM${ms}`, ms);
      vi.advanceTimersByTime(50);
    }
    expect(filesWith(path, SECRET)).toEqual([]);
  });
});

describe("another program that reads the database", () => {
  const id = "kqmwa" as ApprovalId;

  async function openWithReader() {
    const path = join(temporaryFolder(), "approvals.db");
    const store = openAt(path);
    await store.insert(requestWith(id, { command: "s3cret" }, { command: "[s]" }));
    const reader = openKept(path, { readonly: true });
    onTestFinished(() => void reader.close());
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM approvals").get();
    return { path, store, reader };
  }

  it("and holds what it saw costs a decision no wait", async () => {
    const { path, store } = await openWithReader();
    const writer = openKept(path);
    onTestFinished(() => void writer.close());
    const started = performance.now();
    expect(await store.settle(id, { status: "approved", by: "+15005550006" as Phone }, 3)).toBe(true);
    const decision = performance.now() - started;
    // What waiting for another program looks like on this machine: a writer is waited for.
    writer.exec("BEGIN IMMEDIATE");
    await expect(store.firstSeen("SM1", 1)).rejects.toThrow("locked");
    expect(decision).toBeLessThan(performance.now() - started - decision);
  });

  it("does not keep the unmasked input on the disk: the log is emptied once it has gone, without another decision", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const { path, store, reader } = await openWithReader();
    await store.settle(id, { status: "expired" }, 3);
    expect(readFileSync(`${path}-wal`).includes("s3cret")).toBe(true);
    vi.advanceTimersByTime(5_000);
    expect(readFileSync(`${path}-wal`).includes("s3cret")).toBe(true);
    reader.exec("COMMIT");
    vi.advanceTimersByTime(60_000);
    for (const file of [path, `${path}-wal`]) expect(readFileSync(file).includes("s3cret")).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a database of an earlier version", () => {
  it.each([
    ["a pause", { kind: "paused", by: "+15005550006", until: 60_000 }],
    ["a panic", { kind: "panic", by: "+15005550006" }],
  ])("still tells why a request was refused during %s, and leaves other outcomes alone", async (_, mode) => {
    const path = join(temporaryFolder(), "approvals.db");
    const old = openKept(path);
    for (const migration of MIGRATIONS.slice(0, 2)) old.exec(migration);
    old.pragma("user_version = 2");
    const insert = old.prepare(
      `INSERT INTO approvals (id, status, door, tool_name, input, masked_input, input_sha256, created_at, expires_at,
         decided_at, outcome) VALUES (?, ?, 'mcp', 'Bash', '{}', '{}', '', 1, 2, 3, ?)`,
    );
    insert.run("kqmwa", "refused", JSON.stringify({ status: "refused", standing: mode }));
    insert.run(
      "kqmwb",
      "denied",
      JSON.stringify({ status: "denied", by: "+15005550006", reason: "standing" }),
    );
    old.close();
    const store = openAt(path);
    const refused = await store.find("kqmwa" as ApprovalId);
    expect(refused?.outcome).toEqual({ status: "refused", mode });
    if (refused?.outcome?.status !== "refused") throw new Error("it was refused");
    expect(denialText({ ...refused, call: refused }, refused.outcome)).toMatch(
      /^The person has (paused|stopped)/,
    );
    expect((await store.find("kqmwb" as ApprovalId))?.outcome).toMatchObject({ reason: "standing" });
  });
});

describe("a row of an earlier version", () => {
  it("with a rule for Claude Code in its approval is read, listed and told of, and is no grant", async () => {
    const path = join(temporaryFolder(), "approvals.db");
    const old = openKept(path);
    for (const migration of MIGRATIONS.slice(0, 3)) old.exec(migration);
    old.pragma("user_version = 3");
    const rule = { toolName: "Bash", ruleContent: "sqlite3 app.db" };
    const outcome = { status: "approved", by: "+15005550006", session: { rule, text: "this exact command" } };
    old
      .prepare(
        `INSERT INTO approvals (id, status, door, tool_name, input, masked_input, input_sha256, created_at, expires_at,
           decided_at, outcome, answered) VALUES ('kqmwa', 'approved', 'mcp', 'Bash', '{}', '{}', '', 1, 2, 3, ?, 1)`,
      )
      .run(JSON.stringify(outcome));
    old.close();
    const store = openAt(path);
    const [row] = (await store.browse({}, undefined, 10)).approvals;
    expect(row).toMatchObject({ id: "kqmwa", outcome });
    expect(staleText(row as StoredApproval, 40_000)).toBe(
      "✅ kqmwa was already approved 40 s ago: this reply changed nothing",
    );
    expect(await store.endGrants("restart", 4)).toBe(0);
  });
});

describe("a database that cannot be used", () => {
  it("because it was written by a newer version is refused and left alone", () => {
    const path = join(temporaryFolder(), "approvals.db");
    const newer = openKept(path);
    newer.exec("CREATE TABLE from_the_future (id TEXT)");
    newer.pragma(`user_version = ${MIGRATIONS.length + 1}`);
    newer.close();
    expect(problemAt(path)).toMatch(/^APPROVAL_DB: .*newer version.*Update the approval server/);
    const after = openKept(path);
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
    const db = openKept(path);
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

  it("says for each error what to do about it", () => {
    const folder = temporaryFolder();
    const at = (name: string) => join(folder, name);
    writeFileSync(at("notes"), "These are my notes, not a database.\n".repeat(200));
    writeFileSync(at("file"), "");
    symlinkSync(at("a"), at("b"));
    symlinkSync(at("b"), at("a"));
    symlinkSync(at("no/such/file"), at("dangling"));
    execFileSync("mkfifo", [at("pipe")]);
    const problems: [string, RegExp][] = [
      [folder, /EISDIR.*: it is a folder\. Set APPROVAL_DB to a file in it/],
      [at("file/approvals.db"), /: a part of its path is a file, not a folder\. Correct APPROVAL_DB/],
      [
        at("file/x/approvals.db"),
        /ENOTDIR.*: a part of its path is a file, not a folder\. Correct APPROVAL_DB/,
      ],
      [
        at("notes"),
        /: it is not a database of this server\. Set APPROVAL_DB to another file; this one is left as it is/,
      ],
      [at("a"), /ELOOP.*: its symbolic links lead in a circle\. Correct the links/],
      [at("dangling"), /ENOENT.*: it leads to a folder that does not exist\. Make that folder/],
      [at("pipe"), /: it is no regular file\. Set APPROVAL_DB to a regular file/],
      [at("x".repeat(300)), /ENAMETOOLONG.*: its name is too long\. Choose a shorter/],
    ];
    for (const [path, words] of problems) expect(problemAt(path)).toMatch(words);
  });

  it.each<[string, RegExp]>([
    ["EACCES", /may not read and write it\. Give this user the right/],
    ["EROFS", /file system may only be read\. Mount it for writing/],
    ["ENOSPC", /disk is full\. Free some space/],
    ["SQLITE_FULL", /disk is full\. Free some space/],
    ["SQLITE_BUSY", /another program has locked it\. Close what has it open/],
    ["SQLITE_BUSY_RECOVERY", /another program has locked it\. Close what has it open/],
    ["SQLITE_READONLY_DIRECTORY", /may only be read\. Give this user the right/],
    ["SQLITE_IOERR_SHMMAP", /the disk reports an error\. .*Network folders/],
    ["SQLITE_CANTOPEN", /-wal, -shm\) cannot be made\. Let this user write its folder/],
    ["SQLITE_CORRUPT_INDEX", /it is damaged\. Move it away/],
    ["SQLITE_WHATEVER", /cannot be opened \(the message\)\. Look at the file/],
  ])("has words of its own for %s", (code, words) => {
    const { what, advice } = openProblem(Object.assign(new Error("the message"), { code }));
    expect(`${what}. ${advice}`).toMatch(words);
  });

  it("because another program holds it is refused, not waited for without end", () => {
    const path = join(temporaryFolder(), "approvals.db");
    const holder = openKept(path);
    onTestFinished(() => void holder.close());
    holder.pragma("journal_mode = DELETE");
    holder.exec("CREATE TABLE t (x); BEGIN EXCLUSIVE");
    expect(problemAt(path)).toMatch(/^APPROVAL_DB: .*cannot be opened \(database is locked\)/);
  });
});
