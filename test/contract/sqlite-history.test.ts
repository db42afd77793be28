// SQLite as the store that the record is read from: the common contract, and that reading goes by the index.
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { prepareHistoryStatements } from "../../src/store/history-statements.ts";
import { keep } from "../../src/store/open-database.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { temporaryFolder } from "../helpers/temporary.ts";
import { describeHistoryStore } from "./history-store.ts";

describeHistoryStore("the SQLite store", () => {
  const path = join(temporaryFolder(), "approvals.db");
  return { open: () => createSqliteStore(path) };
});

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
});
