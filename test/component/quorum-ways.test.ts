// Two people, through every door of the whole server: one approval lets nothing run, two let exactly that run, and what happens in between.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { oddServer, startGateway } from "../helpers/gateway-stage.ts";
import { askHook, decided, PERMISSION_REQUEST } from "../helpers/hook-client.ts";
import { setParkedStage } from "../helpers/parked-stage.ts";
import { ASK, rest } from "../helpers/rest-client.ts";
import { callTool, type ServerStage, startStage } from "../helpers/server-stage.ts";
import { startTaskStage } from "../helpers/task-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";
import {
  ADA,
  askedOn,
  BOB,
  firstApproves,
  policyOf,
  RISKY,
  secondApproves,
  toldOn,
  twoPeople,
  writePolicy,
} from "../helpers/two-people.ts";

const start = (env: Readonly<Record<string, string>> = {}) => startStage({ env: { ...twoPeople(), ...env } });
const waiting = async ({ server }: ServerStage) =>
  ((await (await fetch(`${server.localUrl}/health`)).json()) as { waiting: number }).waiting;

describe("through each door", () => {
  it("the permission tool: the message says it on both phones, and the second approval lets it run", async () => {
    const stage = await start();
    const answer = callTool(stage.server, RISKY);
    for (const phone of [ADA, BOB]) {
      const { body } = await askedOn(stage, phone);
      expect(body).toContain("2 people must approve this");
      expect(body).not.toContain("Session");
    }
    const { id } = await askedOn(stage);
    await firstApproves(stage, id);
    await secondApproves(stage, id);
    expect(await answer).toMatchObject({ behavior: "allow" });
    await toldOn(stage, ADA, `${id} approved by `);
  });

  it("a hook of Claude Code", async () => {
    const stage = await start();
    const body = { ...PERMISSION_REQUEST, tool_input: RISKY.input };
    const answer = askHook(stage.server, body);
    const { id } = await askedOn(stage);
    await firstApproves(stage, id);
    expect(await waiting(stage)).toBe(1);
    await secondApproves(stage, id);
    expect(await answer).toEqual(decided({ behavior: "allow" }));
  });

  it("a request over REST: it stays pending after the first", async () => {
    const stage = await start();
    // A letter of another script in a word of ours.
    const body = { ...ASK, action: "kubectl delete deployment/раypal" };
    const { body: made } = await rest(stage.server, "/v1/approvals", { method: "POST", body });
    const path = `/v1/approvals/${String(made["approval_id"])}`;
    const { id } = await askedOn(stage);
    await firstApproves(stage, id);
    expect((await rest(stage.server, path)).body).toMatchObject({ status: "pending", decided: false });
    await secondApproves(stage, id);
    expect((await rest(stage.server, `${path}?wait=true`)).body).toMatchObject({ status: "approved" });
  });

  it("a tool behind the gateway: its server gets the call after the second", async () => {
    const odd = oddServer();
    const stage = await startGateway({ odd: odd.entry }, { env: twoPeople() });
    const answer = stage.client.call("odd__echo", { text: "раypal" });
    const { id } = await askedOn(stage);
    await firstApproves(stage, id);
    expect(odd.calls()).toEqual([]);
    await secondApproves(stage, id);
    expect(await answer).toMatchObject({ structuredContent: { text: "раypal" } });
    expect(odd.calls()).toHaveLength(1);
  });

  it("a tool behind the gateway that Claude Code asks about first: that step needs both, and its call takes them", async () => {
    const odd = oddServer();
    const stage = await startGateway({ odd: odd.entry }, { env: twoPeople() });
    const input = { text: "раypal" };
    const step = callTool(stage.server, {
      tool_name: "mcp__approval-server__odd__echo",
      input,
      tool_use_id: "toolu_7",
    });
    const { id } = await askedOn(stage);
    await firstApproves(stage, id);
    await secondApproves(stage, id);
    expect(await step).toMatchObject({ behavior: "allow" });
    const meta = { "claudecode/toolUseId": "toolu_7" };
    expect(await stage.client.call("odd__echo", input, { meta })).toMatchObject({ structuredContent: input });
    expect(odd.calls()).toHaveLength(1);
  });

  it("a task: Claude is started after the second", async () => {
    const stage = await startTaskStage({ env: twoPeople() });
    const running = stage.call("agent_run_task", { task: "say all green", working_directory: stage.folder });
    const { id } = await askedOn(stage);
    await firstApproves(stage, id);
    expect(existsSync(join(stage.root, "starts.jsonl"))).toBe(false);
    await secondApproves(stage, id);
    expect(await running).toMatchObject({ ok: true, summary: "all green" });
    expect(stage.starts()).toHaveLength(1);
  });
});

