// A platform in trouble, over each channel: the deadline holds, the caller gets its answer, nothing is asked twice, and nobody is told what
// is not so.
import { describe, expect, it, vi } from "vitest";
import { startWorlds, type WorldStage } from "../helpers/channel-world/start.ts";
import type { WireFault } from "../helpers/channel-world/wire.ts";
import type { PermissionAnswer } from "../helpers/server-stage.ts";
import { answer, answerLate, bash, countOf, overEachChannel } from "./channel.ts";

/** The shortest that a test needs. */
const env = { APPROVAL_TIMEOUT_SECONDS: "60" };
const DENIED = { behavior: "deny" } as const;
const reason = (given: PermissionAnswer | undefined) => (given?.behavior === "deny" ? given.message : "");

/** Whatever became of a call: what Claude was answered and what the person reads must agree. */
async function expectAgreement(stage: WorldStage, id: string, given: PermissionAnswer): Promise<void> {
  if (given.behavior === "allow") {
    await stage.told(`✅ ${id} approved: Claude has the answer`);
    return;
  }
  expect(reason(given)).toMatch(/did not run|nothing was approved/i);
  expect(countOf(stage, "approved: Claude has the answer")).toBe(0);
}

// Between its attempts at Twilio the server pauses for 7 to 14 s in all, by a clock of its library.
vi.setConfig({ testTimeout: 45_000 });

