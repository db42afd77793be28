// The database's file is touched by something else while the server runs, each act by a process of its own, as it comes in life. What is
// harmless ends no approval and loses no row; what changes the file under the server is found, and nothing is approved on it.
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  copyFileSync,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import { keptLogs } from "../../src/store/kept-log.ts";
import { copyDatabase } from "../../src/store/maintenance.ts";
import { keep } from "../../src/store/open-database.ts";
import { foreignBecause } from "../../src/store/still-ours.ts";
import { EVENT_PHONE, EVENT_START, eventRequest, eventStage, TOKEN } from "../helpers/event-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

/** Runs SQL in another process, each statement to its end. */
function outside(path: string, sql: string): void {
  const script = `const db = new (require("better-sqlite3"))(process.argv[1]);
    for (const each of process.argv[2].split(";")) { const s = db.prepare(each); s.reader ? s.all() : s.run(); }
    db.close();`;
  execFileSync(process.execPath, ["-e", script, path, sql]);
}

/** Writes bytes into the file in place, from another process. */
function overwrite(path: string, at: number, bytes: number, fill = "0xa5"): void {
  const script = `const fs = require("fs"); const fd = fs.openSync(process.argv[1], "r+");
    fs.writeSync(fd, Buffer.alloc(${bytes}, ${fill}), 0, ${bytes}, ${at}); fs.closeSync(fd);`;
  execFileSync(process.execPath, ["-e", script, path]);
}

const PAGE = 4096;
const FOREIGN = "CREATE TABLE mine (a TEXT)";
const BIG = `INSERT INTO mine WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) SELECT hex(randomblob(2000)) FROM n`;

const approve = { status: "approved", by: EVENT_PHONE, via: { how: "tap", proof: "confirmed" } } as const;

async function opened() {
  const stage = eventStage();
  await stage.store.close();
  const told: string[] = [];
  const replaced: (string | undefined)[] = [];
  const files: string[] = [];
  const store = stage.open({
    isServer: true,
    onReplaced: (problem) => void replaced.push(problem),
    onFiles: (facts, words) => void files.push(`${words} ${JSON.stringify(facts)}`),
  });
  // As the server does it: from here on the log was once brought into the file.
  await store.cancelPending(EVENT_START);
  await store.insert(eventRequest("firsta"));
  const settle = async (id: string) => store.settle(id as ApprovalId, approve, EVENT_START + 1);
  return { ...stage, store, told, replaced, files, settle };
}

function statuses(path: string): Record<string, string> {
  const db = keep(new Database(path, { readonly: true }));
  try {
    const rows = keep(
      db.prepare<[], { id: string; status: string }>("SELECT id, status FROM approvals"),
    ).all();
    return Object.fromEntries(rows.map(({ id, status }) => [id, status]));
  } finally {
    db.close();
  }
}

const HARMLESS: [string, (path: string) => void][] = [
  ["touch", (path) => utimesSync(path, new Date(), new Date())],
  ["a time of long ago", (path) => utimesSync(path, 1, 1)],
  ["chmod", (path) => chmodSync(path, 0o640)],
  ["a hard link, as some backups make it", (path) => linkSync(path, join(dirname(path), "linked"))],
  ...["PASSIVE", "FULL", "RESTART", "TRUNCATE"].map((mode): [string, (path: string) => void] => [
    `a ${mode} checkpoint`,
    (path) => outside(path, `PRAGMA wal_checkpoint(${mode})`),
  ]),
  ["a look at it", (path) => outside(path, "SELECT count(*) FROM approvals")],
  ["a table of somebody else's", (path) => outside(path, FOREIGN)],
  [
    "a table of over 1,000 pages, which SQLite brings into the file",
    (path) => outside(path, `${FOREIGN};${BIG}`),
  ],
  ["VACUUM", (path) => outside(path, "VACUUM")],
  [
    "VACUUM that was brought into the file",
    (path) => outside(path, "VACUUM;PRAGMA wal_checkpoint(TRUNCATE)"),
  ],
  ["a backup", (path) => copyDatabase(path, join(temporaryFolder(), "copy.db"), () => {})],
  [
    "a copy of itself written over it, from the moment of now",
    (path) => {
      outside(path, "PRAGMA wal_checkpoint(TRUNCATE)");
      const copy = join(temporaryFolder(), "copy.db");
      execFileSync("cp", [path, copy]);
      execFileSync("cp", [copy, path]);
    },
  ],
];

