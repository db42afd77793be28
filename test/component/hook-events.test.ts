// What ends a hook's wait: the terminal's answer, as Claude Code's connection and its later events tell it.
// No event can allow anything, and none reaches another session, subagent or token.
import { describe, expect, it } from "vitest";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { askHook, decided, PERMISSION_REQUEST, tellHook } from "../helpers/hook-client.ts";
import { QUESTION_CALL } from "../helpers/questions.ts";
import { type ServerStage, startStage } from "../helpers/server-stage.ts";

const { tool_name, tool_input, session_id } = PERMISSION_REQUEST;
const TOOL = { tool_name, tool_input };
const TOLD = "was answered at the terminal: nothing to do here";
const isRequest = ({ buttons }: { readonly buttons: readonly unknown[] }) => buttons.length > 0;

async function waiting({ server }: Pick<ServerStage, "server">): Promise<unknown> {
  const health = (await (await fetch(`${server.localUrl}/health`)).json()) as { waiting: number };
  return health.waiting;
}

describe("a call that was answered at the terminal", () => {
  it("with No ends when the connection closes, and the phone is told", async () => {
    const stage = await startStage({ deps: { clock: createFakeClock() } });
    const caller = new AbortController();
    const answer = askHook(stage.server, PERMISSION_REQUEST, { signal: caller.signal }).catch(() => "gone");
    const { sid } = await stage.request();
    caller.abort();
    expect(await answer).toBe("gone");
    await stage.told(TOLD);
    await stage.phone.tap(sid, "approve");
    await stage.told("ended 0 s ago: it was answered at the terminal");
    expect(await waiting(stage)).toBe(0);
  });

  it.each<[string, object]>([
    ["post-tool-use", { ...TOOL, tool_use_id: "toolu_1", tool_response: { stdout: "" } }],
    ["post-tool-use-failure", { ...TOOL, error: "Exit code 3" }],
    ["user-prompt-submit", { prompt: "go on" }],
    ["stop", { last_assistant_message: "Done." }],
  ])("ends with %s, which itself gets no opinion", async (event, fields) => {
    const { server, request, told } = await startStage();
    const answer = askHook(server);
    await request();
    expect(await tellHook(server, event, { ...fields })).toEqual({});
    expect(await answer).toEqual({});
    await told(TOLD);
  });

  it("that is a question ends when it comes back with its answers", async () => {
    const { server, phone, told } = await startStage();
    const { toolName: tool_name, input } = QUESTION_CALL;
    const answer = askHook(server, { ...PERMISSION_REQUEST, tool_name, tool_input: input });
    await phone.waitForMessage(({ body }) => body.includes("Which DB?"));
    const tool_input = { ...input, answers: { "Which DB?": "SQLite" } };
    await tellHook(server, "post-tool-use", { tool_name, tool_input });
    expect(await answer).toEqual({});
    await told(TOLD);
  });

  it("in a subagent ends with that subagent's events", async () => {
    const { server, request, told } = await startStage();
    const answer = askHook(server, { ...PERMISSION_REQUEST, agent_id: "a1" });
    await request();
    await tellHook(server, "post-tool-use", { ...TOOL, agent_id: "a1" });
    expect(await answer).toEqual({});
    await told(TOLD);
  });
});

