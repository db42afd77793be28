// When a reminder is due: at civil hours of the machine's zone, whatever the clocks do.
import { describe, expect, it } from "vitest";
import { dayIn, LAST_CALL_MS, reminderAt } from "../../src/core/civil-hours.ts";

const BERLIN = "Europe/Berlin";
const HOUR = 3_600_000;
const at = (iso: string) => Date.parse(iso);
const iso = (moment: number | undefined) => moment && new Date(moment).toISOString().slice(0, 16);

/** Asked a day before: when it is planned. */
const planned = (ends: string, zone = BERLIN) => iso(reminderAt(at(ends), at(ends) - 24 * HOUR, zone));

describe("a reminder", () => {
  it.each([
    // Winter: 16:00 in Berlin is 15:00 UTC.
    ["two hours before, by day", "2026-01-15T16:00Z", "2026-01-15T14:00"],
    ["at 9:00, where that is in time", "2026-01-15T09:30Z", "2026-01-15T08:00"],
    ["at 9:00, half an hour before at the latest", "2026-01-15T08:30Z", "2026-01-15T08:00"],
    ["on the evening before, where 9:00 is too late", "2026-01-15T08:29Z", "2026-01-14T19:00"],
    ["on the evening before, for the night", "2026-01-15T03:00Z", "2026-01-14T19:00"],
    ["at 20:00, where the last hours are late", "2026-01-15T22:30Z", "2026-01-15T19:00"],
    ["up to 20:59", "2026-01-15T21:59Z", "2026-01-15T19:59"],
  ])("is planned %s", (_, ends, expected) => {
    expect(planned(ends)).toBe(expected);
  });

  it.each([
    // In the night to 29 March 2:00 becomes 3:00, in the night to 25 October 3:00 becomes 2:00.
    ["spring", "2026-03-29T07:30Z", "2026-03-29T07:00"],
    ["spring, on the evening before", "2026-03-29T05:00Z", "2026-03-28T19:00"],
    ["autumn", "2026-10-25T08:30Z", "2026-10-25T08:00"],
    ["autumn, on the evening before", "2026-10-25T05:00Z", "2026-10-24T18:00"],
  ])("keeps to the hours on the wall when the clocks change: %s", (_, ends, expected) => {
    expect(planned(ends)).toBe(expected);
  });

  it("keeps to the zone, also where it is off by 45 minutes", () => {
    expect(planned("2026-01-15T04:45Z", "Asia/Kathmandu")).toBe("2026-01-15T03:15");
    expect(planned("2026-01-15T16:00Z", "America/New_York")).toBe("2026-01-15T14:00");
    expect(dayIn(BERLIN, at("2026-03-28T23:30Z"))).toBe("2026-03-29");
    expect(dayIn("America/New_York", at("2026-03-28T23:30Z"))).toBe("2026-03-28");
  });

  it("that comes too late for its plan is due at once by day", () => {
    const now = at("2026-01-15T10:10Z");
    expect(reminderAt(at("2026-01-15T11:00Z"), now, BERLIN)).toBe(now);
  });

  it("that comes too late waits for the morning, and wakes nobody where that is in time", () => {
    expect(iso(reminderAt(at("2026-01-15T09:00Z"), at("2026-01-15T01:00Z"), BERLIN))).toBe(
      "2026-01-15T08:00",
    );
  });

  it("wakes somebody only where the chat would close otherwise, and as late as possible", () => {
    const ends = at("2026-01-15T05:00Z");
    expect(reminderAt(ends, at("2026-01-15T01:00Z"), BERLIN)).toBe(ends - LAST_CALL_MS);
    const late = ends - LAST_CALL_MS + 1;
    expect(reminderAt(ends, late, BERLIN)).toBe(late);
  });

  it("is not due once it has ended, to the millisecond", () => {
    const ends = at("2026-01-15T12:00Z");
    expect(reminderAt(ends, ends - 1, BERLIN)).toBe(ends - 1);
    expect(reminderAt(ends, ends, BERLIN)).toBeUndefined();
  });
});
