// SQLite as the store that the record is read from: the common contract, and that reading goes by the index.
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import { prepareHistoryStatements } from "../../src/store/history-statements.ts";
import { keep } from "../../src/store/open-database.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { temporaryFolder } from "../helpers/temporary.ts";
import { describeHistoryStore } from "./history-store.ts";

describeHistoryStore("the SQLite store", () => {
  const path = join(temporaryFolder(), "approvals.db");
  return { open: () => createSqliteStore(path) };
});

const LETTERS = "abcdefghijkmnopqrstu";

describe("a step of reading", () => {
  it("is bounded at both ends by the index, and sorts nothing", async () => {
    const path = join(temporaryFolder(), "approvals.db");
    await createSqliteStore(path).close();
    const db = keep(new Database(path));
    onTestFinished(() => void db.close());
    const { browse, stepEnd, storyMessages, countSent } = prepareHistoryStatements(db);
    const planOf = (statement: { readonly source: string }) =>
      keep(
        db.prepare<object[], { detail: string }>(
          `EXPLAIN QUERY PLAN ${statement.source.replaceAll(/@\w+|\?/g, "1")}`,
        ),
      )
        .all()
        .map(({ detail }) => detail);
    expect(planOf(browse)).toContainEqual(
      expect.stringMatching(
        /SEARCH a USING INDEX approvals_by_creation \(\(created_at,id\)>\(\?,\?\) AND \(created_at,id\)<\(\?,\?\)\)/,
      ),
    );
    for (const statement of [browse, stepEnd, storyMessages, countSent]) {
      expect(planOf(statement).join("\n")).not.toMatch(/SCAN (a|approvals|correspondence|messages)\b/);
    }
    expect(planOf(browse).join("\n")).not.toContain("TEMP B-TREE");
  });

  // Compared as LIKE does, a step took 15 s, in which no answer from a phone was heard.
  it("is over soon, whatever the inputs and the words are that it compares", async () => {
    const store = createSqliteStore(join(temporaryFolder(), "approvals.db"));
    onTestFinished(() => store.close());
    const shown = { toolName: "Bash", input: { command: "a".repeat(99_000) } };
    for (let n = 0; n < 400; n += 1) {
      const id = `aaa${LETTERS[n % 20]}${LETTERS[Math.floor(n / 20)]}` as ApprovalId;
      const inspection = { shown, secrets: 0, warnings: [] };
      const call = { toolName: "Bash", input: {} };
      const times = { createdAt: n, expiresAt: n + 300_000 };
      await store.insert({ id, call, inspection, door: "mcp", ...times, waiting: 1 });
    }
    const words = `${"a".repeat(199)}b`;
    let step = await store.browse({ words }, undefined, 50);
    while (step.next !== undefined) step = await store.browse({ words }, step.next, 50);
    expect(step.approvals).toEqual([]);
  });
});
