// Writes of one turn of the event loop share one commit: what each is promised, whatever becomes of the others.
import { cpSync, renameSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { createGroupCommit, type UsedFile, type Work } from "../../src/store/group-commit.ts";
import { keep } from "../../src/store/open-database.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { temporaryFolder } from "../helpers/temporary.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

const SCHEMA = `PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;
  CREATE TABLE notes (text TEXT PRIMARY KEY);
  CREATE TABLE answers (note TEXT REFERENCES notes (text) DEFERRABLE INITIALLY DEFERRED);`;

function openFile(path: string, verbose?: (sql: unknown) => void): Database.Database {
  const db = keep(new Database(path, { timeout: 0, ...(verbose && { verbose }) }));
  onTestFinished(() => void db.close());
  return db;
}

function open() {
  const path = join(temporaryFolder(), "notes.db");
  openFile(path).exec(SCHEMA);
  const said: string[] = [];
  const db = openFile(path, (sql) => said.push(String(sql)));
  const file = { db, isNew: false } as unknown as UsedFile;
  const confirms: (() => void)[] = [];
  const live = { use: () => file, confirm: () => confirms.shift()?.() };
  let committed = 0;
  const group = createGroupCommit(live, () => {
    committed += 1;
  });
  /** What another process sees, and a crash would leave. */
  const seen = (at = path) => keep(openFile(at).prepare("SELECT text FROM notes").pluck()).all();
  const commits = () => said.filter((sql) => sql === "COMMIT").length;
  return { path, group, seen, commits, confirms, said, committed: () => committed };
}

const add =
  (text: string): Work<string> =>
  ({ db }) => {
    keep(db.prepare("INSERT INTO notes VALUES (?)")).run(text);
    return text;
  };
const run =
  (sql: string): Work<void> =>
  ({ db }) =>
    void db.exec(sql);
const statesOf = async (works: Promise<unknown>[]) =>
  (await Promise.allSettled(works)).map((each) =>
    each.status === "fulfilled" ? each.value : String(each.reason),
  );

describe("writes of one turn", () => {
  it("are one commit, in the order in which they were asked for", async () => {
    const { group, seen, commits, committed } = open();
    const all = ["c", "a", "b"].map((text) => group.write(add(text)));
    expect(seen()).toEqual([]);
    expect(await Promise.all(all)).toEqual(["c", "a", "b"]);
    expect(seen()).toEqual(["c", "a", "b"]);
    expect([commits(), committed()]).toEqual([1, 1]);
  });

  it("are promised to nobody before the disk has them: a copy of the files has all that was", async () => {
    const { path, group, seen } = open();
    const promised: string[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const works = [0, 1, 2].map((n) => group.write(add(`${turn}${n}`)));
      void group.note(add(`note ${turn}`)).then((text) => promised.push(text));
      for (const work of works) void work.then((text) => promised.push(text));
      await works[0];
      const copy = `${path}.${turn}`;
      for (const suffix of ["", "-wal"]) cpSync(path + suffix, copy + suffix);
      expect(seen(copy)).toEqual(expect.arrayContaining(promised));
      expect(promised.length).toBeGreaterThan(turn);
    }
  });

  it("that come after a commit has begun are another one", async () => {
    const { group, commits } = open();
    let inner: Promise<string> | undefined;
    await group.write(({ db }) => {
      inner ??= group.write(add("inner"));
      keep(db.prepare("INSERT INTO notes VALUES ('outer')")).run();
    });
    expect(await inner).toBe("inner");
    expect(commits()).toBe(2);
  });
});

describe("a write that fails", () => {
  it("fails alone, and nothing of it stays", async () => {
    const { group, seen, commits } = open();
    const works = [
      group.write(add("a")),
      group.write((file) => {
        add("half")(file);
        throw new Error("no");
      }),
      group.write(add("a")),
      group.write(add("b")),
    ];
    expect(await statesOf(works)).toEqual(["a", "Error: no", expect.stringContaining("UNIQUE"), "b"]);
    expect(seen()).toEqual(["a", "b"]);
    expect(commits()).toBe(1);
  });

  it("alone in its turn leaves nothing open", async () => {
    const { group, seen } = open();
    await expect(
      group.write((file) => {
        add("half")(file);
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    expect(await group.write(add("b"))).toBe("b");
    expect(seen()).toEqual(["b"]);
  });

  it("and takes the whole transaction with it fails alone all the same: the others are written again", async () => {
    const { group, seen } = open();
    await group.write(add("a"));
    // As SQLite does by itself where the disk is full.
    const works = [
      group.write(add("b")),
      group.write(run("INSERT OR ROLLBACK INTO notes VALUES ('a')")),
      group.write(add("c")),
    ];
    expect(await statesOf(works)).toEqual(["b", expect.stringContaining("UNIQUE"), "c"]);
    expect(seen()).toEqual(["a", "b", "c"]);
  });

  it("because the disk is full fails alone where the others have room", async () => {
    const { group, seen } = open();
    await group.write(({ db }) => {
      const pages = keep(db.prepare("PRAGMA page_count").pluck()).get();
      db.exec(`PRAGMA max_page_count = ${Number(pages) + 2}`);
    });
    const works = [group.write(add("b")), group.write(add("x".repeat(1_000_000))), group.write(add("c"))];
    expect(await statesOf(works)).toEqual(["b", expect.stringContaining("full"), "c"]);
    expect(seen()).toEqual(["b", "c"]);
  });

  it("may have transactions of its own: they are taken back with it, and stay with it", async () => {
    const { group, seen } = open();
    const nested =
      (text: string, fails: boolean): Work<string> =>
      (file) => {
        const said = file.db.transaction(() => {
          add(text)(file);
          return file.db.transaction(() => add(`${text} again`)(file))();
        })();
        if (fails) throw new Error("no");
        return said;
      };
    const works = [group.write(nested("a", false)), group.write(nested("b", true)), group.write(add("c"))];
    expect(await statesOf(works)).toEqual(["a again", "Error: no", "c"]);
    expect(seen()).toEqual(["a", "a again", "c"]);
  });
});

describe("a commit that fails", () => {
  it("fails all of its group, of which nothing stays, and none of the next", async () => {
    const { group, seen, committed } = open();
    // The key is looked at by COMMIT.
    const works = [
      group.write(add("a")),
      group.write(run("INSERT INTO answers VALUES ('none')")),
      group.note(add("b")),
    ];
    const failed = expect.stringContaining("FOREIGN KEY");
    expect(await statesOf(works)).toEqual([failed, failed, failed]);
    expect([seen(), committed()]).toEqual([[], 0]);
    expect(await group.write(add("c"))).toBe("c");
    expect([seen(), committed()]).toEqual([["c"], 1]);
  });

  it("because another program has the file fails all of its group, and none of the next", async () => {
    const { path, group, seen } = open();
    const other = openFile(path);
    other.exec("BEGIN IMMEDIATE");
    const locked = expect.stringContaining("locked");
    expect(await statesOf([group.write(add("a")), group.write(add("b"))])).toEqual([locked, locked]);
    expect(await statesOf([group.write(add("a"))])).toEqual([locked]);
    other.exec("ROLLBACK");
    expect(await group.write(add("a"))).toBe("a");
    expect(seen()).toEqual(["a"]);
  });

  it("into a file that nobody finds again fails all of its group", async () => {
    const { group, confirms, committed } = open();
    confirms.push(() => {
      throw new Error("lost");
    });
    expect(await statesOf([group.write(add("a")), group.write(add("b"))])).toEqual([
      "Error: lost",
      "Error: lost",
    ]);
    expect(committed()).toBe(0);
  });
});

describe("a note", () => {
  it("goes with the next write", async () => {
    const { group, commits, seen } = open();
    const note = group.note(add("note"));
    await group.write(add("write"));
    expect(await note).toBe("note");
    expect(commits()).toBe(1);
    expect(seen()).toEqual(["note", "write"]);
  });

  it("is written by itself when nothing else is", async () => {
    const { group, commits } = open();
    expect(await Promise.all([group.note(add("a")), group.note(add("b"))])).toEqual(["a", "b"]);
    expect(commits()).toBe(1);
  });

  it("is written at once by a flush", () => {
    const { group, seen } = open();
    void group.note(add("a"));
    void group.write(add("b"));
    group.flush();
    expect(seen()).toEqual(["a", "b"]);
    group.flush();
  });
});

describe("a read", () => {
  const all: Work<unknown[]> = ({ db }) => keep(db.prepare("SELECT text FROM notes").pluck()).all();

  it("sees what was asked for before it, once the disk has that, and is answered at once where nothing waits", async () => {
    const { group, commits } = open();
    expect(await group.read(all)).toEqual([]);
    expect(commits()).toBe(0);
    void group.note(add("note"));
    const read = group.read(all);
    void group.write(add("later"));
    expect(await read).toEqual(["note"]);
    expect(await group.read(all)).toEqual(["note", "later"]);
    expect(commits()).toBe(1);
  });

  it("is answered where the commit of its group fails: with what is on the disk", async () => {
    const { path, group } = open();
    await group.write(add("a"));
    const other = openFile(path);
    other.exec("BEGIN IMMEDIATE");
    const works = [group.write(add("b")), group.read(all)];
    expect(await statesOf(works)).toEqual([expect.stringContaining("locked"), ["a"]]);
  });
});

describe("the store", () => {
  const ID = "kqmwa" as ApprovalId;
  const OTHER = "kqmwb" as ApprovalId;
  const PHONE = "+15005550006" as Phone;
  const AT = 1_700_000_000_000;
  const call = { toolName: "Bash", input: { command: "ls" } };
  const request = (id: ApprovalId): ApprovalRequest => ({ ...waitingRequest({ call, door: "mcp" }), id });

  function openStore(path = join(temporaryFolder(), "approvals.db")) {
    const store = createSqliteStore(path, { isServer: true });
    onTestFinished(() => store.close());
    return { path, store };
  }

  it("writes a decision and a new request in one commit, each with its own result", async () => {
    const { store } = openStore();
    await store.insert(request(ID));
    const approved = { status: "approved", by: PHONE } as const;
    const results = await Promise.all([
      store.settle(ID, approved, AT),
      store.settle(ID, { status: "denied", by: PHONE }, AT),
      store.insert(request(OTHER)),
      store.insert(request(ID)),
      store.settle("kqmwc" as ApprovalId, approved, AT),
    ]);
    expect(results).toEqual([true, false, true, false, false]);
    expect((await store.find(ID))?.outcome).toEqual(approved);
    expect((await store.find(OTHER))?.status).toBe("pending");
  });

  it("uses a grant no more often than it holds, whatever else is in the group", async () => {
    const { store } = openStore();
    for (const id of [ID, OTHER]) await store.insert(request(id));
    const byGrant = { status: "approved", by: "grant", grant: "abcde" as ApprovalId } as const;
    const results = await Promise.all([
      store.settle(ID, byGrant, AT),
      store.settle(OTHER, { status: "expired" }, AT),
    ]);
    expect(results).toEqual([false, true]);
    expect((await store.find(ID))?.status).toBe("pending");
  });

  it("approves nothing whose record was replaced while its group waited", async () => {
    const { path, store } = openStore();
    const other = openStore();
    await store.insert(request(ID));
    await other.store.close();
    const settled = store.settle(ID, { status: "approved", by: PHONE }, AT);
    const inserted = store.insert(request(OTHER));
    renameSync(other.path, path);
    await expect(settled).rejects.toThrow("was replaced while the request waited");
    expect(await inserted).toBe(true);
    expect(await store.find(ID)).toBeUndefined();
    expect((await store.find(OTHER))?.status).toBe("pending");
  });

  it("has all that it was asked to write when it is closed", async () => {
    const { path, store } = openStore();
    const works = [store.insert(request(ID)), store.recordContact(PHONE, AT, false)];
    await store.close();
    await Promise.all(works);
    const { store: again } = openStore(path);
    expect((await again.find(ID))?.status).toBe("pending");
    expect((await again.contact(PHONE)).lastInboundAt).toBe(AT);
  });
});
