// What is answered while something waits, and what a reply comes to that is not, or not yet, known to be genuine.

import { describe, expect, it } from "vitest";
import type { ApprovalStore } from "../../src/core/ports/approval-store.ts";
import type { Inspector } from "../../src/core/ports/inspector.ts";
import type { ReplyClaim, Verdict } from "../../src/core/ports/reply-verifier.ts";
import { text } from "../../src/domain/text.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { PHONE, SUBMISSION } from "../helpers/gate-stage.ts";
import { DB, questionCall } from "../helpers/questions.ts";
import { createReplyStage, type ReplyStageOptions } from "../helpers/reply-stage.ts";

const OTHER = "+15005550009" as Phone;
const USER_ID = "US.13491208655302741918";

/** A verifier whose answers the test gives, in any order. */
function slowVerifier() {
  const claims: ReplyClaim[] = [];
  const answers: ((verdict: Verdict) => void)[] = [];
  return {
    claims,
    answer: (index: number, verdict: Verdict) => answers[index]?.(verdict),
    verifier: {
      verify: (claim: ReplyClaim, signal: AbortSignal) =>
        new Promise<Verdict>((resolve) => {
          claims.push(claim);
          answers.push(resolve);
          signal.addEventListener("abort", () => resolve({ kind: "unchecked", problem: "stopped" }));
        }),
    },
  };
}

const genuine: Verdict = { kind: "genuine", sender: PHONE };

async function stageThatAsks(options: ReplyStageOptions = {}) {
  const slow = slowVerifier();
  const stage = await createReplyStage({ ...options, verifier: slow.verifier });
  return { ...stage, ...slow };
}

describe("an approval", () => {
  it("counts when the channel has confirmed it, not before", async () => {
    const { ask, say, gate, clock, claims, answer: confirm } = await stageThatAsks();
    const { id, answer } = await ask();
    await say(`approve ${id}`, { id: "SM-1" });
    expect(gate.waiting()).toHaveLength(1);
    expect(claims).toMatchObject([{ id: "SM-1", from: PHONE, text: `approve ${id}`, buttonId: undefined }]);
    await clock.advance(7_000);
    expect(claims[0]?.ageMs()).toBe(7_000);
    confirm(0, genuine);
    expect((await answer).outcome).toEqual({
      status: "approved",
      by: PHONE,
      via: { how: "typed", proof: "confirmed" },
    });
  });

  it.each<[string, (id: ApprovalId) => [string, object]]>([
    ["a tap", (id) => ["✅ Approve", { buttonId: `approve:${id}` }]],
    ["a session", (id) => [`session ${id}`, {}]],
    ["a quoted yes", () => ["👍", { quotedMessageId: "SM1" }]],
  ])("is asked about: %s", async (_, said) => {
    const { ask, say, claims, told, clock, answer, stopStage } = await stageThatAsks();
    const { id } = await ask();
    const [text, more] = said(id);
    await say(text, more);
    expect(claims).toHaveLength(1);
    answer(0, { kind: "false", problem: "no" });
    await clock.advance(0);
    expect(told.map(({ text }) => text)).toEqual([expect.stringContaining("is not what Twilio has")]);
    await stopStage();
  });

  it("that comes after the deadline, because the channel was slow, changes nothing and is told so", async () => {
    const { ask, say, clock, told, answer: confirm } = await stageThatAsks();
    const { id, answer } = await ask();
    await say(`approve ${id}`);
    await clock.advance(300_000);
    expect((await answer).outcome.status).toBe("expired");
    confirm(0, genuine);
    await clock.advance(0);
    expect(told).toEqual([{ to: PHONE, text: expect.stringContaining(`${id} expired`) }]);
  });

  it("waits for the channel while a denial behind it counts at once", async () => {
    const { ask, say, clock, told, answer: confirm } = await stageThatAsks();
    const { id, answer } = await ask();
    await say(`approve ${id}`);
    await say(`deny ${id} no`);
    expect((await answer).outcome).toEqual({
      status: "denied",
      by: PHONE,
      reason: "no",
      via: { how: "typed", proof: "signed" },
    });
    (await answer).acknowledge(true);
    confirm(0, genuine);
    await clock.advance(0);
    expect(told.map(({ text }) => text)).toEqual([
      expect.stringContaining(`${id} denied`),
      expect.stringContaining(`${id} was already denied`),
    ]);
  });

  it("is given up when the server stops", async () => {
    const { ask, say, clock, told, replyHandler, gate, stopStage } = await stageThatAsks();
    const { id } = await ask();
    await say(`approve ${id}`);
    const idle = replyHandler.idle(1_000);
    await clock.advance(1_000);
    await idle;
    await clock.advance(0);
    expect(told).toEqual([]);
    expect(gate.waiting()).toHaveLength(1);
    await stopStage();
  });

  it("read from the channel's own list needs no second question", async () => {
    const { ask, say, claims } = await stageThatAsks();
    const { id, answer } = await ask();
    await say(`approve ${id}`, { verified: true });
    expect((await answer).outcome).toMatchObject({ status: "approved" });
    expect(claims).toEqual([]);
  });
});