describe("a plan that was answered at the terminal", () => {
  const PLAN = {
    tool_name: "ExitPlanMode",
    tool_input: { plan: "# Move the shop", planFilePath: "/p/a.md" },
  };
  /** As measured with 2.1.329. */
  const RAN = { tool_name: "ExitPlanMode", tool_input: {}, tool_response: { plan: "# Move the shop" } };

  it("with Yes is over when it has run, although that event has no input; a later denial changes nothing", async () => {
    const stage = await startStage({ deps: { clock: createFakeClock() } });
    const answer = askHook(stage.server, { ...PERMISSION_REQUEST, ...PLAN });
    const { sid } = await stage.request();
    await tellHook(stage.server, "post-tool-use", RAN);
    expect(await answer).toEqual({});
    await stage.told(TOLD);
    await stage.phone.tap(sid, "deny");
    await stage.told("ended 0 s ago: it was answered at the terminal");
  });

  it("with Yes before a denial on the phone ran all the same, and the phone is told so", async () => {
    const stage = await startStage();
    const answer = askHook(stage.server, { ...PERMISSION_REQUEST, ...PLAN });
    await stage.phone.tap((await stage.request()).sid, "deny");
    expect(await answer).toMatchObject(decided({ behavior: "deny" }));
    await tellHook(stage.server, "post-tool-use", RAN);
    await stage.told("ran all the same");
  });

  it.each<[string, object]>([
    ["another session's", { session_id: "other" }],
    ["a subagent's", { agent_id: "a1" }],
    ["another tool", { tool_name: "Write" }],
  ])("goes on through %s run", async (_, fields) => {
    const stage = await startStage();
    const answer = askHook(stage.server, { ...PERMISSION_REQUEST, ...PLAN });
    const { sid } = await stage.request();
    await tellHook(stage.server, "post-tool-use", { ...RAN, ...fields });
    await stage.phone.tap(sid, "approve");
    expect(await answer).toMatchObject(decided({ behavior: "allow", updatedInput: PLAN.tool_input }));
  });

  it("goes on beside another plan of the same turn: which one ran is not known", async () => {
    const stage = await startStage();
    const first = askHook(stage.server, { ...PERMISSION_REQUEST, ...PLAN });
    const { sid } = await stage.request();
    const other = { ...PERMISSION_REQUEST, ...PLAN, tool_input: { plan: "# Another" } };
    const second = askHook(stage.server, other);
    const next = await stage.request(1);
    await tellHook(stage.server, "post-tool-use", RAN);
    await stage.phone.tap(sid, "deny");
    expect(await first).toMatchObject(decided({ behavior: "deny" }));
    await stage.phone.tap(next.sid, "approve");
    expect(await second).toMatchObject(decided({ behavior: "allow" }));
  });
});

it("of two equal calls that wait, one run ends the first only", async () => {
  const stage = await startStage();
  const first = askHook(stage.server);
  await stage.request();
  const second = askHook(stage.server);
  const { sid } = await stage.request(1);
  await tellHook(stage.server, "post-tool-use", TOOL);
  expect(await first).toEqual({});
  await stage.phone.tap(sid, "approve");
  expect(await second).toMatchObject(decided({ behavior: "allow" }));
});

describe("a subagent's call", () => {
  it.each([
    ["code-reviewer", "*Project:* web-shop (agent code-reviewer)"],
    ["tools:reviewer", "*Project:* web-shop (agent tools:reviewer)"],
    ["x, token boss", "*Project:* web-shop (agent `x, token boss`)"],
    ["a\n*Request ID:* zzzzz", "*Project:* web-shop (agent `a⟨U+000A⟩*Request ID:* zzzzz`)"],
    ["\u202egnimoc`", "*Project:* web-shop (agent `⟨U+202E⟩gnimoc⟨U+0060⟩`)"],
    ["agent-".repeat(2_000), "(agent agent-agent-a"],
  ])("names its kind, cut and made safe to show: %.20j", async (agent_type, line) => {
    const { server, request } = await startStage();
    void askHook(server, { ...PERMISSION_REQUEST, agent_id: "a1", agent_type }).catch(() => {});
    const { body } = await request();
    expect(body).toContain(line);
    expect(body.split("\n").filter((each) => each.startsWith("*Request ID:*"))).toHaveLength(1);
    expect(body.length).toBeLessThan(1_000);
  });
});

