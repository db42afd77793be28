// What the words of an approver do to the server: the lists they get, and that nothing but the machine ends a panic.

import { randomInt } from "node:crypto";
import { describe, expect, it } from "vitest";
import { renderNotice } from "../../src/channels/whatsapp-format/notice.ts";
import { createModeKeeper } from "../../src/core/mode.ts";
import { createPhoneCommandRunner } from "../../src/core/phone-commands.ts";
import type { ApprovalStore } from "../../src/core/ports/approval-store.ts";
import type { Notice } from "../../src/domain/notice.ts";
import type { PhoneCommand } from "../../src/domain/phone-command.ts";
import { newApprovalId } from "../../src/domain/tool-call.ts";
import { createGateStage, type GateStageOptions, PHONE, SUBMISSION } from "../helpers/gate-stage.ts";

const MINUTE_MS = 60_000;

async function createStage(options: GateStageOptions = {}) {
  const stage = createGateStage(options);
  const { gate, grants, store, clock, log } = stage;
  const mode = await createModeKeeper(store, clock, log);
  const run = createPhoneCommandRunner({ gate, mode, grants, clock });
  const rendered = (notice: Notice | undefined) => (notice === undefined ? "" : renderNotice(notice));
  const say = (kind: Exclude<PhoneCommand["kind"], "pause" | "revoke" | "more" | "run" | "kill">) =>
    run({ kind }, PHONE, clock.now()).then(rendered);
  const pause = (minutes: number, at = clock.now()) =>
    run({ kind: "pause", minutes }, PHONE, at).then(rendered);
  const ask = async (count: number) => {
    const before = stage.asked.length;
    for (let nth = before; nth < before + count; nth += 1) {
      const input = { command: `${"echo a-long-command; ".repeat(9)}${nth}` };
      void gate.request({ ...SUBMISSION, call: { toolName: `mcp__${"x".repeat(60)}`, input } });
      await clock.advance(0);
    }
  };
  return { ...stage, mode, say, pause, ask };
}

describe("PENDING", () => {
  it("lists ten requests and counts the rest: the answer fits into one message", async () => {
    const ids = Array.from({ length: 12 }, () => newApprovalId(randomInt));
    const { ask, say, stopStage } = await createStage({ ids });
    await ask(10);
    expect((await say("pending")).split("\n")).toHaveLength(11);
    await ask(2);
    const text = await say("pending");
    const lines = text.split("\n");
    expect([lines[0], lines.length, lines.at(-1)]).toEqual(["12 requests waiting:", 12, "and 2 more"]);
    expect(text.length).toBeLessThanOrEqual(1_600);
    await stopStage();
  });
});

describe("a panic", () => {
  it("is ended by no word of a phone", async () => {
    const { say, pause, mode } = await createStage();
    await say("panic");
    for (const answer of [await say("resume"), await pause(1), await pause(1, 0)]) {
      expect(answer).toBe(await say("panic"));
    }
    expect(mode.current()).toEqual({ kind: "panic", by: PHONE });
  });

  it("takes the place of a pause, and holds when that would be over", async () => {
    const { say, pause, mode, clock } = await createStage();
    await pause(1);
    await say("panic");
    clock.sleep(2 * MINUTE_MS);
    expect(mode.current().kind).toBe("panic");
  });
});

describe("a pause", () => {
  it("ends in the millisecond that it was set to, and not before", async () => {
    const { pause, mode, clock } = await createStage();
    await pause(1);
    clock.sleep(MINUTE_MS - 1);
    expect(mode.current()).toMatchObject({ kind: "paused", by: PHONE });
    clock.sleep(1);
    expect(mode.current()).toEqual({ kind: "open" });
  });

  it("counts from when it was written: one that is read too late is over, and says so", async () => {
    const { pause, mode, clock } = await createStage();
    expect(await pause(1, clock.now() - MINUTE_MS)).toBe("That pause is already over.");
    expect(mode.current()).toEqual({ kind: "open" });
    expect(await pause(1, clock.now() - MINUTE_MS + 1)).not.toBe("That pause is already over.");
    expect(mode.current().kind).toBe("paused");
  });

  it("is ended by RESUME, which says whether there was one", async () => {
    const { pause, say, mode } = await createStage();
    expect(await say("resume")).toBe("Nothing was paused.");
    await pause(30);
    expect(await say("resume")).toBe("Resumed: requests are sent to the phone again.");
    expect(mode.current()).toEqual({ kind: "open" });
  });
});

describe("what holds", () => {
  it("holds although it cannot be recorded, and everybody is told at once", async () => {
    const broken = (real: ApprovalStore): ApprovalStore => ({
      ...real,
      setServiceMode: () => Promise.reject(new Error("SQLITE_FULL")),
    });
    const { say, mode, log } = await createStage({ store: broken });
    const told: string[] = [];
    mode.onClose(({ kind }) => void told.push(kind));
    expect(await say("panic")).toContain(
      "It could not be written down: until that succeeds, it holds only until",
    );
    expect([mode.current().kind, told]).toEqual(["panic", ["panic"]]);
    expect(log.text()).toContain("it holds until the server stops");
    expect(await say("status")).toContain("It could not be written down");
  });

  it("is written down as soon as that succeeds, as it is then, and says so no longer; no timer is left", async () => {
    let isFull = true;
    const broken = (real: ApprovalStore): ApprovalStore => ({
      ...real,
      setServiceMode: (mode) =>
        isFull ? Promise.reject(new Error("SQLITE_FULL")) : real.setServiceMode(mode),
    });
    const { say, pause, mode, store, clock } = await createStage({ store: broken });
    const timers = clock.pending();
    expect(await pause(30)).toContain("It could not be written down");
    await say("panic");
    await clock.advance(60_000);
    expect(await store.serviceMode()).toEqual({ kind: "open" });
    isFull = false;
    await clock.advance(60_000);
    expect(await store.serviceMode()).toEqual({ kind: "panic", by: PHONE });
    expect(await say("status")).not.toContain("written down");
    expect(clock.pending()).toBe(timers);
    expect(mode.isRecorded()).toBe(true);
  });

  it("is tried a last time at the stop, and a RESUME that is not written down says what would come back", async () => {
    let isFull = false;
    const broken = (real: ApprovalStore): ApprovalStore => ({
      ...real,
      setServiceMode: (mode) =>
        isFull ? Promise.reject(new Error("SQLITE_FULL")) : real.setServiceMode(mode),
    });
    const { say, pause, mode, store, clock } = await createStage({ store: broken });
    const timers = clock.pending();
    await pause(30);
    isFull = true;
    expect(await say("resume")).toContain("what held before would hold again after a restart");
    isFull = false;
    await mode.stop();
    expect(await store.serviceMode()).toEqual({ kind: "open" });
    expect(clock.pending()).toBe(timers);
  });

  it("is read from the record at the start, and a record that cannot be read lets nothing start", async () => {
    const { say, store, clock, log } = await createStage();
    await say("panic");
    const next = await createModeKeeper(store, clock, log);
    expect(next.current()).toEqual({ kind: "panic", by: PHONE });
    const unreadable = { ...store, serviceMode: () => Promise.reject(new Error("SQLITE_CORRUPT")) };
    await expect(createModeKeeper(unreadable, clock, log)).rejects.toThrow("SQLITE_CORRUPT");
  });
});