/** Every call may be granted. */
const grantableCalls: Inspector = {
  inspect: async (shown) => ({ shown, secrets: 0, warnings: [], grantable: SAME_COMMAND }),
};
const SAME_COMMAND = {
  subject: { kind: "call", toolName: "Bash", sha256: "0".repeat(64) },
  what: text`this exact command`,
  needsFolder: false,
} as const;

describe("what was said while a reply was being asked about", () => {
  it.each(["PAUSE 60", "PANIC"])("%s is not ended by the RESUME before it", async (later) => {
    const { say, clock, told, mode, answer: confirm } = await stageThatAsks();
    await say("PAUSE 5");
    await say("RESUME");
    await say(later);
    const closed = mode.current();
    confirm(0, genuine);
    await clock.advance(0);
    expect(mode.current()).toEqual(closed);
    expect(told.at(-1)?.text).not.toContain("Resumed");
    expect(told).toHaveLength(3);
  });

  it.each(["REVOKE ALL", "REVOKE kqmwa", "PAUSE"])(
    "%s lets no grant begin that was tapped before it",
    async (later) => {
      const { ask, say, clock, grants, answer: confirm } = await stageThatAsks({ inspector: grantableCalls });
      const { id, answer } = await ask();
      await say(`session ${id}`);
      await say(later.replace("kqmwa", id));
      confirm(0, genuine);
      const { outcome, acknowledge } = await answer;
      acknowledge(true);
      await clock.advance(0);
      expect(outcome).toEqual({ status: "approved", by: PHONE, via: { how: "typed", proof: "confirmed" } });
      expect(grants.list()).toEqual([]);
    },
  );

  it("RESUME ends the pause before it, and Session gives its grant", async () => {
    const {
      ask,
      say,
      clock,
      mode,
      grants,
      answer: confirm,
    } = await stageThatAsks({ inspector: grantableCalls });
    const { id, answer } = await ask();
    await say("PAUSE 5");
    await say("RESUME");
    confirm(0, genuine);
    await clock.advance(0);
    expect(mode.current()).toEqual({ kind: "open" });
    await say(`session ${id}`);
    confirm(1, genuine);
    (await answer).acknowledge(true);
    await clock.advance(0);
    expect(grants.list()).toMatchObject([{ id }]);
  });
});

describe("two different replies under one id", () => {
  it("approve nothing while the first is being asked about, and the phone is told", async () => {
    const { ask, say, clock, told, log, gate, answer: confirm, stopStage } = await stageThatAsks();
    const { id } = await ask();
    await say("✅ Approve", { id: "SM-1", buttonId: `approve:${id}` });
    await say("✅ Approve", { id: "SM-1", buttonId: "approve:zzzzz" });
    confirm(0, genuine);
    await clock.advance(0);
    expect(gate.waiting()).toHaveLength(1);
    expect(told).toEqual([{ to: PHONE, text: expect.stringContaining("one of them is not yours") }]);
    expect(log.text()).toContain("somebody else may know TWILIO_AUTH_TOKEN");
    await stopStage();
  });

  it("cannot keep a denial from being heard", async () => {
    const { ask, say } = await stageThatAsks();
    const { id, answer } = await ask();
    await say("what is this?", { id: "SM-1" });
    await say("❌ Deny", { id: "SM-1", buttonId: `deny:${id}` });
    expect((await answer).outcome).toMatchObject({ status: "denied", by: PHONE });
  });

  it("are told from a repeat also when the record cannot be written", async () => {
    const store = (real: ApprovalStore): ApprovalStore => ({
      ...real,
      firstSeen: () => Promise.reject(new Error("SQLITE_FULL")),
    });
    const { ask, say, clock, gate, claims, answer: confirm, stopStage } = await stageThatAsks({ store });
    const first = await ask();
    const second = await ask();
    await say("✅ Approve", { id: "SM-1", buttonId: `approve:${first.id}` });
    confirm(0, genuine);
    expect((await first.answer).outcome).toMatchObject({ status: "approved" });
    await say("✅ Approve", { id: "SM-1", buttonId: `approve:${second.id}` });
    await clock.advance(0);
    expect(claims).toHaveLength(1);
    expect(gate.waiting()).toHaveLength(1);
    await stopStage();
  });
});

