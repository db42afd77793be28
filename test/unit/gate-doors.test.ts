// One call through two doors, what ends a request before anybody is asked, and why a caller left.

import { describe, expect, it } from "vitest";
import type { PolicyDecision } from "../../src/core/ports/policy.ts";
import type { Inspection } from "../../src/domain/inspection.ts";
import { askerOf, REQUEST_TOOL } from "../../src/domain/request-approval.ts";
import type { Submission } from "../../src/domain/submission.ts";
import { createGateStage, type GateStageOptions, PHONE, SUBMISSION } from "../helpers/gate-stage.ts";
import { QUESTION_CALL } from "../helpers/questions.ts";

const MCP: Submission = { ...SUBMISSION, cwd: "/home/a/web-shop" };
const { toolName, input } = MCP.call;
/** The same call as the hook brings it: its own objects, no tool use id. */
const HOOK: Submission = { ...MCP, door: "hook", call: { toolName, input: { ...input } }, sessionId: "s1" };
const APPROVE = { kind: "approve", by: PHONE } as const;

describe("a call that comes in through both doors", () => {
  it.each([
    ["the prompt tool first", MCP, HOOK],
    ["the hook first", HOOK, MCP],
  ])("is one request with one message, and both get the answer: %s", async (_, first, second) => {
    const { gate, id, clock, asked } = createGateStage();
    const callers = [gate.request(first), gate.request(second)];
    await clock.advance(0);
    expect(asked).toHaveLength(1);
    await gate.resolve(id(), APPROVE);
    expect((await Promise.all(callers)).map(({ outcome }) => outcome.status)).toEqual([
      "approved",
      "approved",
    ]);
  });

  const PLUGIN: Submission = { ...HOOK, call: { toolName, input: { ...input } }, hookOf: "plugin" };
  it.each([
    ["two hooks", [HOOK, PLUGIN]],
    ["two hooks and the prompt tool", [PLUGIN, MCP, HOOK]],
    ["the prompt tool and two hooks", [MCP, HOOK, PLUGIN]],
  ])("is one request also where a session has the hooks twice: %s", async (_, submissions) => {
    const { gate, clock, asked, stopStage } = createGateStage();
    for (const each of submissions) void gate.request(each);
    await clock.advance(0);
    expect(asked).toHaveLength(1);
    // Each of them brings a call once: this is the next one.
    void gate.request(PLUGIN);
    await clock.advance(0);
    expect(asked).toHaveLength(2);
    await stopStage();
  });

  it("is one request also where its hook comes just after the phone has denied it, once, within two seconds", async () => {
    const { gate, id, clock, asked, stopStage } = createGateStage();
    const first = gate.request(MCP);
    await clock.advance(500);
    await gate.resolve(id(), { kind: "deny", by: PHONE });
    expect((await first).outcome.status).toBe("denied");
    await clock.advance(1_000);
    expect((await gate.request(HOOK)).outcome.status).toBe("denied");
    expect(asked).toHaveLength(1);
    void gate.request(HOOK);
    await clock.advance(1_000);
    expect(asked).toHaveLength(2);
    void gate.request({ ...PLUGIN, call: { toolName, input: { command: "ls" } } });
    await clock.advance(0);
    expect(asked).toHaveLength(3);
    await stopStage();
  });

  it("is asked twice when two hooks are two sessions'", async () => {
    const { gate, clock, asked, stopStage } = createGateStage();
    void gate.request(HOOK);
    void gate.request({ ...PLUGIN, sessionId: "s2" });
    await clock.advance(0);
    expect(asked).toHaveLength(2);
    await stopStage();
  });

  it("is one request when Claude has changed its folder since the start", async () => {
    const { gate, clock, asked, stopStage } = createGateStage();
    void gate.request(MCP);
    void gate.request({ ...HOOK, cwd: "/home/a/web-shop/src", startedIn: "/home/a/web-shop" });
    await clock.advance(0);
    expect(asked).toHaveLength(1);
    await stopStage();
  });

  it("goes on waiting when one of the two leaves", async () => {
    const { gate, id, clock } = createGateStage();
    const leaver = new AbortController();
    const hook = gate.request(HOOK, { signal: leaver.signal });
    const mcp = gate.request(MCP);
    await clock.advance(0);
    leaver.abort("terminal");
    expect((await hook).outcome).toEqual({ status: "cancelled", cause: "terminal" });
    await gate.resolve(id(), APPROVE);
    expect((await mcp).outcome.status).toBe("approved");
  });

  const other = (changed: Partial<Submission>): Submission => ({ ...HOOK, ...changed });
  it.each<[string, Submission]>([
    ["another input", other({ call: { toolName, input: { ...input, command: "ls -la /tmp" } } })],
    ["another tool", other({ call: { toolName: "Monitor", input } })],
    ["another project", other({ cwd: "/home/b/web-shop" })],
    ["another start", other({ startedIn: "/home/b/web-shop" })],
    ["no project", { door: "hook", call: HOOK.call }],
    ["another token", other({ requester: "ci" })],
    ["the same door", { ...MCP, call: HOOK.call }],
    ["a door of scripts", other({ door: "rest" })],
  ])("is asked twice with %s", async (_, second) => {
    const { gate, clock, asked, stopStage } = createGateStage();
    void gate.request(MCP);
    void gate.request(second);
    await clock.advance(0);
    expect(asked).toHaveLength(2);
    await stopStage();
  });

  it("is asked twice when the second comes more than two seconds later", async () => {
    const { gate, clock, asked, stopStage } = createGateStage();
    void gate.request(MCP);
    await clock.advance(2_001);
    void gate.request(HOOK);
    await clock.advance(0);
    expect(asked).toHaveLength(2);
    await stopStage();
  });

  it("counts from when a call came in, not from when its grace was over", async () => {
    const { gate, clock, asked, stopStage } = createGateStage();
    const receivedAt = clock.elapsed();
    void gate.request(MCP);
    await clock.advance(10_000);
    void gate.request({ ...HOOK, receivedAt });
    await clock.advance(0);
    expect(asked).toHaveLength(1);
    await stopStage();
  });

  it("is asked twice in doubt: a third call, or two that would fit", async () => {
    const { gate, clock, asked, stopStage } = createGateStage();
    const { toolUseId: _, ...call } = MCP.call;
    void gate.request({ ...MCP, call });
    void gate.request(HOOK);
    void gate.request(HOOK);
    await clock.advance(0);
    expect(asked).toHaveLength(2);
    await stopStage();

    const two = createGateStage();
    void two.gate.request({ ...MCP, call: { ...call, toolUseId: "toolu_a" } });
    void two.gate.request({ ...MCP, call: { ...call, toolUseId: "toolu_b" } });
    void two.gate.request(HOOK);
    await two.clock.advance(0);
    expect(two.asked).toHaveLength(3);
    await two.stopStage();
  });

  it("is asked again once the first has ended, later than two seconds; a hook before that gets nothing of the approval", async () => {
    const { gate, id, clock, asked, stopStage } = createGateStage();
    const first = gate.request(MCP);
    await clock.advance(0);
    await gate.resolve(id(), APPROVE);
    expect((await first).outcome.status).toBe("approved");
    expect((await gate.request(HOOK)).outcome.status).toBe("cancelled");
    expect(asked).toHaveLength(1);
    await clock.advance(2_001);
    void gate.request(HOOK);
    await clock.advance(0);
    expect(asked).toHaveLength(2);
    await stopStage();
  });
});

