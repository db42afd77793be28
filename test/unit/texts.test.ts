// Product text: what the model and the person read. A change here is a change of the product.

import { describe, expect, it } from "vitest";
import { renderText } from "../../src/channels/whatsapp-format/text.ts";
import type { ApprovalRequest, Outcome } from "../../src/domain/approval.ts";
import { ABILITIES, type ChannelName } from "../../src/domain/channel.ts";
import { closedText, helpText, lateTapText, unclearText } from "../../src/domain/command-words.ts";
import * as decisionWords from "../../src/domain/decision-words.ts";
import { failedText, notOfferedText, staleText, unknownText } from "../../src/domain/decision-words.ts";
import { denialText } from "../../src/domain/denial.ts";
import { named } from "../../src/domain/grant.ts";
import { phoneText } from "../../src/domain/names.ts";
import { agoText, clockText, duration } from "../../src/domain/time-words.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { SESSION } from "../helpers/session-offer.ts";

const decidedText = (...args: Parameters<typeof decisionWords.decidedText>) =>
  renderText(decisionWords.decidedText(...args));
const decidedByText = (...args: Parameters<typeof decisionWords.decidedByText>) =>
  renderText(decisionWords.decidedByText(...args));

const id = "kqmwa" as ApprovalId;
const by = "+15005550006" as Phone;
const call = { toolName: "Bash", input: { command: "ls" } };
/** Local time, as the texts show it. */
const until = new Date(2026, 0, 31, 15, 4, 59).getTime();
const request: ApprovalRequest = {
  id,
  call,
  inspection: { shown: call, secrets: 0, warnings: [] },
  door: "mcp",
  createdAt: 0,
  expiresAt: 300_000,
  waiting: 1,
};

describe("the model is told what happened and what to do", () => {
  const text = (outcome: Exclude<Outcome, { status: "approved" }>) => denialText(request, outcome);

  it("after a denial", () => {
    expect(text({ status: "denied", by })).toMatchInlineSnapshot(
      `"The person denied the Bash call from their phone and gave no reason. It did not run. Do not repeat it; ask or choose another way."`,
    );
    expect(text({ status: "denied", by, reason: "use the\ntest \u202Edatabase" })).toMatchInlineSnapshot(`
      "The person denied the Bash call from their phone. It did not run. Their words: use the
      test ⟨U+202E⟩database"
    `);
  });

  it("when requests are not asked at all", () => {
    expect(text({ status: "refused", mode: { kind: "paused", by, until } })).toMatchInlineSnapshot(
      `"The person has paused approvals until 15:04. The Bash call was not asked about and did not run. This is not a refusal of the call itself. Go on with what needs no approval, or stop and say what is missing."`,
    );
    expect(text({ status: "refused", mode: { kind: "panic", by } })).toMatchInlineSnapshot(
      `"The person has stopped all approvals. The Bash call was not approved and did not run. Stop now, do nothing further, and say so."`,
    );
  });

  it("when nobody answered", () => {
    expect(text({ status: "expired" })).toMatchInlineSnapshot(
      `"Nobody answered the approval request for the Bash call within 5 minutes. It did not run. This is not a refusal. Do not repeat the same call: go on with what needs no approval, or stop and say what is missing."`,
    );
  });

  it("when nobody was asked, or that is not known: then nobody is said to have been silent", () => {
    expect(text({ status: "expired", reach: "unsent" })).toMatchInlineSnapshot(
      `"The approval request for the Bash call was not confirmed as sent within 5 minutes: as far as is known, the person was not asked. It did not run. This is not a refusal. Do not repeat the same call: go on with what needs no approval, or stop and say what is missing."`,
    );
    expect(text({ status: "expired", reach: "undelivered" })).toMatchInlineSnapshot(
      `"The approval request for the Bash call was sent, but within 5 minutes it was not confirmed that it had reached the phone, and no answer came. It did not run. This is not a refusal. Do not repeat the same call: go on with what needs no approval, or stop and say what is missing."`,
    );
  });

  it("when the message could not be delivered", () => {
    const advice = "Send join <two words> from the phone.";
    expect(
      text({
        status: "undeliverable",
        code: 63015,
        message: "The phone has not joined the Sandbox.",
        advice,
      }),
    ).toMatchInlineSnapshot(
      `"The approval request for the Bash call could not be delivered to the phone (Twilio error 63015): The phone has not joined the Sandbox. It did not run. Tell the person: Send join <two words> from the phone."`,
    );
    expect(
      text({ status: "undeliverable", code: 99999, message: "Twilio error 99999.", advice: "See the log." }),
    ).toMatchInlineSnapshot(
      `"The approval request for the Bash call could not be delivered to the phone: Twilio error 99999. It did not run. Tell the person: See the log."`,
    );
    expect(
      text({
        status: "undeliverable",
        message: "Twilio did not answer in time.",
        advice: "Check the network.",
      }),
    ).toMatchInlineSnapshot(
      `"The approval request for the Bash call could not be delivered to the phone: Twilio did not answer in time. It did not run. Tell the person: Check the network."`,
    );
  });

  it.each<[ChannelName | undefined, string]>([
    [undefined, "(Twilio error 403)"],
    ["whatsapp", "(Twilio error 403)"],
    ["whatsapp-agent", "(WhatsApp's error 403)"],
    ["telegram", "(Telegram's error 403)"],
  ])("of a platform's code, under that platform's name: %s", (channel, said) => {
    const outcome = { status: "undeliverable", code: 403, message: "No.", advice: "See." } as const;
    expect(text({ ...outcome, channel })).toContain(said);
  });

  it("when the request was withdrawn", () => {
    expect(text({ status: "cancelled", cause: "shutdown" })).toMatchInlineSnapshot(
      `"The approval server is shutting down; nothing was approved. The Bash call did not run. Stop and say so."`,
    );
    expect(text({ status: "cancelled", cause: "disconnected" })).toMatchInlineSnapshot(
      `"The approval request for the Bash call was withdrawn; nothing was approved and nothing ran."`,
    );
    expect(text({ status: "cancelled", cause: "restart" })).toMatchInlineSnapshot(
      `"The approval request for the Bash call was withdrawn; nothing was approved and nothing ran."`,
    );
  });

  it("when the record failed", () => {
    expect(text({ status: "failed", message: "the disk is full." })).toMatchInlineSnapshot(
      `"The approval server could not record the request or its answer: the disk is full. Nothing was approved; the Bash call did not run. Stop and say so."`,
    );
  });
});

