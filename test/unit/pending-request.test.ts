// One pending request in memory: it releases every caller once, knows whether one of them took the answer, and leaves
// neither timer nor listener.

import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { createPendingRequest, PROGRESS_INTERVAL_MS } from "../../src/core/pending-request.ts";
import type { CancelCause, Outcome } from "../../src/domain/approval.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { PHONE } from "../helpers/gate-stage.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

const APPROVED: Outcome = { status: "approved", by: PHONE };

function stage() {
  const clock = createFakeClock();
  const call = { toolName: "Bash", input: { command: "ls" } };
  const request = waitingRequest({ call, door: "mcp" }, clock.now());
  const events: (CancelCause | "deadline")[] = [];
  const pending = createPendingRequest(request, clock, {
    onDeadline: () => void events.push("deadline"),
    onDeserted: (cause) => void events.push(cause),
  });
  return { clock, pending, events };
}

describe("a pending request", () => {
  it("leaves no timer, and no listener at its callers, however each of them ends", async () => {
    const { clock, pending } = stage();
    const [answered, leaving, gone, late] = Array.from({ length: 4 }, () => new AbortController());
    if (!answered || !leaving || !gone || !late) throw new Error("four controllers");
    gone.abort();
    const answers = [answered, leaving, gone].map(({ signal }) => pending.join({ signal }));
    leaving.abort();
    pending.finish(APPROVED);
    answers.push(pending.join({ signal: late.signal }));
    expect((await Promise.all(answers)).map(({ outcome }) => outcome.status)).toEqual([
      "approved",
      "cancelled",
      "cancelled",
      "cancelled",
    ]);
    for (const { signal } of [answered, leaving, gone, late]) {
      expect(getEventListeners(signal, "abort")).toEqual([]);
    }
    expect(clock.pending()).toBe(0);
  });

  it("ends once: what comes second changes nothing", async () => {
    const { pending } = stage();
    const answer = pending.join({});
    expect(pending.finish({ status: "expired" })).toBe(true);
    expect(pending.finish(APPROVED)).toBe(false);
    expect((await answer).outcome).toEqual({ status: "expired" });
    expect(pending.ended.aborted).toBe(true);
  });

  it("is deserted by its last caller only, who says why, and not after its end", () => {
    const { pending, events } = stage();
    const [first, last] = [new AbortController(), new AbortController()];
    void pending.join({ signal: first.signal });
    void pending.join({ signal: last.signal });
    first.abort("terminal");
    expect([pending.isDeserted(), events]).toEqual([false, []]);
    last.abort("withdrawn");
    expect([pending.isDeserted(), events]).toEqual([true, ["withdrawn"]]);
    pending.finish({ status: "cancelled", cause: "withdrawn" });
    expect(pending.isDeserted()).toBe(false);
  });

  it("tells its callers how things stand at once and every 15 s until its end, and others never", async () => {
    const { clock, pending } = stage();
    const notes: number[] = [];
    const late: number[] = [];
    void pending.join({ onProgress: ({ leftMs }) => void notes.push(leftMs) });
    await clock.advance(2 * PROGRESS_INTERVAL_MS);
    pending.finish(APPROVED);
    await clock.advance(2 * PROGRESS_INTERVAL_MS);
    pending.report();
    void pending.join({ onProgress: ({ leftMs }) => void late.push(leftMs) });
    expect([notes, late]).toEqual([[300_000, 285_000, 270_000], []]);
  });

  it("never says that less than no time is left", async () => {
    const { clock, pending } = stage();
    const notes: number[] = [];
    void pending.join({ onProgress: ({ leftMs }) => void notes.push(leftMs) });
    clock.sleep(400_000);
    pending.report();
    expect(notes).toEqual([300_000, 0]);
    pending.finish({ status: "expired" });
  });
});

describe("whether an answer was taken", () => {
  /** Ends a request that so many wait for. @returns their answers, and what is known of it once all has settled */
  async function ended(callers: number) {
    const { clock, pending } = stage();
    const answers = Array.from({ length: callers }, () => pending.join({}));
    pending.finish(APPROVED);
    let known: boolean | undefined;
    void pending.acknowledged.then((taken) => {
      known = taken;
    });
    const settled = async () => {
      await clock.advance(0);
      return known;
    };
    return { answers: await Promise.all(answers), settled };
  }

  it("is known with the first caller that took it, whatever the others say", async () => {
    const { answers, settled } = await ended(3);
    answers[0]?.acknowledge(false);
    expect(await settled()).toBeUndefined();
    answers[1]?.acknowledge(true);
    expect(await settled()).toBe(true);
    answers[2]?.acknowledge(false);
    expect(await settled()).toBe(true);
  });

  it("is known to be false only when all have said so, each of them once", async () => {
    const { answers, settled } = await ended(2);
    answers[0]?.acknowledge(false);
    answers[0]?.acknowledge(false);
    answers[0]?.acknowledge(true);
    expect(await settled()).toBeUndefined();
    answers[1]?.acknowledge(false);
    expect(await settled()).toBe(false);
  });

  it("is false at once where nobody waits", async () => {
    const { settled } = await ended(0);
    expect(await settled()).toBe(false);
  });
});
