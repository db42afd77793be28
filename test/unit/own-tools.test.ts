// One call of a tool of ours is one question: which approval of Claude Code's permission step counts for which call.
import { describe, expect, it, vi } from "vitest";
import { createGatedCalls } from "../../src/core/gated-call.ts";
import { createOwnTools } from "../../src/core/own-tools.ts";
import type { Policy } from "../../src/core/ports/policy.ts";
import type { ToolQuestion, ToolSource } from "../../src/core/ports/tool-source.ts";
import type { Submission } from "../../src/domain/submission.ts";
import { WORST_HINTS } from "../../src/domain/tool-hints.ts";
import { createGateStage, type GateStageOptions, PHONE } from "../helpers/gate-stage.ts";

const TOOL = "mcp__approval-server__fs__write";
const INPUT = { path: "/a", content: "b" };
/** As the permission tool brings it. */
const STEP: Submission = {
  call: { toolName: TOOL, input: INPUT, toolUseId: "toolu_1" },
  door: "mcp",
  cwd: "/shop",
};
/** As the PermissionRequest hook brings it: without an id. */
const HOOK_STEP: Submission = {
  call: { toolName: TOOL, input: INPUT },
  door: "hook",
  cwd: "/shop/lib",
  startedIn: "/shop",
};

function source(question?: (input: object) => ToolQuestion): ToolSource {
  return {
    tools: () => [{ name: "fs__write", title: "t", description: "d", inputSchema: {}, hints: WORST_HINTS }],
    ...(question && { question: async (_name, input) => question(input) }),
    call: async () => ({ content: [] }),
    onChange: () => () => {},
  };
}

function stageWith(options: GateStageOptions = {}, offering = source()) {
  const stage = createGateStage(options);
  const closers: (() => void)[] = [];
  const ownTools = createOwnTools({
    ...stage,
    mode: { onClose: (listener) => void closers.push(() => listener({ kind: "panic", by: PHONE })) },
  });
  const gate = ownTools.watch(stage.gate);
  ownTools.use([offering]);
  const work = vi.fn(async () => "done");
  const calls = createGatedCalls({ ...stage, gate, ownTools });
  /** Asks at the permission step, and approves. */
  async function approvedStep(step: Submission = STEP) {
    const answer = gate.request(step);
    await expect.poll(() => stage.gate.waiting().length).toBe(1);
    await stage.gate.resolve(stage.id(stage.asked.length - 1), { kind: "approve", by: PHONE });
    const answered = await answer;
    answered.acknowledge(true);
    return answered;
  }
  const run = (submission: Partial<Submission> = {}) => {
    const { executor: _, ...step } = { ...STEP, ...submission };
    return calls.run({ submission: step, caller: {}, work });
  };
  /** How many questions there were once `run` has ended or waits for an answer. */
  async function asksFor(submission: Partial<Submission> = {}) {
    const before = stage.asked.length;
    void run(submission);
    await expect.poll(() => work.mock.calls.length > 0 || stage.gate.waiting().length > 0).toBe(true);
    return stage.asked.length - before;
  }
  return {
    ...stage,
    gate,
    work,
    approvedStep,
    run,
    asksFor,
    closeMode() {
      for (const close of closers) close();
    },
  };
}