describe("a waiting call goes on", () => {
  it.each<[string, string, object]>([
    ["another session's tool", "post-tool-use", { ...TOOL, session_id: "other" }],
    ["another session's stop", "stop", { session_id: "other" }],
    ["another session's prompt", "user-prompt-submit", { session_id: "other" }],
    ["no session", "stop", { session_id: "" }],
    ["a session that is no text", "stop", { session_id: { x: session_id } }],
    ["another input", "post-tool-use", { ...TOOL, tool_input: { ...tool_input, command: "ls" } }],
    ["another tool", "post-tool-use", { ...TOOL, tool_name: "Monitor" }],
    ["no tool", "post-tool-use-failure", {}],
    ["an input that is no object", "post-tool-use", { ...TOOL, tool_input: "ls" }],
    ["a subagent's same call", "post-tool-use", { ...TOOL, agent_id: "a1" }],
    ["a subagent's stop", "stop", { agent_id: "a1" }],
    ["a notification", "notification", { notification_type: "idle_prompt", message: "waiting" }],
  ])("through an event of %s", async (_, event, fields) => {
    const stage = await startStage();
    const answer = askHook(stage.server);
    const { sid } = await stage.request();
    expect(await tellHook(stage.server, event, { ...fields })).toEqual({});
    await stage.phone.tap(sid, "approve");
    expect(await answer).toMatchObject(decided({ behavior: "allow" }));
    expect(stage.phone.messages().map(({ body }) => body)).not.toContainEqual(expect.stringContaining(TOLD));
  });

  it("in a subagent while its session stops, or another subagent does", async () => {
    const { server, phone, request } = await startStage();
    const answer = askHook(server, { ...PERMISSION_REQUEST, agent_id: "a1" });
    const { sid } = await request();
    await tellHook(server, "stop");
    await tellHook(server, "user-prompt-submit");
    await tellHook(server, "stop", { agent_id: "a2" });
    await phone.tap(sid, "approve");
    expect(await answer).toMatchObject(decided({ behavior: "allow" }));
  });

  it("that does not say whose it is, through every event", async () => {
    const { server, phone, request } = await startStage();
    const answer = askHook(server, { ...PERMISSION_REQUEST, session_id: undefined });
    const { sid } = await request();
    await tellHook(server, "stop");
    await tellHook(server, "stop", { session_id: null });
    await phone.tap(sid, "approve");
    expect(await answer).toMatchObject(decided({ behavior: "allow" }));
  });
});

describe("a denial that came too late", () => {
  it("because the terminal had said Yes, is told: the call ran all the same", async () => {
    const { server, phone, request, told } = await startStage();
    const answer = askHook(server);
    await phone.tap((await request()).sid, "deny");
    expect(await answer).toMatchObject(decided({ behavior: "deny" }));
    await told("denied: Claude has the answer");
    await tellHook(server, "post-tool-use", TOOL);
    await told("ran all the same: it had been allowed at the terminal before the denial");
  });

  it.each<[string, string, object]>([
    ["another call ran", "post-tool-use", { ...TOOL, tool_input: { command: "ls" } }],
    ["another session's call ran", "post-tool-use", { ...TOOL, session_id: "other" }],
    ["the turn had ended before", "stop", {}],
  ])("is not told when %s", async (_, event, fields) => {
    const { server, phone, request, told } = await startStage();
    const answer = askHook(server);
    await phone.tap((await request()).sid, "deny");
    await answer;
    await told("denied: Claude has the answer");
    await tellHook(server, event, { ...fields });
    if (event === "stop") await tellHook(server, "post-tool-use", TOOL);
    await phone.type("pending");
    await told("Nothing waits.");
    expect(phone.messages().some(({ body }) => body.includes("ran all the same"))).toBe(false);
  });

  it("is not told when the same call was asked again and approved", async () => {
    const { server, phone, request, told } = await startStage();
    const first = askHook(server);
    await phone.tap((await request()).sid, "deny");
    await first;
    await told("denied: Claude has the answer");
    const second = askHook(server);
    await phone.tap((await request(1)).sid, "approve");
    await second;
    await tellHook(server, "post-tool-use", TOOL);
    await phone.type("pending");
    await told("Nothing waits.");
    expect(phone.messages().some(({ body }) => body.includes("ran all the same"))).toBe(false);
  });
});