describe.each(HARMLESS)("after %s", (_, act) => {
  it("what waits is approved, what follows is recorded, and no row is lost", async () => {
    const { path, store, replaced, settle, verify, problems } = await opened();
    act(path);
    expect(await settle("firsta")).toBe(true);
    await store.insert(eventRequest("second"));
    expect(await settle("second")).toBe(true);
    expect(statuses(path)).toEqual({ firsta: "approved", second: "approved" });
    await store.close();
    expect([replaced, problems, verify().problems]).toEqual([[], [], []]);
    expect(statuses(path)).toEqual({ firsta: "approved", second: "approved" });
  });
});

/** The record as it was before the request that waits. */
function olderCopy(path: string): string {
  const copy = join(temporaryFolder(), "older.db");
  outside(path, `VACUUM INTO '${copy}'`);
  outside(copy, "PRAGMA journal_mode = WAL");
  return copy;
}

/** What is written from now on stays in the log: somebody reads. */
function holdLog(path: string): void {
  const db = keep(new Database(path, { readonly: true }));
  onTestFinished(() => void db.close());
  db.exec("BEGIN");
  keep(db.prepare("SELECT count(*) FROM approvals")).get();
}

/** Somebody else's record, of the same schema. */
async function otherRecord(): Promise<string> {
  const stage = eventStage();
  stage.now += 1;
  await stage.store.insert(eventRequest("others"));
  await stage.store.close();
  return stage.path;
}

/** Where a table begins, in pages from 1. */
function rootOf(path: string, table: string): number {
  const db = keep(new Database(path, { readonly: true }));
  const root = keep(
    db.prepare<[string], number>("SELECT rootpage FROM sqlite_schema WHERE name = ?").pluck(),
  );
  const page = root.get(table) ?? 0;
  db.close();
  return page;
}

const pagesOf = (path: string) => Math.floor(statSync(path).size / PAGE);

/** In place: the same file, something else in it. `older` is a copy from before the request that waits. */
const OVERWRITTEN: [string, (path: string, older: string) => void | Promise<void>][] = [
  ["cp of an older copy over it", (path, older) => void execFileSync("cp", [older, path])],
  ["cp of another record over it", async (path) => void execFileSync("cp", [await otherRecord(), path])],
  ["cp of something else over it", (path) => void execFileSync("cp", [process.execPath, path])],
  ["an end in the middle", (path) => void execFileSync("truncate", ["-s", String(20 * PAGE), path])],
  ["an end at its beginning", (path) => void execFileSync("truncate", ["-s", "0", path])],
  ["other bytes in its first page", (path) => overwrite(path, 0, PAGE)],
  [
    "other bytes in a page in the middle",
    (path) => overwrite(path, Math.floor(pagesOf(path) / 2) * PAGE, PAGE),
  ],
  [
    "zeros in a page in the middle",
    (path) => overwrite(path, Math.floor(pagesOf(path) / 2) * PAGE, PAGE, "0"),
  ],
  [
    "other bytes, and the old time set again",
    (path) => {
      const { atime, mtime } = statSync(path);
      overwrite(path, 9 * PAGE, PAGE);
      utimesSync(path, atime, mtime);
    },
  ],
  ["other bytes in its log", (path) => overwrite(`${path}-wal`, 32, statSync(`${path}-wal`).size - 32)],
  ["an empty log", (path) => void execFileSync("truncate", ["-s", "0", `${path}-wal`])],
];

describe.each(OVERWRITTEN)("after %s", (_, act) => {
  it("nothing is approved until the server starts again, and what was written last is kept", async () => {
    const { path, store, replaced, files, settle } = await opened();
    const older = olderCopy(path);
    holdLog(path);
    await store.insert(eventRequest("second"));
    await act(path, older);
    await expect(settle("firsta")).rejects.toThrow("start it again");
    expect(replaced).toHaveLength(1);
    // Nor does it come back by itself.
    await expect(settle("second")).rejects.toThrow("start it again");
    const [kept] = keptLogs(path);
    await store.close();
    expect(readdirSync(dirname(path))).not.toContain(`${basename(path)}-wal`);
    if (_ !== "an empty log") {
      expect(files.join()).toContain(`kept under another name {"kept":"${kept?.path}"}`);
      expect([keptLogs(path).length, statSync(kept?.path ?? "").mode & 0o777]).toEqual([1, 0o600]);
    }
  });
});

