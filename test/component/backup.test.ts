// docs/operations.md: a copy of the record can be made while the server runs, and the server goes on.
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { BASH_CALL, callTool, startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

it("SQLite's backup of a record in use has what was decided, and disturbs nobody", async () => {
  const stage = await startStage();
  const first = callTool(stage.server);
  await stage.phone.tap((await stage.request()).sid, "deny");
  await first;
  const waits = callTool(stage.server, { ...BASH_CALL, tool_use_id: "toolu_2", input: { command: "id" } });
  const { sid } = await stage.request(1);
  const copy = join(temporaryFolder(), "copy.db");
  // As `sqlite3 <file> ".backup <copy>"` does it.
  const other = new Database(stage.databasePath);
  await other.backup(copy);
  other.close();
  await stage.phone.tap(sid, "approve");
  expect(await waits).toMatchObject({ behavior: "allow" });
  expect(stage.log.text()).not.toContain("removed or replaced");
  const read = new Database(copy, { readonly: true });
  expect(read.pragma("integrity_check", { simple: true })).toBe("ok");
  const statuses = read.prepare("SELECT status FROM approvals ORDER BY created_at").pluck().all();
  read.close();
  expect(statuses).toEqual(["denied", "pending"]);
});
