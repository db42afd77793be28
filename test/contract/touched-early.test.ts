// A database whose files are touched before anything was brought from its log into it: it is looked into once, and gone on with.
import { chmodSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

function stage() {
  const path = join(temporaryFolder(), "approvals.db");
  const said: string[] = [];
  const lost: (string | undefined)[] = [];
  const store = createSqliteStore(path, {
    isServer: true,
    secrets: ["x".repeat(32)],
    onFiles: (_, words) => void said.push(words),
    onReplaced: (problem) => void lost.push(problem),
  });
  onTestFinished(() => store.close());
  return { path, store, said, lost };
}

/** Changes the time of its last change, and nothing in it. */
const touch = (path: string) => chmodSync(path, 0o640);
const TOUCHED =
  "the database file was read or touched by something else, and is still what this server has written";

describe("a database that is touched right after it was begun", () => {
  it.each(["", "-wal"])("goes on, and is looked into once: approvals.db%s", async (which) => {
    const { path, store, said, lost } = stage();
    await store.firstSeen("SM1", 1);
    touch(path + which);
    await store.firstSeen("SM2", 2);
    await store.firstSeen("SM3", 3);
    expect([await store.wasSeen("SM1"), await store.wasSeen("SM3")]).toEqual([true, true]);
    expect([said, lost]).toEqual([[TOUCHED], []]);
  });

  it.each(["", "-wal"])("goes on where another one was lost before: approvals.db%s", async (which) => {
    const { path, store, said, lost } = stage();
    await store.firstSeen("SM1", 1);
    rmSync(path);
    await store.firstSeen("SM2", 2);
    touch(path + which);
    await store.firstSeen("SM3", 3);
    await store.firstSeen("SM4", 4);
    expect([await store.wasSeen("SM2"), await store.wasSeen("SM4")]).toEqual([true, true]);
    expect(lost).toEqual([undefined]);
    expect(said.filter((words) => words === TOUCHED)).toHaveLength(1);
  });
});
