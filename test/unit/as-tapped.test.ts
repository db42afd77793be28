// Which notices CONFIRM=problems leaves out: a table over every kind.
import { describe, expect, it } from "vitest";
import { type Tapped, wentAsTapped } from "../../src/domain/as-tapped.ts";
import type { Notice } from "../../src/domain/notice.ts";
import { ALWAYS_TOLD, APPROVED, decided, PHONE } from "../helpers/notices.ts";
import { SESSION } from "../helpers/session-offer.ts";

const TAPPED: readonly Tapped[] = ["approve", "deny", "session", "answer", "keep-open"];

describe("what CONFIRM=problems leaves out", () => {
  it.each([
    ["an approval", "approve", decided(APPROVED)],
    ["a denial", "deny", decided({ status: "denied", by: PHONE })],
    ["a session", "session", decided({ ...APPROVED, session: SESSION })],
    ["the last answer", "answer", decided({ ...APPROVED, answers: [] })],
    ["several approvals", "approve", { kind: "several", lines: [decided(APPROVED), decided(APPROVED)] }],
    ["a chat that stays open", "keep-open", { kind: "kept-open" }],
  ] as const)("%s that was meant, for the one who meant it and nobody else", (_, tapped, notice) => {
    expect(TAPPED.filter((each) => wentAsTapped(notice, each))).toEqual([tapped]);
    expect(wentAsTapped(notice, undefined)).toBe(false);
  });

  it.each([
    ["Claude no longer waited", decided(APPROVED, { acknowledged: false })],
    ["somebody else has decided", decided(APPROVED, { by: PHONE })],
    [
      "one of several has gone otherwise",
      {
        kind: "several",
        lines: [decided(APPROVED), decided({ status: "denied", by: PHONE }), decided(APPROVED)],
      },
    ],
    ["there is nothing to confirm", { kind: "several", lines: [] }],
    ["it had expired", decided({ status: "expired" })],
    ["it was refused", decided({ status: "refused", mode: { kind: "panic", by: PHONE } })],
    ["its record is lost", decided({ status: "failed", message: "its record is gone" })],
    ["its caller was gone", decided({ status: "cancelled", cause: "disconnected" })],
  ] as const satisfies readonly (readonly [string, Notice])[])("nothing when %s", (_, notice) => {
    expect(TAPPED.filter((tapped) => wentAsTapped(notice, tapped))).toEqual([]);
  });

  it("has a row for each kind, under its own name", () => {
    expect(Object.entries(ALWAYS_TOLD).filter(([kind, notice]) => notice.kind !== kind)).toEqual([]);
  });

  it.each(Object.values(ALWAYS_TOLD).map((notice) => [notice.kind, notice] as const))(
    "%s is told whatever was tapped",
    (_, notice) => {
      expect([...TAPPED, undefined].filter((tapped) => wentAsTapped(notice, tapped))).toEqual([]);
    },
  );
});
