// Asking Twilio about one message: how often, how long, and what its answer has to say.
import { describe, expect, it } from "vitest";
import type { FetchResult } from "../../src/channels/twilio/receive/fetch-message.ts";
import { createReplyVerifier } from "../../src/channels/twilio/receive/verify-reply.ts";
import type { ReplyClaim, Verdict } from "../../src/core/ports/reply-verifier.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { PHONE } from "../helpers/gate-stage.ts";

const SID = `SM${"a".repeat(32)}`;
const SENDER = "whatsapp:+14155238886";
const TITLES = new Map([
  ["✅ Approve", "approve"],
  ["❌ Deny", "deny"],
]);
/** Twilio's clock, years away from ours. */
const TWILIO = Date.UTC(2031, 0, 1);

const message = {
  sid: SID,
  accountSid: "AC-ours",
  direction: "inbound",
  from: `whatsapp:${PHONE}`,
  to: SENDER,
  body: "✅ Approve",
  sentAt: TWILIO as number | undefined,
};
const found = (change: Partial<typeof message> = {}, servedAt: number | undefined = TWILIO): FetchResult => ({
  kind: "found",
  message: { ...message, ...change },
  servedAt,
});
const failed = (more: { again: boolean; waitMs?: number }): FetchResult => ({
  kind: "failed",
  problem: "no luck",
  ...more,
});

function stage(answers: readonly (FetchResult | "hang" | Error)[]) {
  const clock = createFakeClock();
  const asked: number[] = [];
  const verifier = createReplyVerifier({
    fetchMessage: async () => {
      const answer = answers[Math.min(asked.length, answers.length - 1)];
      asked.push(clock.now());
      if (answer === "hang") return new Promise(() => {});
      if (answer instanceof Error) throw answer;
      return answer as FetchResult;
    },
    accountSid: "AC-ours",
    sender: SENDER,
    findApprover: (sender) => ([PHONE, "US.1"].includes(sender) ? PHONE : undefined) as Phone | undefined,
    titles: TITLES,
    clock,
  });
  const start = clock.now();
  const startedAt = clock.elapsed();
  const claim: ReplyClaim = {
    id: SID,
    from: PHONE,
    text: "✅ Approve",
    buttonId: "approve:kqmwa",
    ageMs: () => clock.elapsed() - startedAt + 10_000,
  };
  return {
    clock,
    async verify(change: Partial<ReplyClaim> = {}, signal = new AbortController().signal) {
      let verdict: Verdict | undefined;
      const verifying = verifier.verify({ ...claim, ...change }, signal).then((each) => {
        verdict = each;
      });
      await clock.advance(30_000);
      await verifying;
      expect(clock.pending()).toBe(0);
      return verdict;
    },
    asked: () => asked.map((at) => at - start),
  };
}

