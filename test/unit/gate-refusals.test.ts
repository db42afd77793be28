// What the gate turns away without asking: what comes while it stops, and that one failure is not the next call's.

import { describe, expect, it } from "vitest";
import type { ApprovalStore } from "../../src/core/ports/approval-store.ts";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import { createGateStage, PHONE, plainInspector, SUBMISSION } from "../helpers/gate-stage.ts";

const SHUTDOWN = { status: "cancelled", cause: "shutdown" };
const APPROVE = { kind: "approve", by: PHONE } as const;

describe("a request that is still being looked at when the server stops", () => {
  it("is denied, and nobody is asked", async () => {
    let release = () => {};
    const looked = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { gate, clock, store, asked, stopStage } = createGateStage({
      inspector: { inspect: (call) => looked.then(() => plainInspector.inspect(call)) },
    });
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    const stopped = stopStage();
    release();
    const { outcome, request } = await waiting;
    await stopped;
    expect(outcome).toEqual(SHUTDOWN);
    expect(asked).toEqual([]);
    expect(await store.find(request.id)).toMatchObject({ status: "cancelled" });
  });
});

describe("a request that comes after the stop", () => {
  it("is denied without a row in the record", async () => {
    const { gate, store, asked, stopStage } = createGateStage();
    await stopStage();
    expect((await gate.request(SUBMISSION)).outcome).toEqual(SHUTDOWN);
    expect(asked).toEqual([]);
    expect((await store.browse({}, undefined, 10)).approvals).toEqual([]);
  });
});

describe("a request that could not be recorded", () => {
  it("is asked when the same call comes again: the failure was the first one's alone", async () => {
    let isFull = true;
    const store = (real: ApprovalStore): ApprovalStore => ({
      ...real,
      insert: (request) => (isFull ? Promise.reject(new Error("SQLITE_FULL")) : real.insert(request)),
    });
    const { gate, clock, id } = createGateStage({ store });
    expect((await gate.request(SUBMISSION)).outcome.status).toBe("failed");
    isFull = false;
    const second = gate.request(SUBMISSION);
    await clock.advance(0);
    await gate.resolve(id(), APPROVE);
    expect((await second).outcome).toEqual({ status: "approved", by: PHONE });
  });
});

describe("a decision", () => {
  it("about a request that nobody made is told from one that came too late", async () => {
    const { gate, store } = createGateStage();
    expect(await gate.resolve("abcde" as ApprovalId, APPROVE)).toEqual({ kind: "unknown" });
    expect(await store.find("abcde" as ApprovalId)).toBeUndefined();
  });

  it("that the record cannot be asked about has failed, and approves nothing", async () => {
    const broken = () => Promise.reject(new Error("SQLITE_IOERR"));
    const { gate, clock, id } = createGateStage({ store: (real) => ({ ...real, find: broken }) });
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    clock.sleep(300_000);
    expect(await gate.resolve(id(), APPROVE)).toEqual({ kind: "failed" });
    expect((await waiting).outcome).toEqual({ status: "expired" });
  });
});
