// A purge leaves nothing of what it took in any table, any page or any file: looked for byte by byte, in everything beside the database.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import { keepLog, keptLogs } from "../../src/store/kept-log.ts";
import { openMaintenance } from "../../src/store/maintenance.ts";
import { keep } from "../../src/store/open-database.ts";
import { decideOne, EVENT_START, eventRequest, eventStage, TOKEN } from "../helpers/event-stage.ts";

const DAY = 24 * 60 * 60_000;
const NOW = EVENT_START + 30 * DAY;
const BEFORE = NOW - 10 * DAY;
const MARK = "a-mark-to-forget";

/** What stays, however old, and what of a person is in it. */
const STAYS: Readonly<Record<string, string>> = {
  inbound: "ids of messages, so that one is never taken twice",
  contacts: "when a phone has last written",
  settings: "the mode, and names of days",
  user_ids: "WhatsApp's ids of the approvers",
  bindings: "who was bound to a channel by a code",
  templates: "templates as Twilio has them",
  approved_scripts: "scripts by their hash",
  gateway_tools: "what MCP servers say of their tools",
  event_head: "the newest hash",
};

/** Old rows in each table, the mark in all that is a text of somebody's. */
const OLD = `
  INSERT INTO approvals (id, status, door, project, tool_name, tool_use_id, input, masked_input, input_sha256, created_at, expires_at, decided_at, outcome, answered, requester, session_id, run)
    VALUES ('oldone', 'denied', 'mcp', '@', '@', '@', '@', '@', '@', 1, 2, 3, '{"status":"denied","reason":"@"}', 1, '@', '@', '{"output":"@"}');
  INSERT INTO messages VALUES ('SM-@-1', 'oldone', '@');
  INSERT INTO receipts VALUES ('SM-@-1', 1, '{"at":1,"x":"@"}');
  INSERT INTO receipts VALUES ('SM-@-2', 1, '{"at":1,"x":"@"}');
  INSERT INTO receipts VALUES ('SM-@-3', 1, 'no json @');
  INSERT INTO correspondence (message_id, noted_at, sender, recipient, purpose, approval_id, failure) VALUES ('SM-@-1', 1, '@', '@', '@', 'oldone', '@');
  INSERT INTO correspondence (message_id, noted_at, sender, recipient, purpose, failure) VALUES ('SM-@-4', 1, '@', '@', '@', '@');
  INSERT INTO replies VALUES ('oldone', '@', '@', '@', 1);
  INSERT INTO endorsements VALUES ('oldone', '@', '@', '@');
  INSERT INTO replies VALUES ('nothere', '@', '@', '@', 1);
  INSERT INTO idempotency VALUES ('@', '@', '@', 'oldone', 1);
  INSERT INTO idempotency VALUES ('@', '@2', '@', 'nothere', 1);
  INSERT INTO grants VALUES ('oldone', '@', '@', '@', 1, 2, 0, 3, '@');
  INSERT INTO parked VALUES ('oldone', '@', '@', 1, 2, 3);
  INSERT INTO inbound VALUES ('SM-in', 1);
  INSERT INTO unfinished_replies VALUES ('SM-in', '@', 'oldone', '{"text":"@"}');
  INSERT INTO reminders VALUES ('@', '2026-01-01', 1);
  INSERT INTO tasks (id, status, profile, workflow, folder, project, task, max_turns, requester, parent, claude_session, turn, held_until, created_at, changed_at, outcome, seal)
    VALUES ('old-task', 'done', '@', '@', '@', '@', '@', 1, '@', '@', '@', 1, 1, 1, 1, '@', '@');
  INSERT INTO task_events VALUES ('old-task', 1, 1, '@', '@');
  INSERT INTO tasks (id, status, profile, workflow, folder, project, task, max_turns, turn, held_until, created_at, changed_at)
    VALUES ('new-task', 'done', 'p', 'w', 'f', 'p', 't', 1, 1, 1, ${NOW}, ${NOW});
  INSERT INTO task_events VALUES ('new-task', 1, 1, '@', '@');
  INSERT INTO task_events VALUES ('new-task', 2, ${NOW}, 'kind', 'stays');
  INSERT INTO events SELECT seq + 1, 1, 'refused', 'oldone', '{"call":"@"}', hash, 'x' FROM event_head;
  DELETE FROM events WHERE hash = 'x'`;

