// What a channel asks to wait, and what it cannot ask.
import { describe, expect, it } from "vitest";
import { parseRetryAfter } from "../../src/channels/twilio/retry-after.ts";

const NOW = Date.parse("2026-01-15T11:00:00Z");
const MINUTE = 60_000;

describe("Retry-After", () => {
  it.each([
    ["3", 3_000],
    [" 7 ", 7_000],
    ["0", 0],
    ["Thu, 15 Jan 2026 11:01:00 GMT", MINUTE],
    ["Thursday, 15-Jan-26 11:01:00 GMT", MINUTE],
  ])("is waited as it says: %j", (header, ms) => {
    expect(parseRetryAfter(header, NOW)).toBe(ms);
  });

  it.each(["3153600000", "9".repeat(400), "Thu, 15 Jan 2099 11:00:00 GMT"])(
    "silences nobody for longer than a quarter of an hour, whatever it says: %j",
    (header) => {
      expect(parseRetryAfter(header, NOW)).toBe(15 * MINUTE);
    },
  );

  it.each([
    ...[
      undefined,
      5,
      ["5", "10"],
      {},
      "",
      " ",
      "-5",
      "NaN",
      "soon",
      "never",
      "1e9",
      "0x10",
      "5.5",
      "5, 10",
      "+5",
    ],
    ...["Thu, 15 Jan 2026 10:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "2099-01-01", "Jan 1 2099", "٣"],
  ])("is nothing where it is no number of seconds and no coming date: %j", (header) => {
    expect(parseRetryAfter(header, NOW)).toBe(0);
  });
});
