// Parked requests on the whole server, with a stand-in for Claude Code: what is approved is resumed once, where it was shown, and
// nothing else is.
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { askHook, decided, postHook } from "../helpers/hook-client.ts";
import { type ParkedStage, SESSION, setParkedStage } from "../helpers/parked-stage.ts";
import type { ServerStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const FOREVER = { PARK_AFTER_MINUTES: "60" };
const OTHER_SESSION = "11111111-2222-4333-8444-555555555555";

async function parked() {
  const stage = setParkedStage();
  const server = await stage.start();
  expect(await stage.ahead(server)).toMatchObject({ decision: "defer" });
  const { body } = await server.told("is parked");
  const id = /⏸️ ([a-z]{5})/.exec(body)?.[1] ?? "";
  return { ...stage, server, id };
}

/** As the PermissionRequest hook posts it. */
const like = {
  session_id: SESSION,
  tool_name: "Bash",
  tool_input: { command: "npm publish", description: "Publishes it" },
};
const say = (server: ServerStage, text: string) => server.phone.type(text);
const requests = ({ phone }: ServerStage) => phone.messages().filter(({ buttons }) => buttons.length > 0);

function change(path: string, sql: string): void {
  const db = new Database(path);
  db.exec(sql);
  db.close();
}

describe("a call that is parked", () => {
  it("is shown with its session and the folder that Claude would be resumed in", async () => {
    const { server, folder, id } = await parked();
    const { body } = await server.request();
    expect(body).toContain(`*Project:* web-shop (session ${SESSION.slice(0, 8)})`);
    expect(body).toContain(`Expires in 24 hours · Claude waits 1 second; later it is resumed in ${folder}`);
    await say(server, "PENDING");
    expect((await server.told("1 request waiting")).body).toMatch(
      new RegExp(`${id}: Bash npm publish, parked, 23 hours \\d+ minutes? left`),
    );
  });

  it("runs once when it is approved: that session, in that folder, without this server's secrets", async () => {
    const { server, id, folder, starts, runs } = await parked();
    await say(server, `APPROVE ${id}`);
    await server.told(`✅ ${id} approved: Claude was started again and has the answer`);
    expect((await server.told(`✅ ${id} ran in web-shop, and Claude has finished`)).body).toContain(
      "Claude's words: All done.",
    );
    expect(runs()).toBe(1);
    const [{ args, cwd, env }, ...more] = starts() as [ReturnType<typeof starts>[number]];
    expect(more).toEqual([]);
    expect(args).toContain(`--resume=${SESSION}`);
    expect(args).toContain("mcp__approval-server__permissions__approve");
    expect(cwd).toBe(folder);
    expect(env["TWILIO_AUTH_TOKEN"]).toBeUndefined();
    expect(JSON.stringify(args)).not.toMatch(/token-of-the-tests/);
  });

  it("is started once, however often it is approved", async () => {
    const { server, id, starts } = await parked();
    await Promise.all([say(server, `APPROVE ${id}`), say(server, `APPROVE ${id}`), say(server, `yes ${id}`)]);
    await server.told(`✅ ${id} ran in web-shop`);
    expect(starts()).toHaveLength(1);
  });

  it("is not run when it is denied, and Claude is not started", async () => {
    const { server, id, starts } = await parked();
    await say(server, `DENY ${id} not today`);
    await server.told(`❌ ${id} denied: nothing ran, and Claude does not go on`);
    await say(server, `APPROVE ${id}`);
    await server.told(`❌ ${id} was already denied`);
    expect(starts()).toEqual([]);
  });

  it("is denied by PANIC, and stays so", async () => {
    const { server, id, starts } = await parked();
    await say(server, "PANIC");
    await server.told("Stopped: everything that waited was denied");
    await say(server, `APPROVE ${id}`);
    await server.told(`❌ ${id} was denied`);
    expect(starts()).toEqual([]);
  });

  it("is ended by PANIC also where Claude has been started for it, and that is said", async () => {
    const { server, id, hang, starts } = await parked();
    const pid = hang();
    await say(server, `APPROVE ${id}`);
    await expect.poll(pid).toBeDefined();
    await say(server, "PANIC");
    await server.told(`⚠️ ${id} was approved, but Claude did not run it`);
    expect(() => process.kill(pid() ?? 0, 0)).toThrow("ESRCH");
    expect(starts()).toHaveLength(1);
  });

  it.each(["PANIC", "PAUSE"])(
    "that is allowed ahead of the permission step is not any longer after %s",
    async (word) => {
      const stage = setParkedStage();
      const server = await stage.start({ env: FOREVER });
      const answer = stage.ahead(server);
      const { sid } = await server.request();
      await server.phone.tap(sid, "approve");
      expect(await answer).toMatchObject({ decision: "allow" });
      await say(server, word);
      await server.told(word === "PANIC" ? "Stopped" : "Paused");
      await fetch(`${server.server.localUrl}/control/resume`, { method: "POST" });
      void askHook(server.server, { ...like, cwd: stage.folder }).catch(() => {});
      await server.request(1);
    },
  );

  it("can be allowed once only: Session is not offered any longer", async () => {
    const { server, id, starts } = await parked();
    await say(server, `SESSION ${id}`);
    await server.told(`${id} can only be allowed once`);
    expect(starts()).toEqual([]);
  });

  it("allows nothing but itself: not another call of that session, not the same one with another input or id", async () => {
    const { server, id, plan, runs } = await parked();
    const other = { tool_input: { command: "npm publish --tag beta" } };
    plan([
      { ...other },
      { ...other, tool_use_id: "toolu_02" },
      { tool_use_id: "toolu_03", permission_mode: "plan" },
    ]);
    await say(server, `APPROVE ${id}`);
    await server.told(`⌛ ${id}: Claude did not take the approval up`);
    await server.told(`⚠️ ${id} was approved, but Claude did not run it`);
    expect(runs()).toBe(0);
  });

  it("is allowed once at that entrance: the second time is asked about", async () => {
    const { server, id, plan, runs } = await parked();
    plan([{}, {}]);
    await say(server, `APPROVE ${id}`);
    await server.told(`✅ ${id} ran in web-shop`);
    expect(runs()).toBe(1);
    expect(requests(server)).toHaveLength(2);
  });

  it("is kept back again at once while it waits: somebody has resumed the session by hand", async () => {
    const { server, ahead } = await parked();
    expect(await ahead(server)).toMatchObject({ decision: "defer" });
    expect(requests(server)).toHaveLength(1);
  });

  it("leaves another call of the same session to Claude Code's own step: one is kept back for each", async () => {
    const { server, ahead } = await parked();
    expect(await ahead(server, { tool_use_id: "toolu_02" })).toEqual({ decision: undefined });
    expect(await ahead(server, { session_id: OTHER_SESSION, tool_use_id: "toolu_03" })).toMatchObject({
      decision: "defer",
    });
  });
});

describe("over a restart", () => {
  it("waits on, also for hours, and runs when it is approved then", async () => {
    const { server, id, start, runs, starts } = await parked();
    await server.server.close();
    const hours = 5 * 60 * 60_000;
    const clock = {
      now: () => Date.now() + hours,
      elapsed: () => performance.now(),
      after: (ms: number, task: () => void) => {
        const timer = setTimeout(task, ms);
        return () => clearTimeout(timer);
      },
    };
    const next = await start({ deps: { clock } });
    await say(next, `APPROVE ${id}`);
    await next.told(`✅ ${id} ran in web-shop`);
    expect([runs(), starts().length]).toEqual([1, 1]);
  });

  it("ends once its hours are over", async () => {
    const { server, id, start, starts } = await parked();
    await server.server.close();
    const clock = {
      now: () => Date.now() + 25 * 60 * 60_000,
      elapsed: () => performance.now(),
      after: (ms: number, task: () => void) => {
        const timer = setTimeout(task, ms);
        return () => clearTimeout(timer);
      },
    };
    const next = await start({ deps: { clock } });
    await say(next, `APPROVE ${id}`);
    await next.told(`⌛ ${id} expired`);
    expect(starts()).toEqual([]);
  });

  it("is dropped, and said so, where the settings no longer allow it", async () => {
    const { server, id, start, starts } = await parked();
    await server.server.close();
    const next = await start({ env: { PARK_AFTER_MINUTES: "" } });
    await next.told(`⌛ ${id} was parked and can no longer be resumed: nothing ran`);
    await say(next, `APPROVE ${id}`);
    await next.told("the approval server was restarted: nothing ran");
    expect(starts()).toEqual([]);
  });

  it.each([
    ["the session", `UPDATE parked SET body = replace(body, '${SESSION}', '${OTHER_SESSION}')`],
    ["the folder", "UPDATE parked SET body = replace(body, 'web-shop', 'web-sh0p')"],
    ["the call", `UPDATE approvals SET input = replace(input, 'npm publish', 'npm publish evil')`],
    ["the time", "UPDATE parked SET body = replace(body, '\"expiresAt\":1', '\"expiresAt\":2')"],
    ["the seal", "UPDATE parked SET seal = substr(seal, 2) || 'a'"],
  ])("is not resumed where %s was changed by something else meanwhile", async (_, sql) => {
    const { server, id, databasePath, start, starts } = await parked();
    await server.server.close();
    change(databasePath, sql);
    const next = await start();
    await next.told(`⚠️ ${id} was parked, and its record was changed`);
    await say(next, `APPROVE ${id}`);
    await next.told("nothing ran");
    expect(starts()).toEqual([]);
  });

  it("is not run a second time where somebody has set its row back to what it was while it waited", async () => {
    const { server, id, databasePath, start, starts } = await parked();
    const copy = join(temporaryFolder(), "then.db");
    change(databasePath, `VACUUM INTO '${copy}'`);
    await say(server, `APPROVE ${id}`);
    await server.told(`✅ ${id} ran in web-shop`);
    await server.server.close();
    change(
      databasePath,
      `ATTACH '${copy}' AS then_;
       UPDATE approvals SET (status, input, decided_at, outcome, answered, run) =
         (SELECT status, input, decided_at, outcome, answered, run FROM then_.approvals t WHERE t.id = '${id}') WHERE id = '${id}';
       UPDATE parked SET started_at = NULL, ended_at = NULL; DELETE FROM inbound`,
    );
    const next = await start();
    await next.told(`⚠️ ${id} was parked, and its record was changed`);
    await say(next, `APPROVE ${id}`);
    await next.told("nothing ran");
    expect(starts()).toHaveLength(1);
  });

  it("is not resumed by what somebody has written into the record as approved", async () => {
    const { server, id, databasePath, start, starts } = await parked();
    await server.server.close();
    change(
      databasePath,
      `UPDATE approvals SET status = 'approved', outcome = '{"status":"approved","by":"+15005550006"}' WHERE id = '${id}'`,
    );
    const next = await start();
    await next.told(`⚠️ ${id} was approved, but the approval server was stopped before Claude was started`);
    expect(starts()).toEqual([]);
  });

  it("is never started a second time: after a crash it is not known how far it came", async () => {
    const { server, id, databasePath, start, starts } = await parked();
    await server.server.close();
    change(
      databasePath,
      `UPDATE approvals SET status = 'approved', outcome = '{"status":"approved","by":"+15005550006"}' WHERE id = '${id}';
       UPDATE parked SET started_at = 1`,
    );
    const next = await start();
    await next.told(
      `⚠️ ${id} was approved and Claude was started for it, but the approval server was stopped`,
    );
    await next.server.close();
    const third = await start();
    await say(third, `APPROVE ${id}`);
    await third.told("was already approved");
    expect(third.phone.messages().filter(({ body }) => body.includes("how far it came"))).toHaveLength(1);
    expect(starts()).toEqual([]);
  });
});

describe("while Claude waits", () => {
  it("an approval lets the call run at once, and Claude Code's own step does not ask again", async () => {
    const stage = setParkedStage();
    const server = await stage.start({ env: FOREVER });
    const answer = stage.ahead(server);
    const { sid, body } = await server.request();
    const id = /Request ID:\* ([a-z]{5})/.exec(body)?.[1] ?? "";
    await server.phone.tap(sid, `approve:${id}`);
    expect(await answer).toMatchObject({ decision: "allow" });
    expect(stage.starts()).toEqual([]);
    const step = {
      session_id: SESSION,
      cwd: stage.folder,
      tool_name: "Bash",
      tool_input: { command: "npm publish", description: "Publishes it" },
    };
    // A rule of Claude Code's own may ask all the same: it is the same call, once.
    expect(await askHook(server.server, step)).toEqual(decided({ behavior: "allow" }));
    expect(requests(server)).toHaveLength(1);
    void askHook(server.server, step).catch(() => {});
    await server.request(1);
  });

  it.each([
    ["has run", (server: ServerStage) => postHook(server.server, "post-tool-use", like)],
    [
      "is made again",
      (server: ServerStage, stage: ParkedStage) =>
        stage.ahead(server, { tool_use_id: "toolu_02" }, { "x-approval-folder": encodeURIComponent("/tmp") }),
    ],
    [
      "is made again by a subagent",
      (server: ServerStage, stage: ParkedStage) =>
        stage.ahead(server, { tool_use_id: "toolu_02", agent_id: "agent-1" }),
    ],
    ["is a subagent's", async () => {}],
  ] as const)(
    "an approval is not one for the next call like it: where it %s, that asks",
    async (how, meanwhile) => {
      const stage = setParkedStage();
      const server = await stage.start({ env: FOREVER });
      const answer = stage.ahead(server);
      const { sid } = await server.request();
      await server.phone.tap(sid, "approve");
      expect(await answer).toMatchObject({ decision: "allow" });
      await meanwhile(server, stage);
      const agent = how === "is a subagent's" ? { agent_id: "agent-1", agent_type: "Explore" } : {};
      const step = askHook(server.server, { ...like, cwd: stage.folder, ...agent });
      const { sid: next } = await server.request(1);
      await server.phone.tap(next, "deny");
      expect(await step).toMatchObject({ hookSpecificOutput: { decision: { behavior: "deny" } } });
    },
  );

  it("a denial reaches Claude with the person's words", async () => {
    const stage = setParkedStage();
    const server = await stage.start({ env: FOREVER });
    const answer = stage.ahead(server);
    const { sid } = await server.request();
    await server.phone.type("use the staging registry", { quote: sid });
    expect(await answer).toMatchObject({
      decision: "deny",
      reason: expect.stringContaining("Their words: use the staging registry"),
    });
  });
});

describe("no opinion", () => {
  it.each([
    ["at a terminal", {}, { "x-approval-attended": "yes" }],
    ["where nothing says that there is none", {}, { "x-approval-attended": "" }],
    ["of a subagent", { agent_id: "agent-1" }, {}],
    ["in another folder", {}, { "x-approval-folder": encodeURIComponent("/tmp") }],
    ["of a session without a proper id", { session_id: "--dangerously-skip-permissions" }, {}],
    ["without an id of its own", { tool_use_id: "../x" }, {}],
    ["that only reads", { tool_input: { command: "ls -la && git status" } }, {}],
    ["in a mode that asks nobody", { permission_mode: "bypassPermissions" }, {}],
    ["of a tool that has its own way to ask", { tool_name: "AskUserQuestion", tool_input: {} }, {}],
  ])("about a call %s", async (_, fields, headers) => {
    const stage = setParkedStage();
    const server = await stage.start({ env: FOREVER });
    expect(await stage.ahead(server, fields, headers)).toEqual({ decision: undefined, reason: undefined });
    expect(requests(server)).toEqual([]);
  });

  it("while parking is off", async () => {
    const stage = setParkedStage();
    const server = await stage.start({ env: { PARK_AFTER_MINUTES: "" } });
    expect(await stage.ahead(server)).toEqual({ decision: undefined, reason: undefined });
  });
});