overEachChannel((channel) => {
  describe("a platform that hangs on sending", () => {
    it("does not hold the caller past the deadline, and nothing is sent for the request after it", async () => {
      const stage = await startWorlds([channel], { env });
      const { wire } = stage.world();
      const goOn = wire.every("send", { kind: "hang" });
      const call = stage.call();
      await stage.until("the first try", () => wire.calls("send") > 0);
      await stage.clock.lapse(61_000);
      expect(reason(await call.answer)).toMatch(/did not run/);
      goOn();
      await stage.clock.lapse(60_000);
      expect(countOf(stage, "Approval Request")).toBe(0);
      // And the next one goes through.
      const next = stage.call(bash("echo next"));
      await answer(stage, await stage.asked(), "approve");
      expect(await next.answer).toMatchObject({ behavior: "allow" });
    });
  });

  describe.each([
    ["hangs", { kind: "hang" }],
    ["hangs after it has taken the message", { kind: "hang", done: true }],
    ["breaks the connection", { kind: "break" }],
    ["breaks the connection in the middle of its answer", { kind: "break", done: true }],
  ] as readonly (readonly [string, WireFault])[])("a platform that %s once", (_, fault) => {
    it("shows a request once at most; what the person answers and what Claude is told agree", async () => {
      const stage = await startWorlds([channel], { env });
      const { wire, traits } = stage.world();
      wire.next("send", fault);
      const call = stage.call();
      const isShown = () => countOf(stage, "Approval Request") > 0;
      await stage.until("a message or an end", () => call.ended() !== undefined || isShown());
      const isTaken = "done" in fault && fault.done === true;
      if (isShown()) {
        // Nobody knows yet that it has arrived. Whatever would be sent again is sent before it is answered.
        const asked = await stage.asked();
        const tries = () => wire.calls("other") + wire.calls("send");
        const before = tries();
        if (isTaken && traits.unknownSend === "looked for")
          await stage.until("a look for it", () => tries() > before);
        await stage.clock.lapse(8_000);
        await answer(stage, asked, "approve");
        await stage.clock.lapse(30_000);
        await expectAgreement(stage, asked.id, await call.answer);
      } else {
        expect(reason(await call.answer)).toContain("may have arrived all the same");
      }
      await stage.clock.lapse(60_000);
      expect(countOf(stage, "Approval Request")).toBeLessThanOrEqual(1);
      // Where the platform can be asked what it has taken, the request is shown in any case.
      if (traits.unknownSend === "looked for" || isTaken) expect(countOf(stage, "Approval Request")).toBe(1);
      else expect(countOf(stage, "Approval Request")).toBe(0);
    });
  });

  it("a platform that is slow to say that it took a message: the person's answer counts before that", async () => {
    const stage = await startWorlds([channel], { env });
    let say = () => {};
    const until = new Promise<void>((resolve) => {
      say = resolve;
    });
    stage.world().wire.next("send", { kind: "hold", until });
    const call = stage.call();
    const asked = await stage.asked();
    await answer(stage, asked, "approve");
    expect(await call.answer).toMatchObject({ behavior: "allow" });
    say();
    await stage.told(`✅ ${asked.id} approved: Claude has the answer`);
    expect(countOf(stage, "Approval Request")).toBe(1);
  });

  describe("a platform that refuses", () => {
    it("a message ends the wait at once, with the reason and what to do", async () => {
      const stage = await startWorlds([channel], { env });
      stage.world().refuse("message");
      const at = stage.clock.now();
      const call = stage.call();
      const given = await call.answer;
      expect(reason(given)).toMatch(/It did not run\. Tell the person: .{10}/);
      expect(stage.clock.now() - at).toBeLessThan(30_000);
      expect(countOf(stage, "Approval Request")).toBe(0);
      const next = stage.call(bash("echo next"));
      await answer(stage, await stage.asked(), "approve");
      expect(await next.answer).toMatchObject({ behavior: "allow" });
    });

    it("the person for good denies every call, each with what to do", async () => {
      const stage = await startWorlds([channel], { env });
      stage.world().refuse("person");
      for (const command of ["echo one", "echo two"])
        expect(reason(await stage.call(bash(command)).answer)).toMatch(
          /did not run\. Tell the person: .{10}/,
        );
      expect(countOf(stage, "Approval Request")).toBe(0);
      expect(stage.server().waiting()).toEqual([]);
    });

    it("one part of a long call: the message that takes the answer is not sent, and the call is denied", async () => {
      const stage = await startWorlds([channel], { env });
      const { traits, refuse, wire } = stage.world();
      // The part before the last one.
      refuse(...(traits.hasButtons ? (["message"] as const) : (["message", "message"] as const)));
      const command = Array.from({ length: 120 }, (_, at) => `echo ${at} ${"x".repeat(60)}`).join("\n");
      const call = stage.call(bash(command, "long"));
      expect(reason(await call.answer)).toMatch(/did not run/);
      expect(countOf(stage, "Approval Request")).toBe(0);
      expect(wire.calls("send")).toBeLessThanOrEqual(4);
    });
  });

  describe("a platform that asks to wait", () => {
    it("for a while is asked again after it, and the request is shown once", async () => {
      const stage = await startWorlds([channel], { env });
      const { refuse, wire } = stage.world();
      refuse({ waitSeconds: 20 });
      const call = stage.call();
      await stage.until("the refusal", () => wire.calls("send") === 1);
      const at = stage.clock.now();
      const asked = await stage.asked();
      expect(stage.clock.now() - at).toBeGreaterThanOrEqual(18_000);
      await answer(stage, asked, "approve");
      expect(await call.answer).toMatchObject({ behavior: "allow" });
      expect(countOf(stage, "Approval Request")).toBe(1);
    });

    it("for longer than the request lasts: the caller is told before its deadline", async () => {
      const stage = await startWorlds([channel], { env });
      stage.world().refuse({ waitSeconds: 300 });
      const at = stage.clock.now();
      const call = stage.call();
      const given = await call.answer;
      expect(given).toMatchObject(DENIED);
      expect(stage.clock.now() - at).toBeLessThanOrEqual(61_000);
      expect(reason(given)).toMatch(/did not run/);
      await stage.clock.lapse(300_000);
      expect(countOf(stage, "Approval Request")).toBe(0);
    });
  });

  describe("a platform that is down", () => {
    it("denies in time with the reason, and asks again once it is back", async () => {
      const stage = await startWorlds([channel], { env });
      const { wire } = stage.world();
      await wire.down();
      const call = stage.call();
      await stage.clock.lapse(61_000);
      expect(reason(await call.answer)).toMatch(/did not run/);
      await wire.up();
      await stage.clock.lapse(120_000);
      expect(countOf(stage, "Approval Request")).toBe(0);
      const next = stage.call(bash("echo next"));
      await answer(stage, await stage.asked(), "approve");
      expect(await next.answer).toMatchObject({ behavior: "allow" });
    });

    it("for a moment shows the request once it is back", async () => {
      const stage = await startWorlds([channel], { env });
      const { wire } = stage.world();
      await wire.down();
      const call = stage.call();
      await stage.until("the request", () => stage.server().waiting().length === 1);
      await stage.clock.lapse(1_500);
      await wire.up();
      const asked = await stage.asked();
      await answer(stage, asked, "approve");
      expect(await call.answer).toMatchObject({ behavior: "allow" });
      expect(countOf(stage, "Approval Request")).toBe(1);
    });

    it("in the middle of a wait loses no answer: it counts once it is back", async () => {
      const stage = await startWorlds([channel], { env: { APPROVAL_TIMEOUT_SECONDS: "300" } });
      const { wire, write, traits } = stage.world();
      const call = stage.call();
      const { id } = await stage.asked();
      await wire.down();
      await write(`DENY ${id} not from here`);
      await stage.clock.lapse(5_000);
      // What a platform posts to the server needs no wire of ours.
      if (traits.listens === "webhook") expect(call.ended()).toMatchObject(DENIED);
      else {
        expect(call.ended()).toBeUndefined();
        expect((await stage.health()).channels).toMatchObject([
          { channel, state: "down", problem: expect.any(String) },
        ]);
      }
      await wire.up();
      expect(await call.answer).toMatchObject({
        ...DENIED,
        message: expect.stringContaining("not from here"),
      });
      await stage.told(`❌ ${id} denied`);
      if (traits.listens === "poll")
        expect((await stage.health()).channels).toMatchObject([{ channel, state: "up" }]);
    });
  });

  it("news whose connection breaks in the middle is not lost", async () => {
    const stage = await startWorlds([channel], { env });
    const { wire, traits, write } = stage.world();
    const call = stage.call();
    const { id } = await stage.asked();
    const broken = wire.calls("poll");
    wire.next("poll", { kind: "break", done: true });
    await write(`DENY ${id} not from here`);
    expect(await call.answer).toMatchObject(DENIED);
    await stage.heardAll();
    // Twilio's are posted, each in a connection of its own.
    if (traits.listens === "webhook") expect(wire.calls("poll")).toBe(0);
    else expect(wire.calls("poll")).toBeGreaterThan(broken);
  });

  it("a message that is taken and then not delivered ends the wait, where the platform tells of it", async () => {
    const stage = await startWorlds([channel], { env });
    const { traits, loseNext } = stage.world();
    if (!traits.hasReceipts) {
      // Telegram tells of no message what became of it: there the deadline ends the wait.
      expect(loseNext).toThrow("does not tell");
      const call = stage.call();
      await stage.asked();
      await stage.clock.lapse(61_000);
      expect(reason(await call.answer)).toContain("Nobody answered");
      return;
    }
    loseNext();
    const at = stage.clock.now();
    const given = await stage.call().answer;
    expect(stage.clock.now() - at).toBeLessThan(30_000);
    expect(reason(given)).toMatch(/It did not run\. Tell the person: .{10}/);
    const asked = await stage.asked();
    await answerLate(stage, asked, "approve");
    await stage.told(new RegExp(`⌛ ${asked.id} ended.*nothing ran`));
    expect(countOf(stage, "approved")).toBe(0);
  });

  it("whatever goes wrong, no key or token is in the log, in an answer or in a message", async () => {
    const stage = await startWorlds([channel], { env });
    const { wire, refuse, secrets, chat } = stage.world();
    const given: string[] = [];
    const faults: (() => void)[] = [
      () => refuse("message"),
      () => wire.next("send", { kind: "break" }),
      () => wire.next("send", { kind: "break", done: true }),
      () => wire.next("send", { kind: "hang" }),
    ];
    for (const [nth, fail] of faults.entries()) {
      fail();
      const call = stage.call(bash(`echo ${nth}`));
      await stage.clock.lapse(61_000);
      given.push(reason(await call.answer));
    }
    await wire.down();
    const last = stage.call(bash("echo down"));
    await stage.clock.lapse(61_000);
    given.push(reason(await last.answer), JSON.stringify(await stage.health()));
    const everything = [
      stage.log.text(),
      ...given,
      ...chat().map(({ text }) => text),
      JSON.stringify(stage.events("ended")),
    ];
    for (const secret of secrets) expect(everything.join("\n")).not.toContain(secret);
  });
});
