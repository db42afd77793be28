// Replies that a run was carrying out when it was killed: the next start answers them, and approves nothing by them.
import { describe, expect, it } from "vitest";
import { renderNotice } from "../../src/channels/whatsapp-format/notice.ts";
import { takeUpReplies } from "../../src/core/left-replies.ts";
import type { UnfinishedReply } from "../../src/core/ports/contact-store.ts";
import type { StoredApproval } from "../../src/core/ports/request-store.ts";
import type { Intent } from "../../src/core/reply-intent.ts";
import type { Notice } from "../../src/domain/notice.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { PHONE } from "../helpers/gate-stage.ts";
import { createKeptLog } from "../helpers/silent-log.ts";

const ID = "kqmwa" as ApprovalId;
const CHAT = "telegram:7001";
const REPLY: UnfinishedReply = { inboundId: "SM1", from: PHONE, at: 0, request: ID };
const DENIAL: Intent = { kind: "command", command: { kind: "panic" } };
const APPROVAL: Intent = { kind: "decide", reply: { kind: "approve", id: ID } };

interface Stage {
  readonly replies?: readonly UnfinishedReply[];
  readonly row?: Partial<StoredApproval>;
  readonly isWaiting?: boolean;
  readonly intent?: Intent;
  readonly isTwilioDown?: boolean;
}

async function takeUp({
  replies = [REPLY],
  row,
  isWaiting = false,
  intent = APPROVAL,
  isTwilioDown = false,
}: Stage) {
  const told: string[] = [];
  const finished: string[] = [];
  const received: object[] = [];
  const clock = createFakeClock();
  await takeUpReplies({
    store: {
      unfinishedReplies: async () => replies,
      finishReply: async (id) => void finished.push(id),
      find: async () => (row === undefined ? undefined : ({ id: ID, ...row } as StoredApproval)),
    },
    approvers: { find: (from) => ([PHONE, CHAT].includes(from) ? (from as Phone) : undefined) },
    gate: { waiting: () => (isWaiting ? [{ id: ID } as never] : []) },
    messenger: {
      tell: async (_: Phone, notice: Notice) => {
        if (isTwilioDown) throw new Error("down");
        told.push(renderNotice(notice));
        return "SM9";
      },
    },
    readIntent: async () => intent,
    replyHandler: { receive: async (inbound) => void received.push(inbound) },
    clock,
    log: createKeptLog(),
  });
  await clock.advance(0);
  return { told, finished, received };
}

describe("a reply that was being carried out when the server was killed", () => {
  it.each<[string, Stage, RegExp]>([
    [
      "the request ended with the restart",
      { row: { status: "cancelled", outcome: { status: "cancelled", cause: "restart" } } },
      /^⌛ kqmwa ended.*restarted: nothing ran$/,
    ],
    [
      "it had approved, and nobody knows whether Claude heard",
      { row: { status: "approved", outcome: { status: "approved", by: PHONE as Phone } } },
      /^⌛ kqmwa was already approved.*whether Claude has the answer is not known: the approval server was restarted/,
    ],
    ["a parked request still waits", { isWaiting: true }, /nothing was approved by it: kqmwa still waits/],
    ["the record is gone", {}, /nothing was approved by it: kqmwa is not known any more/],
    [
      "it was about no request",
      { replies: [{ inboundId: "SM1", from: PHONE, at: 0 }] },
      /whether it was carried out is not known/,
    ],
  ])("is answered once: %s", async (_, stage, words) => {
    const { told, finished, received } = await takeUp(stage);
    expect(told).toEqual([expect.stringMatching(words)]);
    expect(finished).toEqual(["SM1"]);
    expect(received).toEqual([]);
  });

  it("is carried out as proven where another channel than Twilio's had heard it", async () => {
    const left = { ...REPLY, inboundId: "telegram:7001:5", from: CHAT, denial: { text: "PANIC" } };
    const { received } = await takeUp({ replies: [left], intent: DENIAL });
    expect(received).toMatchObject([{ from: CHAT, text: "PANIC", verified: true }]);
  });

  it("is carried out where it only keeps something from running, as a new message of the same phone", async () => {
    const denial = { text: "PANIC" };
    const { told, finished, received } = await takeUp({ replies: [{ ...REPLY, denial }], intent: DENIAL });
    expect(received).toEqual([{ id: "SM1:again", from: PHONE, at: 0, text: "PANIC" }]);
    expect(told).toEqual([]);
    expect(finished).toEqual(["SM1"]);
  });

  it("approves nothing where another hand has written an approval as a denial", async () => {
    const denial = { text: "APPROVE kqmwa" };
    const { told, received } = await takeUp({ replies: [{ ...REPLY, denial }], isWaiting: true });
    expect(received).toEqual([]);
    expect(told).toEqual([expect.stringContaining("nothing was approved by it")]);
  });

  it.each(["PANIC", "PAUSE", "REVOKE", "KILL"] as const)(
    "%s is not carried out again where all of it was done, and its sender hears that it was",
    async (done) => {
      const { told, received, finished } = await takeUp({
        replies: [{ inboundId: "SM1", from: PHONE, at: 0, done }],
        intent: DENIAL,
      });
      expect(told).toEqual([expect.stringMatching(`^⚠️ ${done} was carried out\\..* restarted before`)]);
      expect([received, finished]).toEqual([[], ["SM1"]]);
    },
  );

  it("of several denies what it named and still waits, and says what became of the others", async () => {
    const denial = { text: `DENY kqmwb ${ID}`, ids: ["kqmwb" as ApprovalId, ID] };
    const { told, received, finished } = await takeUp({
      replies: [{ inboundId: "SM1", from: PHONE, at: 0, denial }],
      row: { id: "kqmwb" as ApprovalId, status: "denied", outcome: { status: "denied", by: PHONE as Phone } },
      isWaiting: true,
    });
    expect(received).toEqual([{ id: "SM1:again", from: PHONE, at: 0, text: `DENY ${ID}` }]);
    expect(told).toEqual([expect.stringMatching(/^❌ kqmwb was already denied/)]);
    expect(finished).toEqual(["SM1"]);
  });

  it("of several is carried out also where nobody can be told", async () => {
    const denial = { text: `DENY kqmwb ${ID}`, ids: ["kqmwb" as ApprovalId, ID] };
    const replies = [{ inboundId: "SM1", from: PHONE, at: 0, denial }];
    expect((await takeUp({ replies, isWaiting: true, isTwilioDown: true })).received).toHaveLength(1);
  });

  it("is told by the next start where it cannot be told now", async () => {
    expect((await takeUp({ isTwilioDown: true })).finished).toEqual([]);
  });

  it("of a phone that may no longer approve is forgotten", async () => {
    const { told, finished } = await takeUp({ replies: [{ ...REPLY, from: "+15005550009" }] });
    expect([told, finished]).toEqual([[], ["SM1"]]);
  });
});
