// What goes on by itself: a stop waits for it, and for what it brings, as long as it has been told to.
import { expect, it } from "vitest";
import { deferred } from "../../src/core/timing.ts";
import { createUnderWay } from "../../src/core/under-way.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createKeptLog } from "../helpers/silent-log.ts";

it("is waited for, with what comes while it is waited for, and no longer than the limit", async () => {
  const clock = createFakeClock();
  const { track, idle } = createUnderWay(clock, createKeptLog());
  const [first, second] = [deferred<void>(), deferred<void>()];
  let isIdle = false;
  track(first.promise, "the first");
  void first.promise.then(() => track(second.promise, "the second"));
  const waited = idle(1_000).then(() => {
    isIdle = true;
  });
  first.resolve();
  await clock.advance(10);
  expect(isIdle).toBe(false);
  second.resolve();
  await waited;
  track(new Promise(() => {}), "one that hangs");
  const limited = idle(1_000);
  await clock.advance(1_000);
  await limited;
});