/** Other files than those that were opened: what waits is denied, and a record is gone on with. */
const REPLACED: [string, (path: string, older: string) => void][] = [
  ["rm", (path) => rmSync(path)],
  ["mv of an older copy over it", (path, older) => renameSync(older, path)],
  ["rm of its log", (path) => rmSync(`${path}-wal`)],
  ["rm of its index", (path) => rmSync(`${path}-shm`)],
  ["rm of both", (path) => ["-wal", "-shm"].forEach((suffix) => void rmSync(path + suffix))],
  [
    "a link in its place",
    (path, older) => {
      renameSync(path, `${path}.away`);
      symlinkSync(older, path);
    },
  ],
];

describe.each(REPLACED)("after %s", (what, act) => {
  it("what waits is not approved, and the next request is", async () => {
    const { path, store, replaced, settle } = await opened();
    const older = olderCopy(path);
    await store.insert(eventRequest("second"));
    act(path, older);
    await expect(settle("firsta")).rejects.toThrow(/replaced/);
    expect(replaced).toEqual([undefined]);
    await store.insert(eventRequest("thirda"));
    expect(await settle("thirda")).toBe(true);
    await store.close();
    const found = statuses(path);
    expect(found["thirda"]).toBe("approved");
    // The same file, without what lies beside it: its rows are all there.
    if (what.startsWith("rm of")) expect(Object.keys(found)).toEqual(["firsta", "second", "thirda"]);
  });
});

describe("what was written last", () => {
  it("is in the kept log, and comes back beside the file that it belongs to", async () => {
    const { path, store, settle } = await opened();
    const older = olderCopy(path);
    holdLog(path);
    await store.insert(eventRequest("second"));
    const away = join(temporaryFolder(), "the.db");
    renameSync(path, `${path}.away`);
    copyFileSync(older, path);
    await expect(settle("firsta")).rejects.toThrow(/replaced/);
    const [kept] = keptLogs(path);
    execFileSync("cp", [`${path}.away`, away]);
    execFileSync("cp", [kept?.path ?? "", `${away}-wal`]);
    expect(statuses(away)).toEqual({ firsta: "pending", second: "pending" });
  });

  it("comes back into a file with a damaged page, too, as far as that can be read", async () => {
    const { path, store, settle } = await opened();
    await store.checkLog();
    holdLog(path);
    await store.insert(eventRequest("second"));
    overwrite(path, rootOf(path, "task_events") * PAGE - PAGE, PAGE);
    await expect(settle("firsta")).rejects.toThrow("start it again");
    const [kept] = keptLogs(path);
    const away = join(temporaryFolder(), "the.db");
    execFileSync("cp", [path, away]);
    execFileSync("cp", [kept?.path ?? "", `${away}-wal`]);
    expect(statuses(away)["second"]).toBe("pending");
  });
});

describe("a page of the file that something has written over", () => {
  it.each(["0xa5", "0"])("is found, whichever it is (%s)", async (fill) => {
    const { path, store, settle } = await opened();
    for (const id of ["second", "thirda", "fourth"]) {
      const asked = eventRequest(id);
      const long = { command: "x".repeat(30_000) };
      await store.insert({
        ...asked,
        call: { ...asked.call, input: long },
        inspection: { ...asked.inspection, shown: { ...asked.call, input: long } },
      });
      await settle(id);
    }
    await store.close();
    const missed: number[] = [];
    for (let page = 0; page < pagesOf(path); page += 1) {
      const copy = join(temporaryFolder(), "copy.db");
      copyFileSync(path, copy);
      const fd = openSync(copy, "r+");
      writeSync(fd, Buffer.alloc(PAGE, Number(fill)), 0, PAGE, page * PAGE);
      closeSync(fd);
      const db = keep(new Database(copy));
      if (foreignBecause(db, undefined, [TOKEN]) === undefined) missed.push(page);
      db.close();
    }
    const db = keep(new Database(path, { readonly: true }));
    const used = keep(db.prepare<[], number>("SELECT pageno - 1 FROM dbstat").pluck()).all();
    db.close();
    expect(missed.filter((page) => used.includes(page))).toEqual([]);
  });
});