describe("the phone is told", () => {
  const NOW = 1_000_000;
  const decidedAt = NOW - 40_000;
  const stale = (outcome: Outcome, answered?: boolean) =>
    staleText({ id, outcome, decidedAt, ...(answered === undefined ? {} : { acknowledged: answered }) }, NOW);

  it("what was decided, after a decision", () => {
    expect(decidedText(id, { status: "approved", by }, true)).toMatchInlineSnapshot(
      `"✅ kqmwa approved: Claude has the answer"`,
    );
    expect(decidedText(id, { status: "denied", by }, true)).toMatchInlineSnapshot(
      `"❌ kqmwa denied: Claude has the answer"`,
    );
  });

  it("what an allow for the session covers, after it", () => {
    expect(decidedText(id, { status: "approved", by, session: SESSION }, true)).toMatchInlineSnapshot(
      `"✅ kqmwa approved, and again without asking (this exact command, in this folder and Claude session, for 60 minutes): Claude has the answer. REVOKE kqmwa ends that"`,
    );
    expect(decidedText(id, { status: "approved", by, session: SESSION }, false)).toMatchInlineSnapshot(
      `"⌛ kqmwa: Claude was no longer waiting: nothing ran"`,
    );
    const forged = { ...SESSION, what: named("x\n✅ abcde *approved*") };
    expect(decidedText(id, { status: "approved", by, session: forged }, true)).toMatchInlineSnapshot(
      `"✅ kqmwa approved, and again without asking (\`x⟨U+000A⟩✅ abcde *approved*\`, in this folder and Claude session, for 60 minutes): Claude has the answer. REVOKE kqmwa ends that"`,
    );
  });

  it("by whom another approver's decision was made, without the number", () => {
    expect(decidedByText(id, { status: "approved", by }, by, true)).toMatchInlineSnapshot(
      `"✅ kqmwa approved by …0006: Claude has the answer"`,
    );
    expect(decidedByText(id, { status: "approved", by, session: SESSION }, by, true)).toMatchInlineSnapshot(
      `"✅ kqmwa approved, and again without asking (this exact command, in this folder and Claude session, for 60 minutes) by …0006: Claude has the answer. REVOKE kqmwa ends that"`,
    );
    expect(decidedByText(id, { status: "denied", by, reason: "no" }, by, true)).toMatchInlineSnapshot(
      `"❌ kqmwa denied by …0006: Claude has the answer"`,
    );
  });

  it("that nothing ran, after another approver's decision that nobody took", () => {
    const outcomes: Outcome[] = [
      { status: "approved", by },
      { status: "approved", by, session: SESSION },
      { status: "denied", by },
    ];
    for (const outcome of outcomes) {
      expect(decidedByText(id, outcome, by, false)).toBe(
        "⌛ kqmwa was answered by …0006, but Claude was no longer waiting: nothing ran",
      );
    }
  });

  it("what to do when it asks for a session that the message did not offer", () => {
    expect(notOfferedText(id, ABILITIES.whatsapp)).toMatchInlineSnapshot(
      `"kqmwa can only be allowed once: nothing changed. Tap or type APPROVE kqmwa or DENY kqmwa"`,
    );
  });

  it("what holds while everything is refused", () => {
    expect(closedText({ kind: "paused", by, until })).toMatchInlineSnapshot(
      `"Paused until 15:04: every request is denied without asking. RESUME ends it."`,
    );
    expect(closedText({ kind: "panic", by })).toMatchInlineSnapshot(
      `"Stopped: everything that waited was denied, and so is everything new. Only the command npm run resume on the machine ends it."`,
    );
  });

  it("that a tap could not be taken, because the server was restarting", () => {
    expect(lateTapText(ABILITIES.whatsapp)).toMatchInlineSnapshot(
      `"Your tap came while the approval server was restarting: it did not count. Tap again if the request still waits."`,
    );
  });

  it.each([
    ["+15005550006", "…0006"],
    ["whatsapp:+15005550006", "…0006"],
    ["+1", "…1"],
    ["stranger", "…"],
  ])("of the number %s no more than %s", (phone, shown) => {
    expect(phoneText(phone)).toBe(shown);
  });

  it("never approved after a decision that nobody took", () => {
    expect(decidedText(id, { status: "approved", by }, false)).toMatchInlineSnapshot(
      `"⌛ kqmwa: Claude was no longer waiting: nothing ran"`,
    );
    expect(decidedText(id, { status: "denied", by }, false)).toMatchInlineSnapshot(
      `"⌛ kqmwa: Claude was no longer waiting: nothing ran"`,
    );
  });

  it("how the request had ended, after a reply that comes too late", () => {
    expect(stale({ status: "approved", by })).toMatchInlineSnapshot(
      `"⌛ kqmwa was already approved 40 s ago, whether Claude has the answer is not known: this reply changed nothing"`,
    );
    expect(stale({ status: "approved", by }, true)).toMatchInlineSnapshot(
      `"✅ kqmwa was already approved 40 s ago: this reply changed nothing"`,
    );
    expect(stale({ status: "approved", by }, false)).toMatchInlineSnapshot(
      `"⌛ kqmwa was approved 40 s ago, but Claude was no longer waiting: nothing ran"`,
    );
    expect(stale({ status: "denied", by })).toMatchInlineSnapshot(
      `"❌ kqmwa was already denied 40 s ago: nothing ran"`,
    );
    expect(stale({ status: "refused", mode: { kind: "panic", by } })).toMatchInlineSnapshot(
      `"❌ kqmwa was denied 40 s ago by PANIC: nothing ran"`,
    );
    expect(stale({ status: "approved", by, session: SESSION })).toMatchInlineSnapshot(
      `"⌛ kqmwa was already approved 40 s ago, whether Claude has the answer is not known: this reply changed nothing"`,
    );
    expect(stale({ status: "expired" })).toMatchInlineSnapshot(`"⌛ kqmwa expired 40 s ago: nothing ran"`);
    expect(stale({ status: "undeliverable", message: "m", advice: "a" })).toMatchInlineSnapshot(
      `"⌛ kqmwa ended 40 s ago, its message had failed: nothing ran"`,
    );
    expect(stale({ status: "cancelled", cause: "disconnected" })).toMatchInlineSnapshot(
      `"⌛ kqmwa ended 40 s ago: Claude was no longer waiting: nothing ran"`,
    );
    expect(stale({ status: "cancelled", cause: "shutdown" })).toMatchInlineSnapshot(
      `"⌛ kqmwa ended 40 s ago: the approval server was stopped: nothing ran"`,
    );
    expect(stale({ status: "cancelled", cause: "restart" })).toMatchInlineSnapshot(
      `"⌛ kqmwa ended 40 s ago: the approval server was restarted: nothing ran"`,
    );
    expect(stale({ status: "failed", message: "m" })).toMatchInlineSnapshot(
      `"⌛ kqmwa ended 40 s ago with an error: nothing ran"`,
    );
  });

  it("that the request has ended, also when it is not known how or when", () => {
    expect(staleText({ id }, NOW)).toMatchInlineSnapshot(`"⌛ kqmwa ended with an error: nothing ran"`);
    expect(staleText({ id, outcome: { status: "expired" } }, NOW)).toMatchInlineSnapshot(
      `"⌛ kqmwa expired: nothing ran"`,
    );
  });

  it("that there is no such request, or that the answer could not be recorded", () => {
    expect(unknownText(id)).toMatchInlineSnapshot(`"There is no request kqmwa: nothing changed"`);
    expect(failedText(id)).toMatchInlineSnapshot(`"❌ kqmwa: the answer could not be recorded: nothing ran"`);
  });

  it("the words that it may send, when it asks for help", () => {
    expect(helpText(ABILITIES.whatsapp)).toMatchInlineSnapshot(`
      "Tap a button, or type APPROVE or DENY and the request ID, for example:
      APPROVE kqmwa
      DENY kqmwa use the test database
      Several at once: APPROVE kqmwa kqmwb, APPROVE ALL (asks once more), DENY ALL.
      You can also reply to the request itself: yes, no, or the reason why not.
      A question takes a number or your own words: kqmwa 2
      MORE kqmwa sends what was too long to be sent at once. PENDING lists what waits, GRANTS what Session has allowed, REVOKE kqmwa or REVOKE ALL ends that, STATUS tells how things stand, PAUSE 30 denies everything for 30 minutes, RESUME ends that, PANIC denies everything until somebody at the machine ends it.
      With tasks on: RUN web-shop: what to do, TASKS, KILL s3; a reply to a task's message goes on with it."
    `);
  });

  it("that nothing changed, and the help, when a reply is not understood", () => {
    expect(unclearText(ABILITIES.whatsapp)).toBe(`Nothing changed. ${helpText(ABILITIES.whatsapp)}`);
    // A plain message takes 1,600 characters.
    expect(unclearText(ABILITIES.whatsapp).length).toBeLessThan(1_600);
  });

  it("of everything but an approval that nothing ran, or that it changed nothing", () => {
    const outcomes: Outcome[] = [
      { status: "denied", by },
      { status: "refused", mode: { kind: "panic", by } },
      { status: "refused", mode: { kind: "paused", by, until } },
      { status: "expired" },
      { status: "undeliverable", message: "m", advice: "a" },
      { status: "cancelled", cause: "disconnected" },
      { status: "cancelled", cause: "shutdown" },
      { status: "cancelled", cause: "restart" },
      { status: "failed", message: "m" },
    ];
    for (const outcome of outcomes) expect(stale(outcome)).toMatch(/nothing ran$/);
  });
});