describe("a message that Twilio has", () => {
  it("is genuine when everything fits, whatever our clock says", async () => {
    expect(await stage([found()]).verify()).toEqual({ kind: "genuine", sender: PHONE });
    const early = stage([found({ sentAt: TWILIO - 9_000 })]);
    expect(await early.verify()).toMatchObject({ kind: "genuine" });
  });

  it("names the user id where the number is hidden", async () => {
    expect(await stage([found({ from: "whatsapp:US.1" })]).verify()).toEqual({
      kind: "genuine",
      sender: "US.1",
    });
  });

  it.each<[string, Partial<typeof message>, Partial<ReplyClaim>]>([
    ["another one", { sid: `SM${"b".repeat(32)}` }, {}],
    ["another account's", { accountSid: "AC-other" }, {}],
    ["outbound", { direction: "outbound-api" }, {}],
    ["without a direction", { direction: "" }, {}],
    ["to another sender", { to: "whatsapp:+15005550009" }, {}],
    ["to our number by SMS", { to: "+14155238886" }, {}],
    ["from somebody else", { from: "whatsapp:+15005550001" }, {}],
    ["from nobody", { from: "" }, {}],
    ["from the number by SMS", { from: PHONE }, {}],
    ["from another user id", { from: "whatsapp:US.2" }, {}],
    ["with another text", { body: "✅ Approve " }, {}],
    ["without a text", { body: "" }, {}],
    ["a tap on the other button", { body: "❌ Deny" }, { text: "❌ Deny" }],
    ["words that are no title", { body: "Approve this" }, { text: "Approve this" }],
    ["a title with another request's id", { body: "✅ Approve abcde" }, { text: "✅ Approve abcde" }],
    [
      "the pick of another option",
      { body: "1. Postgres" },
      { text: "1. Postgres", buttonId: "answer:kqmwa:1:2" },
    ],
    ["words in place of a pick", { body: "ok" }, { text: "ok", buttonId: "answer:kqmwa:1:2" }],
    ["older than what it is about", { sentAt: TWILIO - 16_000 }, {}],
  ])("is not that one when it is %s", async (_, change, claim) => {
    expect(await stage([found(change)]).verify(claim)).toMatchObject({ kind: "false" });
  });

  it.each<[string, Partial<typeof message>, Partial<ReplyClaim>]>([
    ["a title with the request's id", { body: "✅ Approve kqmwa" }, { text: "✅ Approve kqmwa" }],
    ["the pick of that option", { body: "2. SQLite" }, { text: "2. SQLite", buttonId: "answer:kqmwa:1:2" }],
    ["typed words", { body: "yes kqmwa" }, { text: "yes kqmwa", buttonId: undefined }],
    ["a message without words", { body: "" }, { text: "", buttonId: undefined }],
    ["as old as what it is about", { sentAt: TWILIO - 14_000 }, {}],
  ])("is that one when it is %s", async (_, change, claim) => {
    expect(await stage([found(change)]).verify(claim)).toMatchObject({ kind: "genuine" });
  });

  it("is measured by our clock only where the answer has no date", async () => {
    const { verify } = stage([
      { ...found({ sentAt: createFakeClock().now() }), servedAt: undefined } as FetchResult,
    ]);
    expect(await verify({ ageMs: () => 0 })).toMatchObject({ kind: "genuine" });
  });
});

describe("a message that Twilio does not show", () => {
  it("is asked for again within 5 s, and is then taken for forged", async () => {
    const { verify, asked } = stage([{ kind: "missing" }]);
    expect(await verify()).toEqual({ kind: "false", problem: "Twilio has no such message" });
    expect(asked()).toEqual([0, 250, 750, 1_750, 2_750, 3_750, 4_750]);
  });

  it("counts when it appears, with the time at which it was sent", async () => {
    const { verify } = stage([{ kind: "missing" }, found({ sentAt: undefined }), found()]);
    expect(await verify()).toMatchObject({ kind: "genuine" });
  });

  it("does not count without a time", async () => {
    expect(await stage([found({ sentAt: undefined })]).verify()).toMatchObject({ kind: "unchecked" });
  });

  it.each(["", "S", "SM/1", `SM${"a".repeat(63)}`, `../${SID}`, `${SID}\n`, `${SID}?x`, `${SID}%2e`, "1234"])(
    "is not even asked for under an id that is none: %j",
    async (id) => {
      const { verify, asked } = stage([found()]);
      expect(await verify({ id })).toMatchObject({ kind: "false" });
      expect(asked()).toEqual([]);
    },
  );
});

describe("a Twilio that does not answer well", () => {
  it.each<[string, FetchResult, number[]]>([
    ["again, where that may help", failed({ again: true }), [0, 250, 750, 1_750, 2_750, 3_750, 4_750]],
    ["when it says so", failed({ again: true, waitMs: 2_000 }), [0, 2_000, 4_000]],
    ["not again when it wants a longer pause", failed({ again: true, waitMs: 60_000 }), [0]],
    ["not again where that cannot help", failed({ again: false }), [0]],
  ])("is asked %s", async (_, answer, times) => {
    const { verify, asked } = stage([answer]);
    expect(await verify()).toEqual({ kind: "unchecked", problem: "no luck" });
    expect(asked()).toEqual(times);
  });

  it("is given up after 5 s when it hangs", async () => {
    const { verify, asked } = stage(["hang"]);
    expect(await verify()).toEqual({ kind: "unchecked", problem: "Twilio did not answer in time." });
    expect(asked()).toEqual([0]);
  });

  it("is given up at once when nobody waits any longer, and when the call itself fails", async () => {
    const controller = new AbortController();
    const { clock, verify } = stage(["hang"]);
    clock.after(100, () => controller.abort(new Error("stopped")));
    expect(await verify({}, controller.signal)).toEqual({ kind: "unchecked", problem: "stopped" });
    expect(await stage([new Error("broken")]).verify()).toEqual({ kind: "unchecked", problem: "broken" });
  });
});
