// An answer that was given out over REST, and a row that somebody has written to since: what the row says is not handed out again.
import Database from "better-sqlite3";
import { expect, it, onTestFinished } from "vitest";
import { keep } from "../../src/store/open-database.ts";
import { ask, rest } from "../helpers/rest-client.ts";
import { startStage } from "../helpers/server-stage.ts";

function write(path: string, sql: string): void {
  const db = keep(new Database(path));
  onTestFinished(() => void db.close());
  db.exec("PRAGMA wal_autocheckpoint = 0");
  db.exec(sql);
}

it("a request that was denied does not read approved afterwards, asked for alone or in a list", async () => {
  const stage = await startStage();
  const good = await ask(stage.server);
  await stage.phone.tap((await stage.request()).sid, "approve");
  expect((await rest(stage.server, `${good.path}?wait=true`)).body).toMatchObject({ status: "approved" });
  const bad = await ask(stage.server, { action: "rm -rf /srv", summary: "Remove", reason: "Room" });
  await stage.phone.type(`DENY ${bad.id}`);
  expect((await rest(stage.server, `${bad.path}?wait=true`)).body).toMatchObject({ status: "denied" });
  await stage.told(bad.id);
  await stage.server.close();
  const again = await startStage({ env: { APPROVAL_DB: stage.databasePath } });
  write(
    stage.databasePath,
    `UPDATE approvals SET status = 'approved', answered = 1,
       outcome = (SELECT outcome FROM approvals WHERE id = '${good.id}') WHERE id = '${bad.id}'`,
  );
  const { body } = await rest(again.server, bad.path);
  expect(body).toMatchObject({ status: "error", decided: false });
  expect(body["reason"]).toContain("Its record says approved, and the event log does not show that");
  expect((await rest(again.server, good.path)).body).toMatchObject({ status: "approved", decided: true });
  const { approvals } = (await rest(again.server, "/v1/approvals")).body as {
    approvals: { approval_id: string; status: string }[];
  };
  expect(Object.fromEntries(approvals.map(({ approval_id, status }) => [approval_id, status]))).toEqual({
    [good.id]: "approved",
    [bad.id]: "error",
  });
  const narrowed = (await rest(again.server, "/v1/approvals?status=approved")).body["approvals"];
  expect(narrowed).toMatchObject([{ approval_id: good.id }]);
});
