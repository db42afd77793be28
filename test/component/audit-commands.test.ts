// `audit`, `purge` and `backup`: what they say, beside a server that writes and without one, and how they end.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { keep } from "../../src/store/open-database.ts";
import { runHere } from "../helpers/command-line.ts";
import { BASH_CALL, callTool, type ServerStage, startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const PHONE = "+15005550006";

function settings({ server, databasePath }: ServerStage, more: Record<string, string> = {}) {
  return { SERVER_PORT: new URL(server.localUrl).port, APPROVAL_DB: databasePath, ...more };
}

async function decide(stage: ServerStage, verb: "approve" | "deny", command: string, project?: string) {
  const count = stage.phone.messages().filter(({ buttons }) => buttons.length > 0).length;
  const headers = project === undefined ? {} : { "X-Approval-Project": project };
  const call = { ...BASH_CALL, input: { command }, tool_use_id: command };
  const answer = callTool(stage.server, call, { headers });
  const { sid, body } = await stage.request(count);
  await stage.phone.tap(sid, verb);
  await answer;
  const id = /\*Request ID:\* ([a-z]{5})/.exec(body)?.[1] ?? "";
  await stage.told(`${id} ${verb === "approve" ? "approved" : "denied"}`);
  return id;
}

/** Somebody writes into the file beside the server. */
function attack(path: string, sql: string): void {
  const db = keep(new Database(path));
  db.exec("PRAGMA wal_autocheckpoint = 0; DROP TRIGGER IF EXISTS events_never_change");
  db.exec(sql);
  db.close();
}

describe("audit", () => {
  it("lists each step, newest last, with who decided and how, beside the running server and without it", async () => {
    const stage = await startStage();
    const env = settings(stage);
    const one = await decide(stage, "approve", "echo apples", "web-shop");
    const two = await decide(stage, "deny", "curl -H 'Authorization: Bearer abcdefghijklmnop0123'", "pages");
    const { code, out } = await runHere(["audit"], { env });
    expect(code).toBe(0);
    const lines = out.trimEnd().split("\n");
    const of = (id: string, kind: string) =>
      lines.find((line) => line.includes(id) && line.includes(kind)) ?? "";
    expect(of(one, "requested")).toMatch(
      /^ +\d+ {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}requested .*echo apples.*project web-shop/,
    );
    expect(of(one, "decided")).toContain("approved, by …0006, via how tap proof confirmed");
    expect(of(two, "decided")).toContain("denied, by …0006");
    expect(of(one, "written")).toContain("taken true");
    expect(out).toContain("server-started");
    expect(out).not.toContain("abcdefghijklmnop0123");
    expect(out).not.toContain("\u001b");
    const only = async (...args: string[]) => (await runHere(["audit", ...args], { env })).out;
    expect(await only("--request", one)).not.toContain(two);
    expect(await only("--project", "pages")).toContain(two);
    expect(await only("--project", "pages")).not.toContain(one);
    expect((await only("--status", "denied")).trimEnd().split("\n")).toHaveLength(1);
    expect(await only("--kind", "decided", "--phone", PHONE)).toContain(one);
    expect(await only("--kind", "decided", "--phone", "+15005550001")).toBe("");
    // Receipts of the last message may still come in.
    const lastTwo = (text: string) => text.trimEnd().split("\n").slice(-2);
    await expect
      .poll(async () => lastTwo(await only("--limit", "2")).join() === lastTwo(await only()).join())
      .toBe(true);
    expect((await only("--limit", "2")).trimEnd().split("\n")).toHaveLength(2);
    expect(await only("--until", "yesterday")).toBe("");
    await stage.server.close();
    const after = await runHere(["audit", "--since", "1h"], { env });
    expect(after.out.trimEnd().split("\n").at(-1)).toContain("server-stopped");
    expect((await runHere(["audit", "--verify"], { env })).code).toBe(0);
  });

  it("exports with the numbers hashed: the same number is the same in one export, and another in the next", async () => {
    const stage = await startStage();
    const env = settings(stage);
    await decide(stage, "approve", `echo call ${PHONE}`, "=HYPERLINK(1)");
    const read = async () => (await runHere(["audit", "--json"], { env })).out;
    const out = await read();
    expect(out).not.toContain(PHONE.slice(1));
    const entries = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { kind: string; data: { by?: string; to?: string; call?: string } });
    const decided = entries.find(({ kind }) => kind === "decided")?.data.by;
    expect(decided).toMatch(/^phone:[0-9a-f]{12}$/);
    expect(entries.find(({ kind }) => kind === "sent")?.data.to).toBe(decided);
    expect(entries.find(({ kind }) => kind === "requested")?.data.call).toContain(`echo call ${decided}`);
    expect(await read()).not.toContain(decided);
    const csv = (await runHere(["audit", "--csv"], { env })).out;
    expect(csv.split("\r\n")[0]).toBe("seq,at,kind,request,status,who,tool,project,data,hash");
    expect(csv).toContain(",'=HYPERLINK(1),");
    expect(csv).not.toMatch(/(^|,)"?[=+@-][a-z]/m);
    expect(csv).not.toContain(PHONE.slice(1));
  });

  it("--verify names the first broken entry, and ends with another code than a wrong call", async () => {
    const stage = await startStage();
    const env = settings(stage);
    await decide(stage, "approve", "echo apples");
    const sound = await runHere(["audit", "--verify"], { env });
    expect(sound).toMatchObject({ code: 0 });
    expect(sound.out).toMatch(
      /^✓ \d+ entries in order, and the rows agree\. Head: entry \d+, [0-9a-f]{64}\. It has no seal/,
    );
    const head = /entry \d+, ([0-9a-f]{64})/.exec(sound.out)?.[1] ?? "";
    const grouped = (head.slice(0, 16).match(/.{4}/g) ?? []).join(" ").toUpperCase();
    expect((await runHere(["audit", "--verify", "--head", grouped], { env })).out).toContain(
      "The hash is that of entry",
    );
    const other = await runHere(["audit", "--verify", "--head", "0123456789abcdef"], { env });
    expect(other.code).toBe(1);
    expect(other.out).toContain("no entry has the hash 0123456789abcdef");
    for (const wrong of [
      ["--head", "0123456789abcdef"],
      ["--verify", "--head", "12"],
      ["--verify", "--kind", "sent"],
      ["--json", "--csv"],
      ["--kind", "none"],
      ["--phone", "5"],
      ["--limit", "0"],
    ])
      expect(await runHere(["audit", ...wrong], { env })).toMatchObject({ code: 64, out: "" });
    await stage.server.close();
    attack(
      stage.databasePath,
      "UPDATE events SET data = replace(data, 'approved', 'denied ') WHERE kind = 'decided'",
    );
    const broken = await runHere(["audit", "--verify"], { env });
    expect(broken.code).toBe(1);
    expect(broken.out).toMatch(
      /^✗ entry \d+, \d{4}-\d\d-\d\dT[\d:.]+Z: it was changed: its hash does not fit$/m,
    );
    const json = JSON.parse((await runHere(["audit", "--verify", "--json"], { env })).out) as {
      ok: boolean;
      problems: object[];
    };
    expect(json).toMatchObject({
      ok: false,
      problems: [{ problem: "it was changed: its hash does not fit" }, {}],
    });
  });

  it("says what is missing where there is no record", async () => {
    const env = { APPROVAL_DB: join(temporaryFolder(), "none.db") };
    for (const command of [
      ["audit"],
      ["audit", "--verify"],
      ["purge", "--older-than", "9"],
      ["backup", "copy.db"],
    ]) {
      const { code, err } = await runHere(command, { env });
      expect(code).toBe(1);
      expect(err).toContain("does not exist");
    }
  });
});

describe("backup", () => {
  it("copies what a server writes at that moment, for its owner alone, and checks the copy", async () => {
    const stage = await startStage();
    const folder = temporaryFolder();
    const env = settings(stage);
    await decide(stage, "approve", "echo apples");
    const writing = decide(stage, "deny", "echo pears");
    const { code, out } = await runHere(["backup", "copy.db"], { env, current: folder });
    await writing;
    const file = join(folder, "copy.db");
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/copy\.db: \d+ entries/) });
    if (process.platform !== "win32") expect((statSync(file).mode & 0o777).toString(8)).toBe("600");
    expect(existsSync(`${file}.part`)).toBe(false);
    expect((await runHere(["audit", "--verify", "--file", file], { env })).code).toBe(0);
    expect((await runHere(["audit", "--kind", "backup"], { env })).out).toContain("upTo");
    // The server goes on, and what was taken away later is not in the way of the copy.
    await decide(stage, "approve", "echo plums");
    expect((await runHere(["audit", "--verify"], { env })).code).toBe(0);
    expect(stage.log.text()).not.toContain("changed from outside");
    const again = await runHere(["backup", "copy.db"], { env, current: folder });
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining("exists already") });
    await stage.server.close();
    // Restored: the copy is a record that a server starts with.
    const restored = await startStage({ env: { APPROVAL_DB: file } });
    await decide(restored, "deny", "echo cherries");
    expect(restored.log.text()).not.toContain("changed from outside");
    expect((await runHere(["audit", "--verify"], { env: settings(restored) })).code).toBe(0);
  });

  it("leaves no half of a copy behind, and says where the record itself is broken", async () => {
    const stage = await startStage();
    const env = settings(stage);
    await decide(stage, "approve", "echo apples");
    await stage.server.close();
    const folder = temporaryFolder();
    mkdirSync(join(folder, "inner"));
    attack(stage.databasePath, "UPDATE events SET at = 1 WHERE seq = 2");
    const broken = await runHere(["backup", "copy.db"], { env, current: folder });
    expect(broken).toMatchObject({ code: 1, err: expect.stringContaining("entry 2") });
    expect(existsSync(join(folder, "copy.db"))).toBe(true);
    writeFileSync(stage.databasePath, readFileSync(stage.databasePath).fill(0xff, 4096));
    const damaged = await runHere(["backup", "other.db"], { env, current: folder });
    expect(damaged.code).toBe(1);
    expect(existsSync(join(folder, "other.db"))).toBe(false);
    expect(existsSync(join(folder, "other.db.part"))).toBe(false);
  });
});

