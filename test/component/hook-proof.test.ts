// An approval that came to nothing: bytes that left prove nothing at the hook's door, only a run does. The phone is told
// once for each request, and never of a call that runs or may still run.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { askHook, PERMISSION_REQUEST, tellHook } from "../helpers/hook-client.ts";
import { policyText } from "../helpers/policy-stage.ts";
import { QUESTION_CALL } from "../helpers/questions.ts";
import { type ServerStage, startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const { tool_name, tool_input, prompt_id } = PERMISSION_REQUEST;
const TOOL = { tool_name, tool_input };
const NOT_RUN = "was approved, but Claude did not run it";
const INTERRUPTED = ", or was interrupted while it ran";

const notes = ({ phone }: ServerStage) =>
  phone.messages().flatMap(({ body }) => (/ but Claude did not /.test(body) ? [body] : []));

/** Asks, and approves on the phone. */
async function approve(stage: ServerStage, fields: object = {}, index = 0): Promise<void> {
  const answer = askHook(stage.server, { ...PERMISSION_REQUEST, ...fields });
  await stage.phone.tap((await stage.request(index)).sid, "approve");
  expect(await answer).toMatchObject({ hookSpecificOutput: { decision: { behavior: "allow" } } });
}

/** Resolves when everything that was set in motion before has been sent: messages keep their order. */
async function settled({ phone }: ServerStage): Promise<void> {
  const answered = () => phone.messages().filter(({ body }) => body === "Nothing waits.").length;
  const before = answered();
  await phone.type("pending");
  await expect.poll(answered).toBe(before + 1);
}

describe("an approved call that did not run", () => {
  it.each<[string, object, string]>([
    ["stop", {}, ""],
    ["stop-failure", { error: "unknown" }, INTERRUPTED],
    ["user-prompt-submit", { prompt: "why not?" }, INTERRUPTED],
    ["user-prompt-submit", { prompt: "why not?", prompt_id: "another" }, INTERRUPTED],
    ["session-end", { reason: "prompt_input_exit" }, INTERRUPTED],
  ])("is told at %s %j, once", async (event, fields, more) => {
    const stage = await startStage();
    await approve(stage);
    await stage.told("approved: Claude has the answer");
    expect(await tellHook(stage.server, event, { ...fields })).toEqual({});
    expect((await stage.told(NOT_RUN)).body).toMatch(new RegExp(`^⚠️ [a-z]{5} ${NOT_RUN}${more}$`));
    await tellHook(stage.server, event, { ...fields });
    await tellHook(stage.server, "stop");
    await settled(stage);
    expect(notes(stage)).toHaveLength(1);
  });

  it("is told when the same call asks again", async () => {
    const stage = await startStage();
    await approve(stage);
    const again = askHook(stage.server);
    await stage.told(NOT_RUN);
    await stage.phone.tap((await stage.request(1)).sid, "approve");
    await again;
    await tellHook(stage.server, "post-tool-use", TOOL);
    await tellHook(stage.server, "stop");
    await settled(stage);
    expect(notes(stage)).toHaveLength(1);
  });

  it("in a subagent is told when that has stopped, or the session has ended", async () => {
    const stage = await startStage();
    await approve(stage, { agent_id: "a1" });
    await tellHook(stage.server, "stop");
    await tellHook(stage.server, "user-prompt-submit", { prompt: "go on" });
    await tellHook(stage.server, "subagent-stop", { agent_id: "a2" });
    await settled(stage);
    expect(notes(stage)).toEqual([]);
    await tellHook(stage.server, "subagent-stop", { agent_id: "a1" });
    await stage.told(NOT_RUN);
  });

  it("that is a question is told in other words", async () => {
    const stage = await startStage();
    const { toolName: tool_name, input } = QUESTION_CALL;
    const answer = askHook(stage.server, { ...PERMISSION_REQUEST, tool_name, tool_input: input });
    const { sid } = await stage.phone.waitForMessage(({ body }) => body.includes("Which DB?"));
    await stage.phone.type("2", { quote: sid });
    await answer;
    await tellHook(stage.server, "stop");
    await stage.told("was answered, but Claude did not take the answer");
  });
});

describe("nothing is said of an approved call", () => {
  it.each<[string, object]>([
    ["post-tool-use", { ...TOOL, tool_use_id: "toolu_1", tool_response: { stdout: "" } }],
    ["post-tool-use", { ...TOOL, tool_response: { backgroundTaskId: "b1" } }],
    ["post-tool-use-failure", { ...TOOL, error: "Exit code 3" }],
  ])("that ran, as %s tells", async (event, fields) => {
    const stage = await startStage();
    await approve(stage);
    await tellHook(stage.server, event, { ...fields });
    await tellHook(stage.server, "stop");
    await tellHook(stage.server, "session-end", { reason: "other" });
    await settled(stage);
    expect(notes(stage)).toEqual([]);
  });

  it("that still runs while the person types: the prompt belongs to the same turn", async () => {
    const stage = await startStage();
    await approve(stage);
    await tellHook(stage.server, "user-prompt-submit", { prompt: "hurry up", prompt_id });
    await settled(stage);
    await tellHook(stage.server, "post-tool-use", TOOL);
    await tellHook(stage.server, "stop");
    await settled(stage);
    expect(notes(stage)).toEqual([]);
  });

  it("that runs beside the same call again, as some tools do", async () => {
    const stage = await startStage();
    const fetching = { tool_name: "WebFetch", tool_input: { url: "https://example.com", prompt: "x" } };
    await approve(stage, fetching);
    await approve(stage, fetching, 1);
    await tellHook(stage.server, "post-tool-use-failure", fetching);
    await tellHook(stage.server, "post-tool-use", fetching);
    await tellHook(stage.server, "stop");
    await settled(stage);
    expect(notes(stage)).toEqual([]);
  });

  it("of a tool whose input may come back in another form", async () => {
    const stage = await startStage();
    await approve(stage, { tool_name: "Skill", tool_input: { skill: "deploy" } });
    await tellHook(stage.server, "post-tool-use", {
      tool_name: "Skill",
      tool_input: { skill: "deploy", args: "" },
    });
    await tellHook(stage.server, "stop");
    await settled(stage);
    expect(notes(stage)).toEqual([]);
  });

  it.each<[string, string, object]>([
    ["another session stops", "stop", { session_id: "other" }],
    ["the session goes on under another id", "session-end", { reason: "clear" }],
    ["a subagent stops", "subagent-stop", { agent_id: "a1" }],
  ])("when %s", async (_, event, fields) => {
    const stage = await startStage();
    await approve(stage);
    await tellHook(stage.server, event, { ...fields });
    await settled(stage);
    expect(notes(stage)).toEqual([]);
  });

  it("that the policy allowed: nobody was told that it is approved", async () => {
    const path = join(temporaryFolder(), "policy.json");
    const rules = [
      { decision: "allow" as const, rules: ["Bash(npm run build)"], projects: ["/code/web-shop"] },
    ];
    await writeFile(path, policyText(rules), { mode: 0o600 });
    const stage = await startStage({ env: { APPROVAL_POLICY: path } });
    await askHook(stage.server, { ...PERMISSION_REQUEST, tool_input: { command: "npm run build" } });
    await tellHook(stage.server, "stop");
    await settled(stage);
    expect(notes(stage)).toEqual([]);
  });

  it("that could not be handed over: the phone has read that nobody waited", async () => {
    const stage = await startStage();
    const caller = new AbortController();
    const answer = askHook(stage.server, PERMISSION_REQUEST, { signal: caller.signal }).catch(() => "gone");
    const { sid } = await stage.request();
    caller.abort();
    await answer;
    await stage.phone.tap(sid, "approve");
    await tellHook(stage.server, "stop");
    await settled(stage);
    expect(notes(stage)).toEqual([]);
  });
});

describe("what waits", () => {
  it("goes on while the person types into the turn that runs", async () => {
    const stage = await startStage();
    const answer = askHook(stage.server);
    const { sid } = await stage.request();
    await tellHook(stage.server, "user-prompt-submit", { prompt: "hurry up", prompt_id });
    await stage.phone.tap(sid, "approve");
    expect(await answer).toMatchObject({ hookSpecificOutput: { decision: { behavior: "allow" } } });
  });
});