describe("in between", () => {
  it("PANIC ends it, and the second approval comes to nothing", async () => {
    const stage = await start();
    const answer = callTool(stage.server, RISKY);
    const { id } = await askedOn(stage);
    await firstApproves(stage, id);
    await stage.phone.type("PANIC", { from: BOB });
    expect(await answer).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("stopped all approvals"),
    });
    await secondApproves(stage, id);
    await toldOn(stage, BOB, `${id} was denied`);
  });

  it("PAUSE leaves it alone, as all that waits: the second approval lets it run", async () => {
    const stage = await start();
    const answer = callTool(stage.server, RISKY);
    const { id } = await askedOn(stage);
    await firstApproves(stage, id);
    await stage.phone.type("PAUSE", { from: BOB });
    await toldOn(stage, BOB, "Paused");
    await secondApproves(stage, id);
    expect(await answer).toMatchObject({ behavior: "allow" });
  });

  it("the other one's denial ends it, with their words, and both phones read so", async () => {
    const stage = await start();
    const answer = callTool(stage.server, RISKY);
    const { id } = await askedOn(stage);
    await firstApproves(stage, id);
    await stage.phone.type(`DENY ${id} keep the cache`, { from: BOB });
    expect(await answer).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("keep the cache"),
    });
    await toldOn(stage, ADA, `${id} denied by `);
  });

  it("a policy that no longer asks for two is for what is asked from then on", async () => {
    const path = policyOf();
    const stage = await startStage({ env: twoPeople(path) });
    const answer = callTool(stage.server, RISKY);
    const { id } = await askedOn(stage);
    writePolicy(path, {});
    await firstApproves(stage, id);
    expect(await waiting(stage)).toBe(1);
    await secondApproves(stage, id);
    expect(await answer).toMatchObject({ behavior: "allow" });
    const next = callTool(stage.server, { ...RISKY, tool_use_id: "toolu_2" });
    const second = await askedOn(stage, ADA, 1);
    expect(second.body).not.toContain("2 people");
    await stage.phone.type(`approve ${second.id}`, { from: ADA });
    expect(await next).toMatchObject({ behavior: "allow" });
  });

  it("a policy that asks for two from now on leaves what waits as its message says", async () => {
    const path = policyOf({});
    const stage = await startStage({ env: twoPeople(path) });
    const answer = callTool(stage.server, RISKY);
    const { id } = await askedOn(stage);
    writePolicy(path, { quorum: 2 });
    await stage.phone.type(`approve ${id}`, { from: ADA });
    expect(await answer).toMatchObject({ behavior: "allow" });
  });

  it("a policy that was removed, or spoilt, still asks for two", async () => {
    const path = policyOf();
    const stage = await startStage({ env: twoPeople(path) });
    writePolicy(path, { quorum: 1 });
    const answer = callTool(stage.server, RISKY);
    const { id, body } = await askedOn(stage);
    expect(body).toContain("2 people must approve this");
    await firstApproves(stage, id);
    await secondApproves(stage, id);
    expect(await answer).toMatchObject({ behavior: "allow" });
  });

  it("a restart: it is cancelled, and asked again it counts from the beginning", async () => {
    const env = { ...twoPeople(), APPROVAL_DB: join(temporaryFolder(), "approvals.db") };
    const first = await startStage({ env });
    const answer = callTool(first.server, RISKY);
    const { id } = await askedOn(first);
    await firstApproves(first, id);
    await first.server.close();
    expect(await answer).toMatchObject({ behavior: "deny" });
    const second = await startStage({ env });
    const again = callTool(second.server, RISKY);
    // The simulated chat is kept over the restart.
    const asked = await askedOn(second, ADA, 1);
    expect(asked.id).not.toBe(id);
    await second.phone.type(`approve ${asked.id}`, { from: BOB });
    await toldOn(second, BOB, "1 of 2 has approved");
    expect(await waiting(second)).toBe(1);
    await second.phone.type(`approve ${asked.id}`, { from: ADA });
    expect(await again).toMatchObject({ behavior: "allow" });
  });

  it("its time is over: Claude and both phones read that one had approved", async () => {
    const clock = createFakeClock();
    const stage = await startStage({ env: twoPeople(), deps: { clock } });
    const answer = callTool(stage.server, RISKY);
    const { id } = await askedOn(stage);
    await firstApproves(stage, id);
    await clock.advance(300_000);
    expect(await answer).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("1 had approved it, and nobody else did"),
    });
    for (const phone of [ADA, BOB]) await toldOn(stage, phone, `${id} expired`);
  });
});