describe("an approval of the permission step", () => {
  it("counts for the call with the same id and input, and its row says how that ended", async () => {
    const { approvedStep, run, work, asked, id, store } = stageWith();
    await approvedStep();
    expect(await run()).toEqual({ kind: "ran", id: id(), result: "done" });
    expect(work).toHaveBeenCalledOnce();
    expect(asked).toHaveLength(1);
    expect(await store.find(id())).toMatchObject({ run: { ok: true } });
  });

  it("counts whatever the order of the input's keys, and for the plugin's name of the tool", async () => {
    const { approvedStep, asksFor, asked } = stageWith();
    await approvedStep({
      ...STEP,
      call: { ...STEP.call, toolName: "mcp__plugin_approvals_approval-server__fs__write" },
    });
    expect(asked[0]?.request.call.toolName).toBe(TOOL);
    expect(await asksFor({ call: { ...STEP.call, input: { content: "b", path: "/a" } } })).toBe(0);
  });

  it("counts no longer once what is offered has changed: another program may have the name", async () => {
    const listeners = new Set<() => void>();
    const onChange = (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    };
    const offering = { ...source(), onChange };
    const { approvedStep, asksFor } = stageWith({}, offering);
    await approvedStep();
    for (const listener of listeners) listener();
    expect(await asksFor()).toBe(1);
  });

  it("of the hook counts for a call in the folder that Claude Code was started in", async () => {
    const { approvedStep, asksFor } = stageWith();
    await approvedStep(HOOK_STEP);
    expect(await asksFor()).toBe(0);
  });

  it.each<[string, Partial<Submission>, Submission?]>([
    ["another input", { call: { ...STEP.call, input: { path: "/b", content: "b" } } }],
    ["another tool", { call: { ...STEP.call, toolName: "mcp__approval-server__fs__read" } }],
    ["another id", { call: { ...STEP.call, toolUseId: "toolu_2" } }],
    ["no id", { call: { toolName: TOOL, input: INPUT } }],
    ["another token", { requester: "ci" }],
    ["a warning that nobody has seen", { warnings: ["is a tool that has changed"] }],
    ["what only a person may decide", { asksAlways: true }],
    ["another folder, after the hook", { cwd: "/other" }, HOOK_STEP],
    ["no folder, after the hook", { cwd: undefined }, HOOK_STEP],
  ])("does not count for %s", async (_, submission, step = STEP) => {
    const { approvedStep, asksFor, work } = stageWith();
    await approvedStep(step);
    expect(await asksFor(submission)).toBe(1);
    expect(work).not.toHaveBeenCalled();
  });

  it("counts once, for a minute, and not after a pause or a panic", async () => {
    const once = stageWith();
    await once.approvedStep();
    await once.run();
    once.work.mockClear();
    expect(await once.asksFor()).toBe(1);

    const late = stageWith();
    await late.approvedStep();
    await late.clock.advance(60_000);
    expect(await late.asksFor()).toBe(1);

    const closed = stageWith();
    await closed.approvedStep();
    closed.closeMode();
    expect(await closed.asksFor()).toBe(1);
  });

  it("by a policy is none: the policy is asked again", async () => {
    let kind: "allow" | "deny" = "allow";
    const policy: Policy = { decide: async () => ({ kind, rule: "r" }), ended: () => {} };
    const { gate, run, work } = stageWith({ policy });
    expect((await gate.request(STEP)).outcome).toMatchObject({ status: "approved", by: "policy" });
    kind = "deny";
    expect(await run()).toMatchObject({ kind: "refused", code: "policy" });
    expect(work).not.toHaveBeenCalled();
  });
});

describe("what the permission step asks", () => {
  it("is what the call would ask, and Claude Code gets its own input back", async () => {
    const offering = source((input) => ({
      call: { toolName: TOOL, input: { ...input, script: "echo" } },
      warnings: ["is new"],
      asksAlways: true,
    }));
    const { approvedStep, asked, asksFor } = stageWith({}, offering);
    const answer = await approvedStep();
    expect(asked[0]?.request).toMatchObject({
      call: { input: { ...INPUT, script: "echo" } },
      inspection: { warnings: ["is new"] },
    });
    expect(answer.request.call).toEqual(STEP.call);
    const call = { ...STEP.call, input: { ...INPUT, script: "echo" } };
    expect(await asksFor({ call, warnings: ["is new"], asksAlways: true })).toBe(0);
  });

  it("is the call as it came, where what it would ask is not known", async () => {
    const offering = source(() => {
      throw new Error("the server is down");
    });
    const { approvedStep, asked } = stageWith({}, offering);
    await approvedStep();
    expect(asked[0]?.request.call).toEqual(STEP.call);
  });

  it.each([
    ["a tool of another server", { ...STEP, call: { ...STEP.call, toolName: "mcp__other__fs__write" } }],
    [
      "a tool of ours that is not offered",
      { ...STEP, call: { ...STEP.call, toolName: "mcp__approval-server__fs__no" } },
    ],
    ["what comes over REST", { ...STEP, door: "rest" as const }],
  ])("is not touched for %s", async (_, step) => {
    const { approvedStep, asked } = stageWith(
      {},
      source(() => ({ call: { toolName: "never", input: {} } })),
    );
    await approvedStep(step);
    expect(asked[0]?.request.call).toEqual(step.call);
  });
});
