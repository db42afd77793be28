// MORE: the parts that were kept back, for the phone that asks, in order, each once, and only while the request waits.
import { describe, expect, it } from "vitest";
import { parseMore, parsePhoneCommand } from "../../src/domain/phone-command.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { PHONE } from "../helpers/gate-stage.ts";
import { createReplyStage } from "../helpers/reply-stage.ts";

const OTHER = "+15005550009" as Phone;
const ID = "kqmwa" as ApprovalId;

interface Sent {
  readonly to: Phone;
  readonly part: number;
}

/** Requests with `kept` parts that were not sent; two go out at a time. */
async function stageWith(kept: number, beforeEach: (sent: Sent) => Promise<void> | void = () => {}) {
  const sent: Sent[] = [];
  const stage = await createReplyStage({
    approvers: [PHONE, OTHER],
    more: async (_, { to, skip, isWanted, onSent }) => {
      for (const part of [skip + 1, skip + 2].filter((each) => each <= kept)) {
        if (!isWanted()) break;
        await beforeEach({ to, part });
        sent.push({ to, part });
        onSent({ messageId: `MORE${to}${part}`, to, hasButtons: false, isExtra: true });
      }
      return kept;
    },
  });
  return { ...stage, sent };
}

describe("the words", () => {
  it.each(["MORE kqmwa", "more kqmwa", "More  kqmwa.", "*more kqmwa*", " more kqmwa ! "])(
    "%j ask for more",
    (text) => {
      expect(parseMore(text, undefined)).toEqual({ kind: "more", id: ID });
    },
  );

  it.each(["more", "More.", "_more_", "MORE kqmwa"])("%j in reply to a message do", (text) => {
    expect(parseMore(text, ID)).toEqual({ kind: "more", id: ID });
  });

  it.each([
    ["more", undefined],
    ["more tests please", ID],
    ["no more", ID],
    ["more kqmwb", ID],
    ["more kqmwl", undefined],
    ["MORE kqmwa now", undefined],
    ["anymore", ID],
  ])("%j in reply to %s do not", (text, quoted) => {
    expect(parseMore(text, quoted)).toBeUndefined();
  });

  it("are a command of the phone's", () => {
    expect(parsePhoneCommand("MORE kqmwa")).toEqual({ kind: "more", id: ID });
    expect(parsePhoneCommand("more")).toBeUndefined();
  });
});

describe("MORE", () => {
  it("sends the next parts each time, and says how many are left, until there are no more", async () => {
    const { ask, say, sent, told, gate } = await stageWith(3);
    const { id } = await ask();
    await say(`MORE ${id}`);
    await say(`more ${id}`);
    await say(`more ${id}`);
    expect(sent.map(({ part }) => part)).toEqual([1, 2, 3]);
    expect(told.map(({ text }) => text)).toEqual([
      `${id}: 2 more parts sent, 1 left: MORE ${id} sends the next. APPROVE ${id} or DENY ${id} decides.`,
      `${id}: 1 more part sent, the last one. APPROVE ${id} or DENY ${id} decides.`,
      `${id}: there is nothing more to send. APPROVE ${id} or DENY ${id} decides.`,
    ]);
    expect(gate.waiting().map((each) => each.id)).toEqual([id]);
  });

  it("in reply to the request decides nothing, and its parts lead to the request", async () => {
    const { ask, say, sent } = await stageWith(3);
    const { answer } = await ask();
    await say("more", { quotedMessageId: "SM1" });
    expect(sent).toHaveLength(2);
    await say("no, too much", { quotedMessageId: `MORE${PHONE}2` });
    expect((await answer).outcome).toEqual({
      status: "denied",
      by: PHONE,
      reason: "no, too much",
      via: { how: "quoted", proof: "signed" },
    });
  });

  it("counts for each phone alone, and goes to no other", async () => {
    const { ask, say, sent, told } = await stageWith(3);
    const { id } = await ask();
    await say(`MORE ${id}`);
    await say(`MORE ${id}`, { from: OTHER });
    expect(sent).toEqual([
      { to: PHONE, part: 1 },
      { to: PHONE, part: 2 },
      { to: OTHER, part: 1 },
      { to: OTHER, part: 2 },
    ]);
    expect(told.map(({ to }) => to)).toEqual([PHONE, OTHER]);
  });

  it("of somebody who may not approve is nothing", async () => {
    const { ask, say, sent, told } = await stageWith(3);
    const { id } = await ask();
    await say(`MORE ${id}`, { from: "+15005550001" });
    expect([sent, told]).toEqual([[], []]);
  });

  it("twice at once sends no part twice", async () => {
    const gates: (() => void)[] = [];
    const { ask, say, sent, clock } = await stageWith(4, () => new Promise((go) => void gates.push(go)));
    const { id } = await ask();
    await say(`MORE ${id}`);
    await say(`MORE ${id}`);
    while (gates.length > 0) {
      gates.shift()?.();
      await clock.advance(0);
    }
    expect(sent.map(({ part }) => part)).toEqual([1, 2, 3, 4]);
  });

  it("sends nothing once the request has ended, and says so", async () => {
    const { ask, say, sent, told } = await stageWith(3);
    const { answer, id } = await ask();
    await say(`DENY ${id}`);
    await answer;
    await say(`MORE ${id}`);
    await say("MORE zzzzz");
    expect(sent).toEqual([]);
    expect(told.slice(-2).map(({ text }) => text)).toEqual([
      `${id} does not wait any longer, or never did: nothing more is sent`,
      "zzzzz does not wait any longer, or never did: nothing more is sent",
    ]);
  });

  it("stops between two parts when the request ends", async () => {
    const { ask, say, sent, told, gate } = await stageWith(3, async ({ part }) => {
      if (part === 1) await gate.shut({ kind: "panic", by: PHONE });
    });
    const { id } = await ask();
    await say(`MORE ${id}`);
    expect(sent.map(({ part }) => part)).toEqual([1]);
    expect(told.at(-1)?.text).toBe(`${id} does not wait any longer, or never did: 1 more part sent`);
  });

  it("goes on where it was when a part was refused", async () => {
    let refused = 0;
    const { ask, say, sent, told } = await stageWith(3, ({ part }) => {
      if (part === 2 && refused++ === 0) throw new Error("refused");
    });
    const { id } = await ask();
    await say(`MORE ${id}`);
    expect(told.at(-1)?.text).toBe(
      `${id}: 1 more part sent, then one could not be sent. MORE ${id} tries again.`,
    );
    await say(`MORE ${id}`);
    expect(sent.map(({ part }) => part)).toEqual([1, 2, 3]);
  });

  it("leaves the request waiting when one of its parts is lost on the way", async () => {
    const { ask, say, gate } = await stageWith(3);
    const { id } = await ask();
    await say(`MORE ${id}`);
    const failure = { message: "lost", advice: "" };
    await gate.receipt({ messageId: `MORE${PHONE}1`, state: "failed", failure, at: 0 });
    expect(gate.waiting().map((each) => each.id)).toEqual([id]);
  });
});
