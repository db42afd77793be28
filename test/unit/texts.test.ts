// Product text: what the model and the person read. A change here is a change of the product.
import { describe, expect, it } from "vitest";
import { denialText, duration } from "../../src/domain/answer.ts";
import type { ApprovalId, ApprovalRequest, Outcome, Phone } from "../../src/domain/approval.ts";
import {
  agoText,
  decidedText,
  failedText,
  HELP_TEXT,
  staleText,
  unknownText,
} from "../../src/domain/confirmation.ts";

const id = "kqmwa" as ApprovalId;
const by = "+15005550006" as Phone;
const request: ApprovalRequest = {
  id,
  call: { toolName: "Bash", input: { command: "ls" } },
  door: "mcp",
  createdAt: 0,
  expiresAt: 300_000,
};

describe("what the model reads", () => {
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

  it("when nobody answered", () => {
    expect(text({ status: "expired" })).toMatchInlineSnapshot(
      `"Nobody answered the approval request for the Bash call within 5 minutes. It did not run. This is not a refusal. Do not repeat the same call: go on with what needs no approval, or stop and say what is missing."`,
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

describe("what the phone reads", () => {
  const NOW = 1_000_000;
  const decidedAt = NOW - 40_000;
  const stale = (outcome: Outcome, answered?: boolean) =>
    staleText({ id, outcome, decidedAt, ...(answered === undefined ? {} : { answered }) }, NOW);

  it("after a decision", () => {
    expect(decidedText(id, { status: "approved", by }, true)).toMatchInlineSnapshot(
      `"✅ kqmwa approved: Claude has the answer"`,
    );
    expect(decidedText(id, { status: "denied", by }, true)).toMatchInlineSnapshot(
      `"❌ kqmwa denied: Claude has the answer"`,
    );
  });

  it("after a decision that nobody took: nobody is told approved", () => {
    expect(decidedText(id, { status: "approved", by }, false)).toMatchInlineSnapshot(
      `"⌛ kqmwa: Claude was no longer waiting: nothing ran"`,
    );
    expect(decidedText(id, { status: "denied", by }, false)).toMatchInlineSnapshot(
      `"⌛ kqmwa: Claude was no longer waiting: nothing ran"`,
    );
  });

  it("after a reply that comes too late", () => {
    expect(stale({ status: "approved", by })).toMatchInlineSnapshot(
      `"✅ kqmwa was already approved 40 s ago: this reply changed nothing"`,
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

  it("when it is not known how or when the request ended", () => {
    expect(staleText({ id }, NOW)).toMatchInlineSnapshot(`"⌛ kqmwa ended with an error: nothing ran"`);
    expect(staleText({ id, outcome: { status: "expired" } }, NOW)).toMatchInlineSnapshot(
      `"⌛ kqmwa expired: nothing ran"`,
    );
  });

  it("when there is no such request, or the answer could not be recorded", () => {
    expect(unknownText(id)).toMatchInlineSnapshot(`"There is no request kqmwa: nothing changed"`);
    expect(failedText(id)).toMatchInlineSnapshot(`"❌ kqmwa: the answer could not be recorded: nothing ran"`);
  });

  it("when a reply is not understood", () => {
    expect(HELP_TEXT).toMatchInlineSnapshot(`
      "Nothing changed. Tap a button, or type APPROVE or DENY and the request ID, for example:
      APPROVE kqmwa
      DENY kqmwa use the test database
      You can also reply to the request itself: yes, no, or the reason why not."
    `);
  });

  it("says of everything but an approval that nothing ran, or that it changed nothing", () => {
    const outcomes: Outcome[] = [
      { status: "denied", by },
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
