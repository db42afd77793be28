// How long an answer over REST stays, who is woken by what, and that its end is reported once and at once.

import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/domain/approval.ts";
import { PHONE } from "../helpers/gate-stage.ts";
import { createHeldResultStage } from "../helpers/held-result-stage.ts";

const APPROVED: Outcome = { status: "approved", by: PHONE };
const SHUTDOWN: Outcome = { status: "cancelled", cause: "shutdown" };
const TAKEN_MS = 10_000;

type Stage = ReturnType<typeof createHeldResultStage>;

describe("a caller that polls", () => {
  it.each<[string, (stage: Stage) => unknown]>([
    ["the answer", ({ end }) => end()],
    ["a withdrawal", ({ held }) => held.leave("withdrawn")],
    ["the close of the door", ({ held }) => held.close()],
  ])("is woken by %s, and not once it has stopped", (_, happen) => {
    const polled = createHeldResultStage();
    polled.watch();
    const stop = polled.watch();
    stop();
    happen(polled);
    expect(polled.woken()).toBe(1);
    polled.held.close();
  });
});

describe("an answer that was written", () => {
  it("is reported at once, and stays for ten seconds more", async () => {
    const { clock, held, reports, gone, end } = createHeldResultStage();
    end();
    held.handOver(Promise.resolve(true));
    await clock.advance(TAKEN_MS - 1);
    expect([reports, held.isTaken(), gone()]).toEqual([[true], true, 0]);
    expect(held.leave("withdrawn")).toBe(false);
    await clock.advance(1);
    expect([gone(), clock.pending()]).toEqual([1, 0]);
  });
});

describe("a request that its caller withdraws", () => {
  it("takes back a decision that is there: at once it was given to nobody, and ten seconds later it is gone", async () => {
    const { clock, held, reports, gone, end } = createHeldResultStage();
    end();
    expect(held.leave("withdrawn")).toBe(true);
    expect([reports, held.outcome()]).toEqual([[false], { status: "cancelled", cause: "withdrawn" }]);
    await clock.advance(TAKEN_MS - 1);
    expect(gone()).toBe(0);
    await clock.advance(1);
    expect([gone(), clock.pending(), reports]).toEqual([1, 0, [false]]);
  });

  it("cannot be withdrawn when it is gone", async () => {
    const { clock, held, gone, end } = createHeldResultStage();
    end();
    await clock.advance(300_000);
    expect(gone()).toBe(1);
    expect(held.leave("withdrawn")).toBe(false);
  });
});

describe("a stop of the server", () => {
  it("forgets a request that nobody polls at once: it waits for nobody", () => {
    const { clock, reports, gone, end } = createHeldResultStage();
    end(SHUTDOWN);
    expect([reports, gone(), clock.pending()]).toEqual([[false], 1, 0]);
  });

  it("keeps the denial of a request that is polled until it has been handed over", async () => {
    const { clock, held, reports, gone, end, watch } = createHeldResultStage();
    watch();
    end(SHUTDOWN);
    expect([reports, gone(), held.outcome()]).toEqual([[], 0, SHUTDOWN]);
    held.handOver(Promise.resolve(true));
    await clock.advance(0);
    expect(reports).toEqual([true]);
    held.close();
    expect(clock.pending()).toBe(0);
  });

  it.each<Outcome>([APPROVED, { status: "cancelled", cause: "terminal" }, { status: "expired" }])(
    "is the only end that is forgotten at once: not %j",
    (outcome) => {
      const { held, gone, end } = createHeldResultStage();
      end(outcome);
      expect(gone()).toBe(0);
      held.close();
    },
  );

  it("ends the wait at the gate, and what is kept, once", async () => {
    const { clock, held, leaver, reports, gone, end } = createHeldResultStage();
    end();
    held.close();
    held.close();
    await clock.advance(400_000);
    expect(leaver.signal.reason).toBe("shutdown");
    expect([reports, gone(), clock.pending()]).toEqual([[false], 1, 0]);
  });
});