describe("the id of a user who hides the number", () => {
  it("is learned from a verified reply that shows the number, and then approves", async () => {
    const { ask, say } = await createReplyStage();
    const first = await ask();
    await say(`yes ${first.id}`, { userId: USER_ID });
    await first.answer;
    const second = await ask();
    await say(`yes ${second.id}`, { from: USER_ID });
    expect((await second.answer).outcome).toEqual({
      status: "approved",
      by: PHONE,
      via: { how: "typed", proof: "confirmed" },
    });
  });

  it.each<[string, ReplyStageOptions, object]>([
    ["a reply that is not verified", { verified: "off" }, {}],
    ["a forged reply", { verifier: { verify: async () => ({ kind: "false", problem: "no" }) } }, {}],
    [
      "a reply that cannot be checked",
      { verifier: { verify: async () => ({ kind: "unchecked", problem: "" }) } },
      {},
    ],
    [
      "a reply whose number Twilio does not show",
      { verifier: { verify: async () => ({ kind: "genuine", sender: "US.1" }) } },
      {},
    ],
    ["a stranger's reply", {}, { from: "+15005550001" }],
  ])("is not learned from %s", async (_, options, more) => {
    const { ask, say, approvers, stopStage } = await createReplyStage(options);
    const { id } = await ask();
    await say(`yes ${id}`, { userId: USER_ID, ...more });
    expect(approvers.find(USER_ID)).toBeUndefined();
    await stopStage();
  });

  it("is not learned from a denial, which nobody has verified", async () => {
    const { ask, say, approvers } = await createReplyStage();
    const { id } = await ask();
    await say(`no ${id}`, { userId: USER_ID });
    expect(approvers.find(USER_ID)).toBeUndefined();
  });

  it("is forgotten when another reply comes under the id of the one that told it", async () => {
    const { ask, say, approvers } = await createReplyStage();
    const { id, answer } = await ask();
    await say(`yes ${id}`, { id: "SM-1", userId: "US.666" });
    await answer;
    await say(`yes ${id}`, { id: "SM-1", userId: USER_ID });
    expect(approvers.find("US.666") ?? approvers.find(USER_ID)).toBeUndefined();
  });

  it("that APPROVAL_PHONE names approves from the start", async () => {
    const { ask, say, told } = await createReplyStage({ userIds: new Map([[PHONE, USER_ID]]) });
    const { id, answer } = await ask();
    await say(`yes ${id}`, { from: USER_ID });
    (await answer).acknowledge(true);
    expect((await answer).outcome).toEqual({
      status: "approved",
      by: PHONE,
      via: { how: "typed", proof: "confirmed" },
    });
    await expect.poll(() => told.map(({ to }) => to)).toEqual([PHONE]);
  });

  it("refused, is not written out in the log, which says what to do", async () => {
    const { say, log } = await createReplyStage();
    await say("yes kqmwa", { from: USER_ID });
    expect(log.text()).toContain("…1918");
    expect(log.text()).toContain("APPROVAL_PHONE=<number>=whatsapp:<id>");
    expect(log.text()).not.toContain(USER_ID);
  });
});

