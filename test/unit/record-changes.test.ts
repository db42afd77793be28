// Readers of the record that wait for news: what lets them go.
import { describe, expect, it } from "vitest";
import type { ApprovalStore } from "../../src/core/ports/approval-store.ts";
import { watchChanges } from "../../src/history/changes.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";

function waiting(readers: number) {
  const clock = createFakeClock();
  const { changes } = watchChanges({} as ApprovalStore, clock);
  let left = 0;
  const wait = () =>
    void changes.after(changes.version(), new AbortController().signal).then(() => {
      left += 1;
    });
  for (let n = 0; n < readers; n += 1) wait();
  return { clock, left: () => left };
}

describe("a reader that waits for news", () => {
  it("waits for 25 s", async () => {
    const { clock, left } = waiting(1);
    await clock.advance(24_999);
    expect(left()).toBe(0);
    await clock.advance(1);
    expect(left()).toBe(1);
  });

  it("beyond the hundredth still waits a little: one that asks again at once would keep the server busy", async () => {
    const { clock, left } = waiting(103);
    await clock.advance(999);
    expect(left()).toBe(0);
    await clock.advance(1);
    expect(left()).toBe(3);
  });
});
