// What is told speaks only of what the channel has: over every kind of notice, and every channel.
import { describe, expect, it } from "vitest";
import { noticeMessages } from "../../src/channels/telegram/format/notice.ts";
import { agentPrompt } from "../../src/channels/whatsapp-agent/send/request-text.ts";
import { renderNotice } from "../../src/channels/whatsapp-format/notice.ts";
import type { Outcome } from "../../src/domain/approval.ts";
import { ABILITIES, CHANNELS, type ChannelName } from "../../src/domain/channel.ts";
import type { Notice } from "../../src/domain/notice.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { ALWAYS_TOLD, APPROVED, decided, PHONE } from "../helpers/notices.ts";
import { SESSION } from "../helpers/session-offer.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

const ID = "kqmwa" as ApprovalId;
const OTHER = "telegram:5" as Phone;
const OUTCOMES: readonly Outcome[] = [
  APPROVED,
  { ...APPROVED, session: SESSION },
  { ...APPROVED, answers: [] },
  { status: "denied", by: PHONE, reason: "not now" },
  { status: "expired" },
  { status: "cancelled", cause: "disconnected" },
  { status: "cancelled", cause: "restart" },
  { status: "refused", mode: { kind: "panic", by: PHONE } },
  { status: "failed", message: "its record is gone" },
];
/** With what else a notice of those kinds can say. */
const NOTICES: readonly Notice[] = [
  ...Object.values(ALWAYS_TOLD),
  { kind: "kept-open" },
  ...OUTCOMES.flatMap((outcome): Notice[] => [
    decided(outcome),
    decided(outcome, { acknowledged: false }),
    decided(outcome, { by: OTHER }),
    {
      kind: "stale",
      request: { id: ID, outcome, decidedAt: 1, acknowledged: true, toolName: "Bash" },
      now: 2,
    },
    { kind: "interrupted", id: ID, isWaiting: false, request: { id: ID, outcome }, now: 2 },
    { kind: "several", head: "none-approved", lines: [decided(outcome), { kind: "not-offered", id: ID }] },
  ]),
  { kind: "interrupted", id: ID, isWaiting: true, now: 2 },
  { kind: "unchecked" },
  { kind: "forged" },
  ...(["approve", "deny", "session"] as const).map(
    (wanted): Notice => ({ kind: "unclear-waiting", requests: [{ id: ID, isQuestion: false }], wanted }),
  ),
  { kind: "unclear-waiting", requests: [{ id: ID, isQuestion: true }] },
  ...(["ended", "failed"] as const).map(
    (stopped): Notice => ({ kind: "more", id: ID, sent: 1, left: 2, stopped }),
  ),
  { kind: "more", id: ID, sent: 0, left: 0 },
  { kind: "more", id: ID, sent: 2, left: 3, isQuestion: true },
  ...(["resume", "run", "all", "words"] as const).map(
    (what): Notice => ({ kind: "too-late", what, ageMs: 3_600_000 }),
  ),
  { kind: "closed", mode: { kind: "paused", by: PHONE, until: 1 }, ended: [], unrecorded: true },
  { kind: "news", news: "finished", replyWithinMs: 60_000 },
  { kind: "task-refused", problem: "could not be started" },
];
/** Nobody but the channel of Twilio has them to tell. */
const OF_TWILIO: ReadonlySet<Notice["kind"]> = new Set([
  ...(["chat-closing", "membership-ending", "unchecked", "forged", "clash", "late-tap"] as const),
]);

const SHOW: Readonly<Record<ChannelName, (notice: Notice) => string>> = {
  whatsapp: (notice) => renderNotice(notice),
  "whatsapp-agent": (notice) => renderNotice(notice, "whatsapp-agent"),
  telegram: (notice) =>
    noticeMessages(notice)
      .map(({ text }) => text)
      .join("\n"),
};

describe.each(CHANNELS)("on %s", (channel) => {
  const { hasButtons, closes } = ABILITIES[channel];
  const shown = NOTICES.map((notice) => [notice.kind, SHOW[channel](notice)] as const);

  it("a tap or a button is spoken of only where there is one", () => {
    const speaking = shown.filter(([, text]) => /\b(tap|tapped|tapping|buttons?)\b/i.test(text));
    if (hasButtons) expect(speaking.map(([kind]) => kind)).toContain("help");
    else expect(speaking).toEqual([]);
  });

  it("24 hours and Twilio are spoken of only where they are", () => {
    const speaking = shown.filter(
      ([kind, text]) => !OF_TWILIO.has(kind) && /24 hours|twilio|sandbox/i.test(text),
    );
    expect(speaking.map(([kind]) => kind)).toEqual(closes ? ["kept-open"] : []);
  });
});

it("a request on a channel without buttons says what to write, and nothing of buttons", () => {
  const request = waitingRequest({ call: { toolName: "Bash", input: { command: "ls" } }, door: "mcp" });
  const { form } = agentPrompt({ ...request, session: SESSION }, { hasReactions: false });
  expect(form.body).toContain("write APPROVE kqmwa");
  expect(form.body).not.toMatch(/\b(tap|button)/i);
});