describe("a number that WhatsApp writes otherwise", () => {
  it("approves in either form, and the confirmation goes to the number as it is configured", async () => {
    const phone = "+525512345678" as Phone;
    const { ask, say, told, store } = await createReplyStage({ approvers: [phone] });
    const { id, answer } = await ask();
    await say(`yes ${id}`, { from: "+5215512345678" });
    (await answer).acknowledge(true);
    expect((await answer).outcome).toEqual({
      status: "approved",
      by: phone,
      via: { how: "typed", proof: "confirmed" },
    });
    await expect.poll(() => told.map(({ to }) => to)).toEqual([phone]);
    // Whichever form is configured later, its window is known.
    expect(await store.contact("+5215512345678" as Phone)).toEqual(await store.contact(phone));
    expect((await store.contact(phone)).lastInboundAt).toBeDefined();
  });
});

describe("what is no decision, while something waits", () => {
  const nothing = "Nothing changed. Waiting:";

  it.each([
    ["yes", "Type APPROVE {id}."],
    ["Ok!", "Type APPROVE {id}."],
    ["👍", "Type APPROVE {id}."],
    ["yes please", "Type APPROVE {id}."],
    ["✅ Approve", "Type APPROVE {id}."],
    ["session", "Type SESSION {id}."],
    ["no", "Type DENY {id}."],
    ["👎", "Type DENY {id}."],
    ["what is this?", "Type APPROVE {id} or DENY {id}."],
    ["could you wait", "Type APPROVE {id} or DENY {id}."],
  ])("%j is answered each time with that id", async (text, how) => {
    const { ask, say, told, stopStage } = await createReplyStage();
    const { id } = await ask();
    for (let time = 0; time < 3; time += 1) await say(text);
    const expected = `${nothing} ${id}. ${how.replaceAll("{id}", id)}`;
    expect(told.map((each) => each.text)).toEqual(Array(3).fill(expected));
    await stopStage();
  });

  it("names them all when several wait, and the quoted one where one is quoted", async () => {
    const { ask, say, told, stopStage } = await createReplyStage();
    const [first, second] = [await ask(), await ask()];
    await say("yes");
    await say("yes, please", { quotedMessageId: second.messageId });
    expect(told.map((each) => each.text)).toEqual([
      `${nothing} ${first.id}, ${second.id}. Type APPROVE and the IDs that you mean, or ALL.`,
      `${nothing} ${second.id}. Type APPROVE ${second.id}.`,
    ]);
    await stopStage();
  });

  it("says how a question is answered", async () => {
    const { gate, say, told, clock, stopStage } = await createReplyStage();
    void gate.request({ ...SUBMISSION, call: questionCall(DB) });
    await clock.advance(0);
    await say("yes");
    const [request] = gate.waiting();
    expect(told.map((each) => each.text)).toEqual([
      `${nothing} ${request?.id} (a question). Type ${request?.id} and your answer, or DENY ${request?.id}.`,
    ]);
    await stopStage();
  });

  it("is answered to the one who said it, also with a button that is none", async () => {
    const { ask, say, told, stopStage } = await createReplyStage({ approvers: [PHONE, OTHER] });
    const { id } = await ask();
    await say("✅ Approve", { from: OTHER, buttonId: "launch:kqmwa" });
    expect(told).toEqual([{ to: OTHER, text: `${nothing} ${id}. Type APPROVE ${id}.` }]);
    await stopStage();
  });
});

describe("a gesture that is no answer", () => {
  it("a reaction decides nothing and is not answered", async () => {
    const { ask, say, told, gate, stopStage } = await createReplyStage();
    const { messageId: quotedMessageId } = await ask();
    await say("👍", { quotedMessageId, gesture: "reaction" });
    await say("👎", { quotedMessageId, gesture: "reaction" });
    expect([gate.waiting().length, told]).toEqual([1, []]);
    await stopStage();
  });

  it("an edit decides nothing, and says so", async () => {
    const { ask, say, told, gate, stopStage } = await createReplyStage();
    const { id, messageId: quotedMessageId } = await ask();
    await say("yes", { quotedMessageId, gesture: "edit" });
    await say(`deny ${id}`, { gesture: "edit" });
    expect(gate.waiting()).toHaveLength(1);
    expect(told.map(({ text }) => text)).toEqual(
      Array(2).fill("Nothing changed: an edited message does not count. Send a new one."),
    );
    await stopStage();
  });
});
