import { describe, expect, it } from "vitest";
import { sandboxText, sessionState, windowText } from "../../src/channels/twilio/receive/session-window.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { approverHealth } from "../../src/server/health.ts";

const NOW = Date.parse("2026-10-05T12:00:00Z");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SENDER = "whatsapp:+14155238886";

const windowAt = (lastInboundAt: number) => sessionState({ lastInboundAt }, NOW);
const joinedAt = (at: number) => sessionState({ joinedAt: at }, NOW);

describe("the 24-hour window", () => {
  it("is open until 24 hours after the phone's last message, to the millisecond", () => {
    expect(windowAt(NOW - DAY + 1)).toEqual({ open: true, closesAt: NOW + 1 });
    expect(windowAt(NOW - DAY)).toEqual({ open: false, closesAt: NOW });
  });

  it("is not taken for open when nothing is known of the phone", () => {
    expect(sessionState({}, NOW)).toEqual({ open: false });
  });

  it.each([
    [windowAt(NOW - 21 * HOUR), "open for 3 h more"],
    [windowAt(NOW - 23.5 * HOUR), "open for 30 min more"],
    [windowAt(NOW - DAY), "closed: send any message to +14155238886 to open it"],
    [
      sessionState({}, NOW),
      "not known, no message came from it: send any message to +14155238886 to open it",
    ],
  ])("is put into words (%#)", (state, words) => {
    expect(windowText(state, SENDER, NOW)).toBe(words);
  });
});

describe("the Sandbox membership", () => {
  it.each([
    [joinedAt(NOW - 2 * DAY), "joined the Sandbox 2 days ago; join again within 24 h"],
    [joinedAt(NOW - HOUR), "joined the Sandbox 60 min ago; join again within 3 days"],
    [
      joinedAt(NOW - 3 * DAY),
      "joined the Sandbox 3 days ago, which holds for 3 days: send join <two words> again",
    ],
    [sessionState({}, NOW), "when it joined the Sandbox is not known"],
  ])("is put into words (%#)", (state, words) => {
    expect(sandboxText(state, NOW)).toBe(words);
  });
});

describe("/health", () => {
  it("tells each phone's state and no whole number", () => {
    const contact = { lastInboundAt: NOW - HOUR, joinedAt: NOW - DAY };
    expect(approverHealth("+15005550006" as Phone, contact, NOW)).toEqual({
      phone: "…0006",
      window: "open",
      windowClosesAt: "2026-10-06T11:00:00.000Z",
      sandboxExpiresAt: "2026-10-07T12:00:00.000Z",
    });
    expect(approverHealth("+15005550006" as Phone, { lastInboundAt: NOW - DAY }, NOW)).toMatchObject({
      window: "closed",
    });
    expect(approverHealth("+15005550006" as Phone, {}, NOW)).toEqual({ phone: "…0006", window: "unknown" });
  });
});