async function filled() {
  const stage = eventStage();
  const { path, store } = stage;
  await store.insert({ ...eventRequest("longago"), project: MARK });
  await store.settle(
    "longago" as ApprovalId,
    { status: "denied", by: MARK as never, reason: MARK },
    EVENT_START,
  );
  await store.close();
  const db = keep(new Database(path));
  db.exec("PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON; DROP TRIGGER events_stay");
  for (const each of OLD.split(/;\n/)) db.exec(each.replaceAll("@", MARK));
  db.close();
  // Files: a log that was kept then, and what the old task has left.
  writeFileSync(`${path}-wal`, MARK, { mode: 0o600 });
  keepLog(path, EVENT_START);
  for (const task of ["old-task", "new-task"]) {
    const folder = join(dirname(path), "task-artifacts", task);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "report.md"), task === "old-task" ? MARK : "stays");
    utimesSync(folder, 1, 1);
  }
  stage.now = NOW;
  const again = stage.open({ isServer: true });
  await again.cancelPending(NOW);
  await decideOne(again, "newone", NOW);
  // Waits since before.
  await again.insert({ ...eventRequest("waitsa"), createdAt: BEFORE - 1 });
  return { ...stage, store: again };
}

/** Every file below the database's folder that has the mark. */
function marked(path: string): string[] {
  const folder = dirname(path);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile())
    .filter((name) => readFileSync(join(folder, name), "latin1").includes(MARK));
}

function tablesOf(path: string): string[] {
  const db = keep(new Database(path, { readonly: true }));
  const sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
  const names = keep(db.prepare<[], string>(sql).pluck()).all();
  db.close();
  return names;
}

describe("a purge of everything", () => {
  it("knows each table: what is old goes, or it is said why it stays", async () => {
    const { path } = await filled();
    const filledIn = [...OLD.matchAll(/INSERT INTO (\w+)/g)].map(([, table = ""]) => table);
    for (const table of tablesOf(path)) expect([...filledIn, ...Object.keys(STAYS)], table).toContain(table);
  });

  it("leaves the mark in no file, keeps what waits and what is new, and the chain verifies", async () => {
    const { path, store, verify } = await filled();
    expect(marked(path)).toContain("approvals.db");
    expect(keptLogs(path)).toHaveLength(1);
    const { removed } = await store.purge(BEFORE);
    expect(removed).toMatchObject({ unfinished_replies: 1, "kept logs": 1, "folders of artifacts": 1 });
    await store.close();
    expect(marked(path)).toEqual([]);
    const db = keep(new Database(path, { readonly: true }));
    const rows = (sql: string) => keep(db.prepare(sql).pluck()).all();
    expect(rows("SELECT id FROM approvals ORDER BY id")).toEqual(["newone", "waitsa"]);
    expect(rows("SELECT text FROM task_events")).toEqual(["stays"]);
    for (const table of tablesOf(path)) {
      const all = JSON.stringify(keep(db.prepare(`SELECT * FROM ${table}`)).all());
      expect(all.includes(MARK), table).toBe(false);
    }
    db.close();
    expect(existsSync(join(dirname(path), "task-artifacts", "new-task", "report.md"))).toBe(true);
    expect(verify().problems).toEqual([]);
  });

  it("by the command, beside the server, leaves it neither", async () => {
    const { path, store, verify } = await filled();
    const maintenance = openMaintenance(path, { secrets: [TOKEN], now: () => NOW });
    expect(maintenance.plan({ before: BEFORE, now: NOW }).removed).toMatchObject({ "kept logs": 1 });
    await maintenance.purge({ before: BEFORE, now: NOW }, async () => {});
    maintenance.close();
    // The server empties its log itself.
    await store.checkLog();
    expect(marked(path)).toEqual([]);
    await store.close();
    expect(verify().problems).toEqual([]);
  });
});
