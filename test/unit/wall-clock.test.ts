// A wall clock that is set, and a machine that sleeps: neither makes a wait longer, holds a message back, or lets an
// approval count after its time.
import { describe, expect, it } from "vitest";
import { createPolling } from "../../src/channels/twilio/receive/polling.ts";
import { createSentMessages } from "../../src/channels/twilio/send/find-sent-message.ts";
import { createTwilioTime } from "../../src/channels/twilio/twilio-time.ts";
import type { Progress } from "../../src/core/pending-request.ts";
import { clockCheck } from "../../src/doctor/clock.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createGateStage, PHONE, SUBMISSION } from "../helpers/gate-stage.ts";
import { createKeptLog } from "../helpers/silent-log.ts";

const HOUR_MS = 3_600_000;
const APPROVE = { kind: "approve", by: PHONE } as const;

describe("a request that waits while the clock is set back by an hour", () => {
  it("ends by its deadline all the same", async () => {
    const { gate, clock } = createGateStage();
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    clock.setBack(HOUR_MS);
    await clock.advance(300_000);
    expect((await waiting).outcome).toEqual({ status: "expired" });
  });

  it("is never said to wait longer than it does", async () => {
    const { gate, clock } = createGateStage();
    const seen: Progress[] = [];
    void gate.request(SUBMISSION, { onProgress: (progress) => seen.push(progress) });
    await clock.advance(0);
    clock.setBack(HOUR_MS);
    await clock.advance(60_000);
    const left = seen.map(({ leftMs }) => leftMs);
    expect(Math.max(...left)).toBe(300_000);
    expect(left.at(-1)).toBe(240_000);
  });

  it("takes a tap", async () => {
    const { gate, id, clock } = createGateStage();
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    clock.setBack(HOUR_MS);
    expect(await gate.resolve(id(), APPROVE)).toMatchObject({ kind: "decided" });
    expect((await waiting).outcome).toMatchObject({ status: "approved" });
  });

  it("does not take one after its time, whatever the wall clock says", async () => {
    const { gate, id, clock, store } = createGateStage();
    void gate.request(SUBMISSION);
    await clock.advance(0);
    clock.setBack(HOUR_MS);
    await clock.advance(300_001);
    expect(await gate.resolve(id(), APPROVE)).toMatchObject({ kind: "stale" });
    expect(await store.find(id())).toMatchObject({ status: "expired" });
  });
});

it("the age of a request is told by the clock that says more", async () => {
  const { gate, id, clock, stopStage } = createGateStage();
  void gate.request(SUBMISSION);
  await clock.advance(20_000);
  clock.setBack(HOUR_MS);
  expect(gate.ageOf(id())).toBe(20_000);
  clock.sleep(HOUR_MS + 60_000);
  expect(gate.ageOf(id())).toBe(80_000);
  await stopStage();
  expect(gate.ageOf(id())).toBeUndefined();
});

it("a machine that slept through the deadline ends the request soon after it wakes", async () => {
  const { gate, clock } = createGateStage();
  const waiting = gate.request(SUBMISSION);
  await clock.advance(1_000);
  clock.sleep(HOUR_MS);
  await clock.advance(15_000);
  expect((await waiting).outcome).toEqual({ status: "expired" });
  expect(clock.pending()).toBe(0);
});

it("one call through both doors is one request although the clock is set between them", async () => {
  const { gate, clock, asked } = createGateStage();
  const place = { ...SUBMISSION, cwd: "/code/web-shop", toolUseId: undefined };
  void gate.request({ ...place, door: "mcp" });
  await clock.advance(0);
  clock.setBack(HOUR_MS);
  void gate.request({ ...place, door: "hook" });
  await clock.advance(0);
  expect(asked).toHaveLength(1);
});

it("polling goes on at its pace when the clock is set back", async () => {
  const clock = createFakeClock();
  let runs = 0;
  const polling = createPolling({
    run: async () => void runs++,
    wanted: () => true,
    clock,
    log: createKeptLog(),
  });
  polling.changed();
  await clock.advance(0);
  clock.setBack(HOUR_MS);
  await clock.advance(20_000);
  expect(runs).toBe(11);
  await polling.stop();
});

describe("Twilio's time", () => {
  it("is this machine's until Twilio has answered, and Twilio's from then on, whatever is set here", async () => {
    const clock = createFakeClock();
    const time = createTwilioTime(clock, createKeptLog());
    expect([time.now(), time.skewMs()]).toEqual([clock.now(), undefined]);
    const twilio = clock.now() - 16 * 60_000;
    time.note(twilio);
    expect([time.now(), time.skewMs()]).toEqual([twilio, 16 * 60_000]);
    clock.setBack(HOUR_MS);
    await clock.advance(5_000);
    expect([time.now(), time.skewMs()]).toEqual([twilio + 5_000, 16 * 60_000 - HOUR_MS]);
  });

  it("is told to the log once, when it differs by more than a minute", () => {
    const clock = createFakeClock();
    const log = createKeptLog();
    const time = createTwilioTime(clock, log);
    for (const aheadMs of [60_000, -60_000, 960_000, 970_000]) time.note(clock.now() - aheadMs);
    expect(log.entries).toEqual([
      {
        level: "warn",
        fields: { aheadSeconds: 960 },
        message: "this computer's clock differs from Twilio's",
      },
    ]);
  });

  it.each([
    [undefined, "ok", "not compared: Twilio did not answer"],
    [60_000, "ok", "agrees with Twilio's"],
    [960_000, "warning", "this computer's clock is 16 min ahead of Twilio's"],
    [-7_200_000, "warning", "this computer's clock is 2 h behind Twilio's"],
  ])("with a skew of %j ms is, for doctor: %s, %s", async (skew, status, detail) => {
    const check = clockCheck({ readSkew: async () => skew, toleratedMs: 60_000 });
    expect(await check.run()).toMatchObject({ status, detail });
  });

  it("decides which message is too old to be the one that was sent a moment ago", async () => {
    const clock = createFakeClock();
    const time = createTwilioTime(clock, createKeptLog());
    // This machine is 16 minutes ahead, which only the answer to the look tells.
    const twilioNow = clock.now() - 16 * 60_000;
    const listed = (agoMs: number) => ({
      sid: `SM${agoMs}`,
      body: "hello",
      dateCreated: new Date(twilioNow - agoMs),
    });
    const sent = createSentMessages(
      {
        list: async () => {
          time.note(twilioNow);
          return [listed(2_000), listed(10 * 60_000)];
        },
      },
      "whatsapp:+14155238886",
    );
    const message = { to: "+15005550006" as Phone, content: { body: "hello" }, priority: "request" } as const;
    expect(await sent.find(message, () => time.now() - 3_000)).toBe("SM2000");
    sent.remember("SM2000");
    expect(await sent.find(message, () => time.now() - 3_000)).toBeUndefined();
  });
});

it("a listed message without a text or a date is none that is sought, and breaks nothing", async () => {
  const blank = { sid: "SM1", body: null, dateCreated: null };
  const undated = { sid: "SM2", body: "hello", dateCreated: null };
  const sent = createSentMessages({ list: async () => [blank, undated] }, "whatsapp:+14155238886");
  const to = "+15005550006" as Phone;
  const look = (body: string) => sent.find({ to, content: { body }, priority: "request" }, () => 1);
  expect(await look("other")).toBeUndefined();
  expect(await look("hello")).toBe("SM2");
});
