// CONFIRM=problems over a real gate: what a phone is told, and for which reply it gets a sign instead.
import { describe, expect, it } from "vitest";
import type { Gate } from "../../src/core/gate-contract.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { PHONE, SUBMISSION } from "../helpers/gate-stage.ts";
import { createReplyStage, type ReplyStageOptions } from "../helpers/reply-stage.ts";

const OTHER = "+15005550001" as Phone;

async function start(options: ReplyStageOptions = {}) {
  const shown: string[] = [];
  const stage = await createReplyStage({ receipt: { show: (id) => void shown.push(id) }, ...options });
  return { ...stage, shown };
}

/** The caller takes its answer, or has gone. */
async function taken(answer: ReturnType<Gate["request"]>, isTaken = true) {
  (await answer).acknowledge(isTaken);
}

describe("with CONFIRM=problems", () => {
  it.each(["approve", "deny"])(
    "%s that went as tapped is shown by a sign, once Claude has the answer",
    async (verb) => {
      const { ask, say, told, shown, clock } = await start();
      const { id, answer } = await ask();
      await say("", { id: "SMtap", buttonId: `${verb}:${id}` });
      expect(shown).toEqual([]);
      await taken(answer);
      await clock.advance(0);
      expect([told, shown]).toEqual([[], ["SMtap"]]);
    },
  );

  it("an approval that Claude no longer waited for is told, and has no sign", async () => {
    const { ask, say, told, shown, clock } = await start();
    const { id, answer } = await ask();
    await say("", { buttonId: `approve:${id}` });
    await taken(answer, false);
    await clock.advance(0);
    expect(told).toMatchObject([{ text: expect.stringContaining("no longer waiting: nothing ran") }]);
    expect(shown).toEqual([]);
  });

  const ID = "DE.13491208655302741918";
  it.each<[string, ReplyStageOptions, number]>([
    ["a learned id is told: the phone itself may not have tapped", {}, 1],
    ["an id that the operator has named is shown by a sign", { userIds: new Map([[PHONE, ID]]) }, 0],
  ])("an approval of %s", async (_, options, messages) => {
    const { ask, say, told, shown, approvers, clock } = await start(options);
    await approvers.learn(PHONE, ID);
    const { id, answer } = await ask();
    await say("", { from: ID, buttonId: `approve:${id}` });
    await taken(answer);
    await clock.advance(0);
    expect([told.length, shown.length]).toEqual([messages, 1 - messages]);
  });

  it("the other approvers are told all the same: they have tapped nothing", async () => {
    const { ask, say, told, clock } = await start({ approvers: [PHONE, OTHER] });
    const { id, answer } = await ask();
    await say("", { buttonId: `deny:${id}` });
    await taken(answer);
    await clock.advance(0);
    expect(told).toMatchObject([{ to: OTHER, text: expect.stringMatching(/denied by …0006/) }]);
  });

  it.each([
    ["a reply that came too late", "approve:abcde", /no request abcde/],
    ["a garbled button", "approve:", /./],
  ])("%s is told", async (_, buttonId, text) => {
    const { say, told, shown } = await start();
    await say("", { buttonId });
    expect(told).toMatchObject([{ text: expect.stringMatching(text) }]);
    expect(shown).toEqual([]);
  });

  it("a second answer is told that it changed nothing", async () => {
    const { ask, say, told, clock } = await start();
    const { id, answer } = await ask();
    await say("", { buttonId: `approve:${id}` });
    await taken(answer);
    await clock.advance(0);
    await say("", { buttonId: `deny:${id}` });
    expect(told).toMatchObject([{ text: expect.stringContaining("already approved") }]);
  });

  it.each(["PAUSE", "RESUME", "PANIC", "STATUS", "PENDING", "HELP", "GRANTS", "what?"])(
    "%s is answered",
    async (word) => {
      const { say, told, shown } = await start();
      await say(word);
      expect(told).toHaveLength(1);
      expect(shown).toEqual([]);
    },
  );

  it("a reply that Twilio does not have is told", async () => {
    const { ask, say, told, shown } = await start({
      verifier: { verify: async () => ({ kind: "unchecked", problem: "down" }) },
    });
    const { id } = await ask();
    await say("", { buttonId: `approve:${id}` });
    expect(told).toMatchObject([{ text: expect.stringContaining("could not be checked") }]);
    expect(shown).toEqual([]);
  });
});

describe("a tap on the reminder", () => {
  it("decides nothing, needs no word of Twilio's, and notes that the phone has written", async () => {
    const { ask, say, told, store, gate, clock } = await createReplyStage({
      verified: "all",
      verifier: { verify: () => Promise.reject(new Error("nobody may ask")) },
    });
    await ask();
    await say("Keep it open", { buttonId: "keep-open" });
    expect(gate.waiting()).toHaveLength(1);
    expect(told).toMatchObject([
      { text: expect.stringContaining("from your message. No request was answered.") },
    ]);
    expect((await store.contact(PHONE)).lastInboundAt).toBe(clock.now());
  });

  it("is the same when its words are typed, but not in reply to a request", async () => {
    const { ask, say, told, gate } = await createReplyStage();
    const { messageId, answer } = await ask();
    await say("keep it open!");
    expect(gate.waiting()).toHaveLength(1);
    await say("keep it open", { quotedMessageId: messageId });
    expect((await answer).outcome).toMatchObject({ status: "denied", reason: "keep it open" });
    expect(told[0]?.text).toContain("Kept open");
  });

  it("typed while a question waits it may be the answer: then it is not clear, and is told so", async () => {
    const { gate, say, told, clock, stopStage } = await createReplyStage();
    const questions = [
      {
        question: "Close the port?",
        header: "Port",
        options: [{ label: "Close it" }, { label: "Leave it" }],
      },
    ];
    const call = { toolName: "AskUserQuestion", input: { questions } };
    void gate.request({ ...SUBMISSION, call });
    await clock.advance(0);
    await say("Keep it open");
    expect(told.map(({ text }) => text).join()).not.toContain("Kept open");
    expect(told).toHaveLength(1);
    expect(gate.waiting()).toHaveLength(1);
    await stopStage();
  });

  it.each(["keep-open:kqmwa", "keep-open:approve", "keepopen", "KEEP-OPEN"])(
    "is that very button: %s is none",
    async (buttonId) => {
      const { say, told } = await createReplyStage();
      await say("Keep it open", { buttonId });
      expect(told.map(({ text }) => text).join()).not.toContain("Kept open");
    },
  );

  it("is answered once a minute, and with a sign where only problems are confirmed", async () => {
    const { say, told } = await createReplyStage();
    await say("Keep it open", { buttonId: "keep-open" });
    await say("Keep it open", { buttonId: "keep-open" });
    expect(told).toHaveLength(1);
    const quiet = await start();
    await quiet.say("Keep it open", { id: "SMkeep", buttonId: "keep-open" });
    expect([quiet.told, quiet.shown]).toEqual([[], ["SMkeep"]]);
  });

  it("of a stranger is refused as everything else", async () => {
    const { say, told, store } = await createReplyStage();
    await say("Keep it open", { from: "+15005550009", buttonId: "keep-open" });
    expect(told).toEqual([]);
    expect(await store.contact(PHONE)).toEqual({ lastInboundAt: undefined });
  });
});
