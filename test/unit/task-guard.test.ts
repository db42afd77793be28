// What a task is held to: its token, and its number of questions.
import { describe, expect, it } from "vitest";
import type { JournalRequest } from "../../src/core/ports/journal.ts";
import { LimitError, limitNobody } from "../../src/core/request-limiter.ts";
import type { Outcome } from "../../src/domain/approval.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { createTaskGuard } from "../../src/tasks/task-guard.ts";

const asked = (id: string, requester = "task s1") => ({ id: id as ApprovalId, requester }) as JournalRequest;

describe("a task's token", () => {
  it("is another one for each turn, and counts until its end", () => {
    const guard = createTaskGuard();
    const [first, second] = [guard.begin("task s1", 5), guard.begin("task s2", 5)];
    expect(first.token).not.toBe(second.token);
    expect(guard.tokenOf(first.token)).toEqual({ requester: "task s1" });
    first.end();
    expect(guard.tokenOf(first.token)).toBe("ended");
    expect(guard.tokenOf(second.token)).toEqual({ requester: "task s2" });
    expect(guard.tokenOf("task_guess")).toBe("ended");
    expect(guard.tokenOf("another-token-that-is-long")).toBeUndefined();
  });
});

describe("a task's questions", () => {
  const settle = (outcome: Outcome) => {
    const guard = createTaskGuard();
    guard.begin("task s1", 1);
    guard.journal.asked(asked("abcde"));
    guard.journal.ended({ request: asked("abcde"), outcome, tookMs: 1, delivery: "sent" });
    return guard.limit(limitNobody).admit("task s1");
  };

  it("are used up by what a person was asked, whatever came of it", async () => {
    const by = "+15005550006" as Phone;
    for (const outcome of [
      { status: "approved", by },
      { status: "denied", by },
      { status: "expired" },
    ] as const)
      await expect(settle(outcome)).rejects.toBeInstanceOf(LimitError);
  });

  it("are not used up by what the policy or a grant decides", async () => {
    for (const outcome of [
      { status: "approved", by: "policy", rule: "x" },
      { status: "approved", by: "grant" },
      { status: "blocked", rule: "x" },
    ] as const)
      await expect(settle(outcome)).resolves.toBeTypeOf("function");
  });

  it("are those of its own: nobody else's count, and nobody else is held to them", async () => {
    const guard = createTaskGuard();
    guard.begin("task s1", 1);
    guard.journal.asked(asked("abcde", "ci"));
    const { admit } = guard.limit(limitNobody);
    await expect(admit("task s1")).resolves.toBeTypeOf("function");
    await expect(admit("ci")).resolves.toBeTypeOf("function");
    await expect(admit(undefined)).resolves.toBeTypeOf("function");
  });

  it("are none once it has ended", async () => {
    const guard = createTaskGuard();
    guard.begin("task s1", 1).end();
    await expect(guard.limit(limitNobody).admit("task s1")).rejects.toBeInstanceOf(LimitError);
  });

  it("count from the moment that they come in: many at once are not more than one after the other", async () => {
    const guard = createTaskGuard();
    guard.begin("task s1", 2);
    const { admit } = guard.limit(limitNobody);
    const came = await Promise.allSettled([1, 2, 3, 4, 5].map(() => admit("task s1")));
    expect(came.map(({ status }) => status)).toEqual([
      ...["fulfilled", "fulfilled"],
      ...["rejected", "rejected", "rejected"],
    ]);
  });

  it("are given back where nobody could be asked, and counted once where somebody was", async () => {
    const guard = createTaskGuard();
    const running = guard.begin("task s1", 1);
    const { admit } = guard.limit(limitNobody);
    const leave = await admit("task s1");
    leave();
    expect(running.asked()).toBe(0);
    const later = await admit("task s1");
    guard.journal.asked(asked("abcde"));
    expect(running.asked()).toBe(1);
    later();
    expect(running.asked()).toBe(1);
    await expect(admit("task s1")).rejects.toBeInstanceOf(LimitError);
  });

  it("are not used up by what the limit of every caller refuses", async () => {
    const guard = createTaskGuard();
    guard.begin("task s1", 1);
    let isFull = true;
    const { admit } = guard.limit({
      async admit() {
        if (isFull) throw new Error("full");
        return () => {};
      },
    });
    await expect(admit("task s1")).rejects.toThrow("full");
    isFull = false;
    await expect(admit("task s1")).resolves.toBeTypeOf("function");
  });
});