describe("purge", () => {
  it("removes what is older while the server runs, and says first what it would remove", async () => {
    const stage = await startStage();
    const env = settings(stage);
    const id = await decide(stage, "approve", "echo apples");
    expect(await runHere(["purge"], { env })).toMatchObject({
      code: 64,
      err: expect.stringContaining("RETENTION_DAYS is 0"),
    });
    expect((await runHere(["purge", "--older-than", "1"], { env })).out).toBe(
      "Nothing to remove: nothing that may go is older than 1 day.\n",
    );
    const later = { now: () => Date.now() + 3 * 86_400_000, elapsed: () => 0, after: () => () => {} };
    const dry = await runHere(["purge", "--dry-run"], { env: { ...env, RETENTION_DAYS: "2" }, clock: later });
    expect(dry).toMatchObject({ code: 0, out: expect.stringContaining("Would remove: 1 approvals") });
    expect((await runHere(["audit", "--request", id], { env })).out).not.toBe("");
    const done = await runHere(["purge", "--older-than", "2", "--json"], { env, clock: later });
    expect(JSON.parse(done.out)).toMatchObject({ dry_run: false, removed: { approvals: 1 } });
    expect((await runHere(["audit", "--request", id], { env })).out).toBe("");
    await decide(stage, "approve", "echo pears");
    expect(stage.log.text()).not.toContain("changed from outside");
    expect(stage.log.text()).not.toContain("removed or replaced");
    expect((await runHere(["audit", "--verify"], { env })).out).toContain("what is older was purged");
  });
});
