// Times as a person writes them for --since and --until.
import { describe, expect, it } from "vitest";
import { whenOf } from "../../src/cli/record/when.ts";

const NOW = new Date(2026, 10, 29, 18, 30).getTime();
const HOUR = 3_600_000;

describe("a time", () => {
  it.each([
    ["2h", NOW - 2 * HOUR],
    ["90 minutes", NOW - 1.5 * HOUR],
    ["3d", NOW - 72 * HOUR],
    ["1.5h", NOW - 1.5 * HOUR],
    ["today", new Date(2026, 10, 29).getTime()],
    ["yesterday", new Date(2026, 10, 28).getTime()],
    ["2026-10-31", new Date(2026, 9, 31).getTime()],
    ["2026-10-31T14:05", new Date(2026, 9, 31, 14, 5).getTime()],
    ["2026-10-31 14:05:30", new Date(2026, 9, 31, 14, 5, 30).getTime()],
    ["2026-10-31T14:05Z", Date.UTC(2026, 9, 31, 14, 5)],
    ["2026-10-31T14:05+02:00", Date.UTC(2026, 9, 31, 12, 5)],
  ])("is read from %s", (text, at) => {
    expect(whenOf(text, "--since", NOW)).toBe(at);
  });

  it.each([
    "",
    "5",
    "h",
    "-2h",
    "2 lightyears",
    "tomorrow",
    "2026-02-30",
    "2026-13-01",
    "2026-10-31T25:00",
    "10/31/2026",
    "\u001b[2J",
  ])("is not read from %j", (text) => {
    expect(() => whenOf(text, "--since", NOW)).toThrow(/^--since '[\P{Cc}]*' is no time/u);
  });
});