describe("a repeat with the same tool use id", () => {
  it("of another token is a request of its own", async () => {
    const { gate, clock, asked, stopStage } = createGateStage();
    void gate.request({ ...SUBMISSION, requester: "laptop" });
    void gate.request({ ...SUBMISSION, requester: "ci" });
    await clock.advance(0);
    expect(asked).toHaveLength(2);
    await stopStage();
  });
});

describe("a policy", () => {
  const withPolicy = (decide: (submission: Submission) => Promise<PolicyDecision>) =>
    createGateStage({ policy: { decide, ended: () => {} } } satisfies GateStageOptions);

  it("that allows lets the call through, asks nobody, and is in the record with its rule", async () => {
    const { gate, store, asked } = withPolicy(async () => ({ kind: "allow", rule: "Bash(ls *)" }));
    const { request, outcome } = await gate.request(SUBMISSION);
    expect(outcome).toEqual({ status: "approved", by: "policy", rule: "Bash(ls *)" });
    expect(asked).toHaveLength(0);
    expect(await store.find(request.id)).toMatchObject({ status: "approved", outcome });
  });

  it("that denies refuses the call with its words", async () => {
    const { gate, store, asked } = withPolicy(async () => ({
      kind: "deny",
      rule: "Bash(curl *)",
      message: "Use the cache.",
    }));
    const { request, outcome } = await gate.request(SUBMISSION);
    expect(outcome).toEqual({ status: "blocked", rule: "Bash(curl *)", message: "Use the cache." });
    expect(asked).toHaveLength(0);
    expect(await store.find(request.id)).toMatchObject({ status: "blocked" });
  });

  it.each<[string, () => Promise<PolicyDecision>]>([
    ["asks", async () => ({ kind: "ask" })],
    ["fails", () => Promise.reject(new Error("broken"))],
  ])("that %s leaves it to the person", async (_, decide) => {
    const { gate, clock, asked, stopStage } = withPolicy(decide);
    void gate.request(SUBMISSION);
    await clock.advance(0);
    expect(asked).toHaveLength(1);
    await stopStage();
  });

  it("never allows a question, which wants an answer", async () => {
    const { gate, clock, asked, stopStage } = withPolicy(async () => ({ kind: "allow", rule: "*" }));
    void gate.request({ ...SUBMISSION, call: QUESTION_CALL });
    await clock.advance(0);
    expect(asked).toHaveLength(1);
    await stopStage();
  });

  it.each<[string, Partial<Inspection>, object?]>([
    ["a warning", { warnings: ["deletes recursively"] }],
    ["a masked secret", { secrets: 1 }],
    ["no check for secrets", { secrets: undefined }],
    ["run_in_background", {}, { run_in_background: true }],
    ["dangerouslyDisableSandbox", {}, { dangerouslyDisableSandbox: true }],
  ])("never allows a call with %s", async (_, found, more = {}) => {
    const { gate, clock, asked, log, stopStage } = createGateStage({
      policy: { decide: async () => ({ kind: "allow", rule: "Bash(ls *)" }), ended: () => {} },
      inspector: { inspect: async (call) => ({ shown: call, secrets: 0, warnings: [], ...found }) },
    });
    const call = { ...SUBMISSION.call, input: { ...SUBMISSION.call.input, ...more } };
    void gate.request({ ...SUBMISSION, call });
    await clock.advance(0);
    expect(asked).toHaveLength(1);
    expect(log.text()).toContain("Bash(ls *)");
    await stopStage();
  });

  it("never allows a call that could not be inspected", async () => {
    const { gate, clock, asked, stopStage } = createGateStage({
      policy: { decide: async () => ({ kind: "allow", rule: "Bash(ls *)" }), ended: () => {} },
      inspector: { inspect: () => Promise.reject(new Error("broken")) },
    });
    void gate.request(SUBMISSION);
    await clock.advance(0);
    expect(asked).toHaveLength(1);
    await stopStage();
  });

  it.each(["ExitPlanMode", REQUEST_TOOL])("never allows %s", async (tool) => {
    const { gate, clock, asked, stopStage } = withPolicy(async () => ({ kind: "allow", rule: "*" }));
    void gate.request({ ...SUBMISSION, call: { toolName: tool, input: {} } });
    await clock.advance(0);
    expect(asked).toHaveLength(1);
    await stopStage();
  });

  it("is told of every request once, and how it ended", async () => {
    const told: string[] = [];
    const { gate, id, clock, store } = createGateStage({
      policy: {
        decide: async () => ({ kind: "ask" }),
        ended: ({ request, outcome }) => void told.push(`${request.id} ${outcome.status}`),
      },
    });
    const answer = gate.request(SUBMISSION);
    await clock.advance(0);
    await gate.resolve(id(), APPROVE);
    await answer;
    expect(told).toEqual([`${id()} approved`]);
    expect(await store.find(id())).toMatchObject({ status: "approved" });
  });

  it.each([
    { kind: "panic", by: PHONE } as const,
    { kind: "paused", until: Number.MAX_SAFE_INTEGER, by: PHONE } as const,
  ])("does not lift a stop: $kind", async (mode) => {
    const stage = withPolicy(async () => ({ kind: "allow", rule: "*" }));
    stage.setServiceMode(mode);
    expect((await stage.gate.request(SUBMISSION)).outcome.status).toBe("refused");
  });

  it("whose allowance cannot be recorded allows nothing", async () => {
    const { gate } = createGateStage({
      policy: { decide: async () => ({ kind: "allow", rule: "*" }), ended: () => {} },
      store: (real) => ({ ...real, settle: () => Promise.reject(new Error("disk full")) }),
    });
    expect((await gate.request(SUBMISSION)).outcome.status).toBe("failed");
  });
});

describe("a caller that leaves", () => {
  it.each(["terminal", "withdrawn"] as const)("says why: %s", async (cause) => {
    const { gate, clock, store, ended } = createGateStage();
    const leaver = new AbortController();
    const waiting = gate.request(SUBMISSION, { signal: leaver.signal });
    await clock.advance(0);
    leaver.abort(cause);
    const { request, outcome } = await waiting;
    expect(outcome).toEqual({ status: "cancelled", cause });
    await clock.advance(0);
    expect(await store.find(request.id)).toMatchObject({ outcome });
    expect(ended).toMatchObject([{ request: { id: request.id }, outcome, delivery: "queued" }]);
  });

  it("for a reason of its own has lost its connection", async () => {
    const { gate, clock } = createGateStage();
    const leaver = new AbortController();
    const waiting = gate.request(SUBMISSION, { signal: leaver.signal });
    await clock.advance(0);
    leaver.abort("approved");
    expect((await waiting).outcome).toEqual({ status: "cancelled", cause: "disconnected" });
  });
});

describe("who waits for an answer", () => {
  it("is Claude, or the caller that asked by choice", () => {
    expect(askerOf("Bash")).toBe("Claude");
    expect(askerOf(REQUEST_TOOL)).toBe("the caller");
  });
});