describe("ways around it", () => {
  it("APPROVE ALL, a list of ids and Session leave what carries a warning out", async () => {
    const stage = await start();
    const answer = callTool(stage.server, RISKY);
    const { id } = await askedOn(stage);
    await askedOn(stage, BOB);
    await stage.phone.type("APPROVE ALL", { from: ADA });
    await toldOn(stage, ADA, "has a warning");
    await stage.phone.type(`SESSION ${id}`, { from: ADA });
    await toldOn(stage, ADA, `${id} can only be allowed once`);
    expect(await waiting(stage)).toBe(1);
    await stage.phone.type("DENY ALL", { from: BOB });
    expect(await answer).toMatchObject({ behavior: "deny" });
  });

  it("a Session holds for what needs one person, and for nothing that needs two", async () => {
    const path = policyOf({});
    const stage = await startStage({ env: twoPeople(path) });
    const headers = { "X-Approval-Project": "/code/web-shop" };
    const call = (command: string, tool_use_id: string) =>
      callTool(stage.server, { ...RISKY, input: { command }, tool_use_id }, { headers });
    const first = call("ls -la /etc", "toolu_1");
    await stage.phone.tap((await askedOn(stage)).sid, "session");
    expect(await first).toMatchObject({ behavior: "allow" });
    writePolicy(path, { quorum: 2 });
    expect(await call("ls -la /etc", "toolu_2")).toMatchObject({ behavior: "allow" });
    const risky = call("ls -la /etc && rm -rf ./build", "toolu_3");
    const { id } = await askedOn(stage, ADA, 1);
    await firstApproves(stage, id);
    await secondApproves(stage, id);
    expect(await risky).toMatchObject({ behavior: "allow" });
  });
});

describe("a parked call", () => {
  const plain = { tool_input: { command: "make site", description: "Builds it" } };
  const risky = { tool_input: RISKY.input };

  async function parked(call: object) {
    const stage = setParkedStage();
    stage.plan([call]);
    const env = { ...twoPeople(), PARK_AFTER_MINUTES: "0.01" };
    const server = await stage.start({ env });
    expect(await stage.ahead(server, call)).toMatchObject({ decision: "defer" });
    await toldOn(server, BOB, "is parked");
    return { ...stage, server, again: () => stage.start({ env }), ...(await askedOn(server)) };
  }

  it("needs both, and is resumed once", async () => {
    const { server, id, runs } = await parked(risky);
    await firstApproves(server, id);
    expect(runs()).toBe(0);
    await secondApproves(server, id);
    await toldOn(server, BOB, "ran in web-shop, and Claude has finished");
    expect(runs()).toBe(1);
  });

  it("counts from the beginning after a restart", async () => {
    const { server, id, runs, again } = await parked(risky);
    await firstApproves(server, id);
    await server.server.close();
    const next = await again();
    await secondApproves(next, id);
    await toldOn(next, BOB, "1 of 2 has approved");
    expect(runs()).toBe(0);
    await next.phone.type(`approve ${id}`, { from: ADA });
    await toldOn(next, BOB, "ran in web-shop, and Claude has finished");
    expect(runs()).toBe(1);
  });

  it("without a warning still needs one after a restart, as its message says", async () => {
    const { server, id, body, again, runs } = await parked(plain);
    expect(body).not.toContain("2 people");
    await server.server.close();
    const next = await again();
    await next.phone.type(`approve ${id}`, { from: ADA });
    await toldOn(next, ADA, "ran in web-shop, and Claude has finished");
    expect(runs()).toBe(1);
  });
});