describe("spans of time", () => {
  it.each([
    [300_000, "5 minutes"],
    [290_000, "4 minutes 50 seconds"],
    [90_000, "1 minute 30 seconds"],
    [61_000, "1 minute 1 second"],
    [60_000, "1 minute"],
    [59_600, "1 minute"],
    [45_000, "45 seconds"],
    [1_000, "1 second"],
    [400, "0 seconds"],
    [0, "0 seconds"],
    [-5_000, "0 seconds"],
    [3_600_000, "60 minutes"],
  ])("%i ms is %s", (ms, expected) => {
    expect(duration(ms)).toBe(expected);
  });

  it("of day are hours and minutes of this machine", () => {
    expect(clockText(until)).toBe("15:04");
    expect(clockText(new Date(2026, 5, 1, 0, 0, 0).getTime())).toBe("00:00");
  });

  it.each([
    [-1_000, "0 s"],
    [0, "0 s"],
    [40_400, "40 s"],
    [119_000, "119 s"],
    [119_600, "2 min"],
    [120_000, "2 min"],
    [7_100_000, "118 min"],
    [7_200_000, "2 h"],
    [172_000_000, "48 h"],
    [172_800_000, "2 days"],
    [864_000_000, "10 days"],
  ])("%i ms ago is %s ago", (ms, expected) => {
    expect(agoText(ms)).toBe(expected);
  });
});