describe("HOOK_GRACE_SECONDS", () => {
  const env = { HOOK_GRACE_SECONDS: "30" };

  it("asks the phone only when the terminal was silent for so long", async () => {
    const clock = createFakeClock();
    const { server, phone, request } = await startStage({ env, deps: { clock } });
    expect(clock.dues()).not.toContain(30_000);
    const answer = askHook(server);
    await expect.poll(() => clock.dues()).toContain(30_000);
    await clock.advance(29_999);
    expect(phone.messages()).toEqual([]);
    await clock.advance(1);
    const { sid, body } = await request();
    expect(body).toContain("Expires in 5 minutes");
    await phone.tap(sid, "approve");
    expect(await answer).toMatchObject(decided({ behavior: "allow" }));
  });

  /** As measured with 2.1.329. */
  const launched = { tool_name: "Agent", tool_input: {}, tool_response: { isAsync: true, agentId: "a1" } };
  const ended = { tool_name: "Agent", tool_input: {}, tool_response: { status: "completed", agentId: "a0" } };

  it("is not for a subagent: in the background it has no dialog", async () => {
    const stage = await startStage({ env, deps: { clock: createFakeClock() } });
    const answer = askHook(stage.server, {
      ...PERMISSION_REQUEST,
      agent_id: "a1",
      agent_type: "general-purpose",
    });
    await stage.phone.tap((await stage.request()).sid, "approve");
    expect(await answer).toMatchObject(decided({ behavior: "allow" }));
  });

  it.each<[string, string, object]>([
    ["its launch", "post-tool-use", launched],
    ["a Stop", "stop", { background_tasks: [{ id: "a1", type: "subagent", status: "running" }] }],
  ])(
    "is for a session's subagents in the foreground, until %s tells that one is not",
    async (_, event, fields) => {
      const clock = createFakeClock();
      const stage = await startStage({ env, deps: { clock } });
      await tellHook(stage.server, "post-tool-use", ended);
      expect(clock.dues()).not.toContain(30_000);
      const answer = askHook(stage.server, { ...PERMISSION_REQUEST, agent_id: "a1" });
      await expect.poll(() => clock.dues()).toContain(30_000);
      expect(stage.phone.messages()).toEqual([]);
      await tellHook(stage.server, event, { ...fields });
      await stage.phone.tap((await stage.request()).sid, "approve");
      expect(await answer).toMatchObject(decided({ behavior: "allow" }));
    },
  );

  it.each<[string, (stage: ServerStage, caller: AbortController) => unknown]>([
    ["the connection closes", (_, caller) => caller.abort()],
    ["the tool has run", ({ server }) => tellHook(server, "post-tool-use", TOOL)],
    ["the person has written", ({ server }) => tellHook(server, "user-prompt-submit")],
    ["Claude has stopped", ({ server }) => tellHook(server, "stop")],
    ["the server stops", ({ server }) => server.close()],
  ])("asks nobody when %s before, and leaves no timer", async (_, end) => {
    const clock = createFakeClock();
    const stage = await startStage({ env, deps: { clock } });
    expect(clock.dues()).not.toContain(30_000);
    const caller = new AbortController();
    const answer = askHook(stage.server, PERMISSION_REQUEST, { signal: caller.signal }).catch(() => ({}));
    await expect.poll(() => clock.dues()).toContain(30_000);
    await end(stage, caller);
    expect(await answer).toEqual({});
    await expect.poll(() => clock.dues()).not.toContain(30_000);
    await clock.advance(60_000);
    expect(stage.phone.messages().filter(isRequest)).toEqual([]);
  });
});
