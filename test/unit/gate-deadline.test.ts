// The moments in which things meet: the deadline and a tap, a caller that leaves and one that joins, two doors and a call.
import { describe, expect, it } from "vitest";
import { createGateStage, PHONE, SUBMISSION } from "../helpers/gate-stage.ts";

const APPROVE = { kind: "approve", by: PHONE } as const;

describe("an approval", () => {
  it("counts one millisecond before the deadline", async () => {
    const { gate, id, clock } = createGateStage();
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    clock.sleep(299_999);
    expect(await gate.resolve(id(), APPROVE)).toMatchObject({ kind: "decided" });
    expect((await waiting).outcome).toEqual({ status: "approved", by: PHONE });
  });

  it("does not count in the very millisecond of the deadline, although no timer has fired", async () => {
    const { gate, id, clock, store } = createGateStage();
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    clock.sleep(300_000);
    expect(await gate.resolve(id(), APPROVE)).toMatchObject({
      kind: "stale",
      approval: { status: "expired" },
    });
    expect((await waiting).outcome).toEqual({ status: "expired" });
    expect(await store.find(id())).toMatchObject({ status: "expired" });
    expect(clock.pending()).toBe(0);
  });
});

describe("the last caller that leaves", () => {
  it("does not end the request for one that joins in that moment", async () => {
    const { gate, id, clock, store } = createGateStage();
    const leaver = new AbortController();
    const first = gate.request(SUBMISSION, { signal: leaver.signal });
    await clock.advance(0);
    const second = gate.request(SUBMISSION);
    leaver.abort();
    expect((await first).outcome).toEqual({ status: "cancelled", cause: "disconnected" });
    await clock.advance(0);
    expect(await store.find(id())).toMatchObject({ status: "pending" });
    await gate.resolve(id(), APPROVE);
    expect((await second).outcome).toEqual({ status: "approved", by: PHONE });
  });

  it("ends it when nobody has joined", async () => {
    const { gate, id, clock, store } = createGateStage();
    const leaver = new AbortController();
    const first = gate.request(SUBMISSION, { signal: leaver.signal });
    await clock.advance(0);
    leaver.abort();
    await first;
    await clock.advance(0);
    expect(await store.find(id())).toMatchObject({ status: "cancelled" });
    expect(gate.waiting()).toEqual([]);
  });
});

describe("one call through two doors", () => {
  it.each([
    [2_000, 1],
    [2_001, 2],
  ])("%i ms apart is asked %i times", async (apartMs, times) => {
    const { gate, clock, asked, stopStage } = createGateStage();
    const submission = { call: SUBMISSION.call, cwd: "/code/web-shop" };
    void gate.request({ ...submission, call: { ...submission.call, toolUseId: "toolu_1" }, door: "mcp" });
    await clock.advance(0);
    clock.pass(apartMs);
    const { toolUseId, ...call } = submission.call;
    void gate.request({ ...submission, call, door: "hook" });
    await clock.advance(0);
    expect(asked).toHaveLength(times);
    await stopStage();
  });
});

describe("a request that finds no free id", () => {
  it("is denied after a number of attempts, and asks nobody", async () => {
    let attempts = 0;
    const insert = async () => {
      attempts += 1;
      if (attempts > 1_000) throw new Error("it is tried without an end");
      return false;
    };
    const { gate, asked, log } = createGateStage({ store: (real) => ({ ...real, insert }) });
    const { outcome } = await gate.request(SUBMISSION);
    expect(outcome.status).toBe("failed");
    expect(attempts).toBeLessThanOrEqual(1_000);
    expect(log.text()).toContain("denied");
    expect([asked.length, gate.waiting().length]).toEqual([0, 0]);
  });
});
