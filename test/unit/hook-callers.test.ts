// Who waits at the hook's door, and which denial came too late. What is remembered is bounded.

import { describe, expect, it } from "vitest";
import type { ApprovalId, ToolCall } from "../../src/domain/tool-call.ts";
import type { Posted } from "../../src/doors/hook/call-key.ts";
import { createCallers } from "../../src/doors/hook/callers.ts";

const FROM = {
  sessionId: "s1",
  agentId: undefined,
  agentType: undefined,
  promptId: undefined,
  cwd: undefined,
  requester: undefined,
};
const bash = (command: string): ToolCall => ({ toolName: "Bash", input: { command } });
const idOf = (n: number) => `id${n}` as ApprovalId;

function stage() {
  const callers = createCallers();
  const enter = (call: ToolCall, from: Partial<Posted> = {}) => callers.enter({ ...FROM, ...from, call });
  const ran = (call: ToolCall, from: Partial<Posted & { sessionId: string }> = {}) =>
    callers.toolEnded({ ...FROM, ...from, call } as Parameters<typeof callers.toolEnded>[0]);
  const turnEnded = (from: Partial<Posted & { sessionId: string }> = {}) =>
    callers.turnEnded({ ...FROM, ...from } as Parameters<typeof callers.turnEnded>[0]);
  const deny = (call: ToolCall, id: ApprovalId, from: Partial<Posted> = {}) => {
    const caller = enter(call, from);
    caller.denied(id);
    caller.leave();
  };
  return { callers, enter, ran, turnEnded, deny };
}

describe("a denial", () => {
  it("that came too late is told by the call that ran, once", () => {
    const { deny, ran } = stage();
    deny(bash("ls"), idOf(1));
    expect(ran(bash("pwd"))).toBeUndefined();
    expect(ran(bash("ls"))).toBe(idOf(1));
    expect(ran(bash("ls"))).toBeUndefined();
  });

  it("is forgotten when a hundred newer ones have come: a caller cannot fill the memory with them", () => {
    const { deny, ran } = stage();
    for (let n = 0; n <= 100; n += 1) deny(bash(`ls ${n}`), idOf(n));
    expect(ran(bash("ls 0"))).toBeUndefined();
    expect(ran(bash("ls 1"))).toBe(idOf(1));
    expect(ran(bash("ls 100"))).toBe(idOf(100));
  });

  it("is forgotten when the same call is asked again, and at the end of its turn", () => {
    const { deny, enter, ran, turnEnded } = stage();
    deny(bash("ls"), idOf(1));
    enter(bash("ls")).leave();
    expect(ran(bash("ls"))).toBeUndefined();
    deny(bash("ls"), idOf(2));
    turnEnded({ sessionId: "another" });
    turnEnded();
    expect(ran(bash("ls"))).toBeUndefined();
  });

  it.each([
    ["session", { sessionId: "s2" }],
    ["subagent", { agentId: "a1" }],
    ["token", { requester: "ci" }],
  ])("is not told by the same call of another %s, whose turns do not end it either", (_, other) => {
    const { deny, ran, turnEnded } = stage();
    deny(bash("ls"), idOf(1));
    expect(ran(bash("ls"), other)).toBeUndefined();
    turnEnded(other);
    expect(ran(bash("ls"))).toBe(idOf(1));
  });
});

describe("a caller that waits", () => {
  it.each([
    ["session", { sessionId: "s2" }],
    ["subagent", { agentId: "a1" }],
    ["token", { requester: "ci" }],
  ])("is not released by the events of another %s", (_, other) => {
    const { enter, ran, turnEnded } = stage();
    const { signal } = enter(bash("ls"));
    ran(bash("ls"), other);
    turnEnded(other);
    expect(signal.aborted).toBe(false);
    ran(bash("ls"));
    expect([signal.aborted, signal.reason]).toEqual([true, "terminal"]);
  });

  it("is released by the end of its turn, and by a stop with a cause of its own", () => {
    const { callers, enter, turnEnded } = stage();
    const [first, second] = [enter(bash("ls")), enter(bash("ls"), { agentId: "a1" })];
    turnEnded();
    expect([first.signal.reason, second.signal.aborted]).toEqual(["terminal", false]);
    callers.close();
    expect(second.signal.reason).toBe("shutdown");
  });

  it("is not released any more once it has left", () => {
    const { callers, enter, ran, turnEnded } = stage();
    const caller = enter(bash("ls"));
    caller.leave();
    ran(bash("ls"));
    turnEnded();
    callers.close();
    expect(caller.signal.aborted).toBe(false);
  });
});
