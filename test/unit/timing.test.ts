// Time limits: what ends a wait, and that nothing is left of it afterwards.
import { getEventListeners } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it, vi } from "vitest";
import { pause, waitAtMost, withDeadline } from "../../src/core/timing.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";

const never = () => new Promise<never>(() => {});
/** Rejects with its signal's reason, and holds on to nothing but its listener. */
const obedient = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

/** Nothing that waits may keep a timer or a listener once it is over. */
function stage() {
  const clock = createFakeClock();
  const outer = new AbortController();
  return {
    clock,
    outer,
    left: () => clock.pending() + getEventListeners(outer.signal, "abort").length,
  };
}

describe("a deadline", () => {
  it("hands on what the work brings in time", async () => {
    const { clock, outer, left } = stage();
    const work = withDeadline(1_000, async () => "done", { clock, signal: outer.signal });
    await expect(work).resolves.toBe("done");
    expect(left()).toBe(0);
  });

  it.each([
    ["rejects", async () => Promise.reject(new Error("refused"))],
    [
      "throws",
      () => {
        throw new Error("refused");
      },
    ],
  ])("hands on what the work %s with", async (_how, work) => {
    const { clock, outer, left } = stage();
    await expect(withDeadline(1_000, work, { clock, signal: outer.signal })).rejects.toThrow("refused");
    expect(left()).toBe(0);
  });

  it.each([
    ["ignores its signal", never],
    ["obeys its signal", obedient],
  ])("ends at the limit and not before, when the work %s", async (_how, work) => {
    const { clock, outer, left } = stage();
    const outcome = vi.fn();
    void withDeadline(1_000, work, { clock, signal: outer.signal }).catch(outcome);
    await clock.advance(999);
    expect(outcome).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(outcome).toHaveBeenCalledWith(
      expect.objectContaining({ code: "ETIMEDOUT", message: "no answer within 1000 ms" }),
    );
    expect(left()).toBe(0);
  });

  it("rejects with the reason that it was given, and tells the work the same", async () => {
    const { clock } = stage();
    const late = new Error("the inspection took too long");
    let seen: AbortSignal | undefined;
    const work = withDeadline(
      1_000,
      (signal) => {
        seen = signal;
        return never();
      },
      { clock, reason: () => late },
    );
    const outcome = expect(work).rejects.toBe(late);
    await clock.advance(1_000);
    await outcome;
    expect(seen?.reason).toBe(late);
  });

  it("ends as soon as the caller gives up, with the caller's reason, and tells the work", async () => {
    const { clock, outer, left } = stage();
    let seen: AbortSignal | undefined;
    const work = withDeadline(
      1_000,
      (signal) => {
        seen = signal;
        return never();
      },
      { clock, signal: outer.signal },
    );
    outer.abort("nobody waits");
    await expect(work).rejects.toBe("nobody waits");
    expect(seen?.reason).toBe("nobody waits");
    expect(left()).toBe(0);
  });

  it("does not begin the work when the caller has given up before", async () => {
    const { clock, outer, left } = stage();
    outer.abort("nobody waits");
    const work = vi.fn(never);
    await expect(withDeadline(1_000, work, { clock, signal: outer.signal })).rejects.toBe("nobody waits");
    expect(work).not.toHaveBeenCalled();
    expect(left()).toBe(0);
  });

  // AbortSignal.any([signal, AbortSignal.timeout(ms)]) loses its time-out here, and the wait never ends.
  it("comes although memory is collected while it runs, with the real timer", async () => {
    setFlagsFromString("--expose-gc");
    const collect: unknown = runInNewContext("gc");
    if (typeof collect !== "function") throw new Error("the garbage collector cannot be called");
    const { outer } = stage();
    const work = withDeadline(20, obedient, { signal: outer.signal });
    const outcome = expect(work).rejects.toMatchObject({ code: "ETIMEDOUT" });
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise(setImmediate);
      collect();
    }
    await outcome;
  });
});

describe("a wait for work that must not hold anything up", () => {
  it.each([
    ["the work", Promise.resolve(), 0],
    ["the limit", never(), 1_000],
  ])("ends with %s", async (_what, work, ms) => {
    const { clock } = stage();
    const over = vi.fn();
    const waiting = waitAtMost(1_000, work, clock).then(over);
    if (ms > 0) await clock.advance(ms - 1);
    if (ms > 0) expect(over).not.toHaveBeenCalled();
    await clock.advance(Math.min(ms, 1));
    await waiting;
    expect(clock.pending()).toBe(0);
  });

  it("hands on a failure of the work", async () => {
    const { clock } = stage();
    await expect(waitAtMost(1_000, Promise.reject(new Error("broken")), clock)).rejects.toThrow("broken");
    expect(clock.pending()).toBe(0);
  });
});

describe("a pause", () => {
  it("lasts as long as it was told to", async () => {
    const { clock, outer, left } = stage();
    const over = vi.fn();
    void pause(500, clock, outer.signal).then(over);
    await clock.advance(499);
    expect(over).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(over).toHaveBeenCalled();
    expect(left()).toBe(0);
  });

  it("ends as soon as the caller gives up, before and while it lasts", async () => {
    const { clock, outer, left } = stage();
    const waiting = pause(500, clock, outer.signal);
    outer.abort("nobody waits");
    await expect(waiting).rejects.toBe("nobody waits");
    await expect(pause(500, clock, outer.signal)).rejects.toBe("nobody waits");
    expect(left()).toBe(0);
  });
});
