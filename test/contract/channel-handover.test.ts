// Two channels to one person, for each pair: the first one dies and hands over. Nothing is lost, nobody is asked twice on one channel, the
// first answer decides, and whoever has the message elsewhere is told.
import { describe, expect, it } from "vitest";
import { type ChannelName, CHANNELS } from "../../src/domain/channel.ts";
import type { PermissionAnswer } from "../helpers/server-stage.ts";
import { startWorlds } from "../helpers/channel-world/start.ts";
import { answer, answerLate, bash, countOf } from "./channel.ts";

const PAIRS = CHANNELS.flatMap((one) => CHANNELS.filter((other) => other !== one).map((other) => [one, other] as const));
const env = { APPROVAL_TIMEOUT_SECONDS: "120", ESCALATE_AFTER_SECONDS: "60" };
const ALLOWED = { behavior: "allow" } as const;
const DENIED = { behavior: "deny" } as const;
const REQUEST = "Approval Request";
const reason = (given: PermissionAnswer | undefined) => (given?.behavior === "deny" ? given.message : "");

describe.each(PAIRS)("from %s to %s", (first, second) => {
  const start = (more: Readonly<Record<string, string>> = {}) =>
    startWorlds([first, second] as ChannelName[], { env: { ...env, ...more } });

  it("where the first one refuses: the second one asks at once, and the record says why", async () => {
    const stage = await start();
    stage.world(first).refuse("message");
    const at = stage.clock.now();
    const call = stage.call();
    const asked = await stage.asked(0, second);
    expect(stage.clock.now() - at).toBeLessThan(30_000);
    await answer(stage, asked, "approve", second);
    expect(await call.answer).toMatchObject(ALLOWED);
    await stage.told(`✅ ${asked.id} approved: Claude has the answer`, second);
    expect(stage.world(first).chat()).toEqual([]);
    expect(countOf(stage, REQUEST, second)).toBe(1);
    expect(stage.events("rerouted")).toMatchObject([{ from: first, to: second, why: expect.stringMatching(/.{10}/) }]);
  });

  it("where the first one is down: the second one asks, and nothing comes over the first one later", async () => {
    const stage = await start();
    const { wire } = stage.world(first);
    await wire.down();
    const call = stage.call();
    const asked = await stage.asked(0, second);
    await answer(stage, asked, "deny", second);
    expect(await call.answer).toMatchObject(DENIED);
    await wire.up();
    await stage.clock.lapse(60_000);
    expect(countOf(stage, REQUEST, first)).toBe(0);
    expect(countOf(stage, REQUEST, second)).toBe(1);
  });

  it("where the first one hangs while sending: the second one asks before the deadline, and each at most once", async () => {
    const stage = await start();
    const { wire } = stage.world(first);
    const goOn = wire.every("send", { kind: "hang" });
    const call = stage.call();
    const asked = await stage.asked(0, second);
    await answer(stage, asked, "approve", second);
    expect(await call.answer).toMatchObject(ALLOWED);
    goOn();
    await stage.clock.lapse(60_000);
    expect(countOf(stage, REQUEST, first)).toBe(0);
    expect(countOf(stage, REQUEST, second)).toBe(1);
  });

  it("where the first one takes the message and never says so: an answer there counts, also after the second one has asked", async () => {
    const stage = await start();
    stage.world(first).wire.next("send", { kind: "hang", done: true });
    const call = stage.call();
    const shown = await stage.asked(0, first);
    const asked = await stage.asked(0, second);
    expect(asked.id).toBe(shown.id);
    await answer(stage, shown, "deny", first);
    expect(await call.answer).toMatchObject(DENIED);
    await answerLate(stage, asked, "approve", second);
    await stage.told(`${asked.id} was already denied`, second);
    expect(countOf(stage, "approved", first) + countOf(stage, "approved", second)).toBe(0);
    expect(countOf(stage, REQUEST, first)).toBe(1);
    expect(countOf(stage, REQUEST, second)).toBe(1);
  });

  it("where the first one takes the message and does not deliver it: the second one asks, or the time does", async () => {
    const stage = await start();
    const { traits, loseNext } = stage.world(first);
    if (traits.hasReceipts) loseNext();
    const at = stage.clock.now();
    const call = stage.call();
    await stage.asked(0, first);
    const asked = await stage.asked(0, second);
    const passed = stage.clock.now() - at;
    // Without receipts nobody knows that it was lost: the next channel asks when nobody has answered for a while.
    if (traits.hasReceipts) expect(passed).toBeLessThan(30_000);
    else expect(passed).toBeGreaterThanOrEqual(60_000);
    await answer(stage, asked, "approve", second);
    expect(await call.answer).toMatchObject(ALLOWED);
    expect(countOf(stage, REQUEST, second)).toBe(1);
  });

  it("where nobody answers on the first one: both are asked, the first answer decides, the other phone is told", async () => {
    const stage = await start();
    const call = stage.call();
    const early = await stage.asked(0, first);
    await stage.clock.lapse(50_000);
    expect(countOf(stage, REQUEST, second)).toBe(0);
    await stage.clock.lapse(15_000);
    const late = await stage.asked(0, second);
    await answer(stage, late, "approve", second);
    expect(await call.answer).toMatchObject(ALLOWED);
    await stage.told(`✅ ${late.id} approved: Claude has the answer`, second);
    await stage.told(new RegExp(`✅ ${early.id} approved by .*: Claude has the answer`), first);
    await answerLate(stage, early, "deny", first);
    await stage.told(`${early.id} was already approved`, first);
    expect(countOf(stage, REQUEST, first)).toBe(1);
    expect(countOf(stage, REQUEST, second)).toBe(1);
    expect(stage.events("rerouted")).toMatchObject([{ from: first, to: second, why: "nobody has answered" }]);
  });

  it("at once with no delay: both are asked, and two answers at the same moment decide once", async () => {
    const stage = await start({ ESCALATE_AFTER_SECONDS: "0" });
    const call = stage.call();
    const [one, other] = [await stage.asked(0, first), await stage.asked(0, second)];
    await Promise.all([answer(stage, one, "deny", first), answer(stage, other, "approve", second)]);
    const { behavior } = await call.answer;
    const [winner, loser] = behavior === "allow" ? [second, first] : [first, second];
    const done = behavior === "allow" ? "approved" : "denied";
    await stage.told(`${one.id} ${done}: Claude has the answer`, winner);
    await stage.told(`${one.id} was already ${done}`, loser);
    const undone = behavior === "allow" ? "denied" : "approved";
    for (const name of [first, second]) expect(countOf(stage, `${one.id} ${undone}`, name)).toBe(0);
  });

  it("where both refuse: the caller is told at once, with the reason", async () => {
    const stage = await start();
    for (const name of [first, second]) stage.world(name).refuse("message");
    const at = stage.clock.now();
    expect(reason(await stage.call().answer)).toMatch(/did not run\. Tell the person: .{10}/);
    expect(stage.clock.now() - at).toBeLessThan(60_000);
    // And neither is worn out by it.
    const next = stage.call(bash("echo next"));
    await answer(stage, await stage.asked(0, first), "approve", first);
    expect(await next.answer).toMatchObject(ALLOWED);
  });

  it("where the first one dies while its message waits: the answer is taken on the second one, which asks in time", async () => {
    const stage = await start();
    const call = stage.call();
    const early = await stage.asked(0, first);
    await stage.world(first).wire.down();
    await stage.clock.lapse(65_000);
    const late = await stage.asked(0, second);
    expect(late.id).toBe(early.id);
    await answer(stage, late, "approve", second);
    expect(await call.answer).toMatchObject(ALLOWED);
    await stage.told(`✅ ${late.id} approved: Claude has the answer`, second);
    expect(countOf(stage, REQUEST, second)).toBe(1);
  });
});

describe("over all three", () => {
  it("two that are dead leave the third one, which asks once", async () => {
    const stage = await startWorlds([...CHANNELS], { env });
    const [first, second, third] = CHANNELS;
    stage.world(first).refuse("person");
    stage.world(second).refuse("person");
    const call = stage.call();
    const asked = await stage.asked(0, third);
    await answer(stage, asked, "approve", third);
    expect(await call.answer).toMatchObject(ALLOWED);
    expect(countOf(stage, REQUEST, third)).toBe(1);
    expect(stage.events("rerouted").map(({ from, to }) => [from, to])).toEqual([
      [first, second],
      [second, third],
    ]);
  });

  it("a PANIC on any of them denies what was asked on another", async () => {
    const stage = await startWorlds([...CHANNELS], { env });
    const call = stage.call();
    await stage.asked(0, "whatsapp");
    await stage.world("telegram").write("PANIC");
    expect(reason(await call.answer)).toContain("stopped all approvals");
    await stage.told("Stopped: ", "telegram");
  });
});
