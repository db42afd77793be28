// Which calls of a hook are held back while the terminal has time for itself, and what ends that.
import { describe, expect, it } from "vitest";
import { NotInspectedError } from "../../src/core/ports/inspector.ts";
import type { PolicyDecision } from "../../src/core/ports/policy.ts";
import type { Submission } from "../../src/domain/submission.ts";
import { createBackgroundAgents } from "../../src/doors/hook/background-agents.ts";
import {
  createGateStage,
  type GateStageOptions,
  PHONE,
  plainInspector,
  SUBMISSION,
} from "../helpers/gate-stage.ts";
import { warningsOf } from "../helpers/process-warnings.ts";

const MCP: Submission = { ...SUBMISSION, cwd: "/code/web-shop" };
const { toolName, input } = MCP.call;
const HOOK: Submission = { ...MCP, door: "hook", call: { toolName, input: { ...input } }, sessionId: "s1" };
const GRACE_MS = 15_000;

function hold(options: GateStageOptions = {}, submission = HOOK) {
  const stage = createGateStage(options);
  const caller = new AbortController();
  let isOver = false;
  const over = stage.gate.holdBack(submission, GRACE_MS, [caller.signal]).then(() => {
    isOver = true;
  });
  return { ...stage, caller, over, isOver: () => isOver };
}

describe("a call that is held back", () => {
  it("is asked about after its time, and nothing is recorded before", async () => {
    const { clock, isOver, asked, gate } = hold();
    await clock.advance(GRACE_MS - 1);
    expect([isOver(), asked.length, gate.waiting().length]).toEqual([false, 0, 0]);
    await clock.advance(1);
    expect(isOver()).toBe(true);
  });

  it.each<[string, (stage: ReturnType<typeof hold>) => unknown]>([
    ["its caller leaves", ({ caller }) => caller.abort()],
    ["the permission tool brings it", ({ gate }) => void gate.request(MCP)],
    ["everything is denied", ({ gate }) => gate.shut({ kind: "panic", by: PHONE })],
    ["the server stops", ({ stopStage }) => stopStage()],
  ])("is over when %s", async (_, end) => {
    const stage = hold();
    await stage.clock.advance(0);
    await end(stage);
    await stage.clock.advance(0);
    expect(stage.isOver()).toBe(true);
    await stage.stopStage();
  });

  it.each<[string, Partial<Submission>]>([
    ["another call", { call: { toolName, input: { command: "ls /" } } }],
    ["another folder", { cwd: "/code/other" }],
    ["another token", { requester: "ci" }],
    ["another door", { door: "rest" }],
  ])("goes on when the permission tool brings %s", async (_, changed) => {
    const { clock, gate, isOver, stopStage } = hold();
    await clock.advance(0);
    void gate.request({ ...MCP, ...changed });
    await clock.advance(0);
    expect(isOver()).toBe(false);
    await stopStage();
  });

  it("is not held at all where the permission tool has brought it before", async () => {
    const { gate, clock, stopStage } = createGateStage();
    void gate.request(MCP);
    await clock.advance(0);
    await gate.holdBack(HOOK, GRACE_MS, []);
    await stopStage();
  });

  it("is none of more than 50: the limits of requests judge the rest at once", async () => {
    const { gate, clock, stopStage } = createGateStage();
    const held = (n: number) =>
      gate.holdBack({ ...HOOK, call: { toolName, input: { command: `ls ${n}` } } }, GRACE_MS, []);
    const first = Array.from({ length: 50 }, (_, n) => held(n));
    await clock.advance(0);
    await held(50);
    await clock.advance(GRACE_MS);
    await Promise.all(first);
    // There is room again.
    let isOver = false;
    void held(51).then(() => {
      isOver = true;
    });
    await clock.advance(0);
    expect(isOver).toBe(false);
    await stopStage();
  });

  it("is no leak of listeners, as many as there are, and a stop ends them all", async () => {
    const { gate, clock, stopStage } = createGateStage();
    const agent = createBackgroundAgents();
    const source = {
      ...{ sessionId: "s1", agentId: "a1", agentType: undefined },
      ...{ promptId: undefined, cwd: undefined, requester: undefined },
    };
    agent.noted({ ...source, hadForegroundAgent: true } as Parameters<typeof agent.noted>[0]);
    const held = (n: number) =>
      gate.holdBack({ ...HOOK, call: { toolName, input: { command: `ls ${n}` } } }, GRACE_MS, [
        agent.signalFor(source),
      ]);
    let over = 0;
    const warnings = await warningsOf(async () => {
      for (let n = 0; n < 50; n += 1) void held(n).then(() => (over += 1));
      await clock.advance(0);
    });
    expect([warnings, over]).toEqual([[], 0]);
    await stopStage();
    await clock.advance(0);
    expect(over).toBe(50);
  });

  const policy = (kind: PolicyDecision["kind"]): GateStageOptions => ({
    policy: { decide: async () => ({ kind: "ask" }), foresee: () => kind, ended: () => {} },
  });
  const risky = async (call: Submission["call"]) => ({
    shown: call,
    secrets: 0,
    warnings: ["deletes files"],
  });
  it.each<[string, GateStageOptions]>([
    ["the policy denies", policy("deny")],
    ["the policy allows", policy("allow")],
    [
      "cannot be inspected",
      {
        inspector: {
          inspect: async () => {
            throw new NotInspectedError("too large");
          },
        },
      },
    ],
  ])("is no call that %s: that is said at once", async (_, options) => {
    await hold(options).over;
  });

  it("is one that the policy allows, where a person must see it all the same", async () => {
    const { clock, isOver, over } = hold({
      ...policy("allow"),
      inspector: { ...plainInspector, inspect: risky },
    });
    await clock.advance(GRACE_MS - 1);
    expect(isOver()).toBe(false);
    await clock.advance(1);
    await over;
  });
});
