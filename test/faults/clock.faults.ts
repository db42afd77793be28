// The machine's clock is set, drifts or stands still while a request waits. Every case of the parts: test/unit/wall-clock.test.ts and
// test/unit/gate-deadline.test.ts; here it is a whole server.
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { createAct } from "./act.ts";
import { unsound } from "./invariants.ts";
import { createWorld, type World } from "./world.ts";

const HOUR_MS = 60 * 60_000;

async function start(seconds: string): Promise<World> {
  const world = await createWorld({ env: () => ({ APPROVAL_TIMEOUT_SECONDS: seconds }) });
  onTestFinished(() => world.close());
  await world.start();
  await world.server.quiet();
  return world;
}

/** By how much the clock is wrong, ms; what a tap does then; how fast it goes. Set forward, it is as if the machine had slept. */
const CLOCKS: readonly [string, number, "allow" | "deny", number?][] = [
  ["is set back by an hour", -HOUR_MS, "allow"],
  ["is set back to 1980", 315_532_800_000 - Date.now(), "allow"],
  ["is set forward by an hour", HOUR_MS, "deny"],
  ["is set forward by ten years", 10 * 365 * 24 * HOUR_MS, "deny"],
  ["goes three times as fast", 0, "allow", 3],
  ["stands still", 0, "allow", 0],
  ["goes backwards", 0, "allow", -1],
];

describe.each(CLOCKS)("the wall clock %s while requests wait", (_name, offsetMs, expected, rate) => {
  it("a tap approves, or is told why not, and one that nobody answers ends", async () => {
    const world = await start("30");
    const act = createAct(world);
    const [tapped, left] = [act.mark(), act.mark()];
    const answers = [act.permission(tapped), act.permission(left)] as const;
    const prompt = await act.prompt(tapped);
    await act.prompt(left);
    await world.server.setClock(offsetMs, rate);
    await act.tap(prompt, "approve");
    const answer = await act.alive(answers[0]);
    await act.told(new RegExp(act.idOf(prompt)));
    expect(await act.alive(answers[1])).toBe("deny");
    expect(await unsound(act)).toEqual([]);
    expect(answer).toBe(expected);
  });
});

describe("the process stands still (SIGSTOP) while a request waits", () => {
  it("and goes on in time: the tap that came meanwhile approves it", async () => {
    const world = await start("30");
    const act = createAct(world);
    const mark = act.mark();
    const answer = act.permission(mark);
    const prompt = await act.prompt(mark);
    world.server.signal("SIGSTOP");
    const tap = act.tap(prompt, "approve");
    await sleep(200);
    world.server.signal("SIGCONT");
    await tap;
    expect(await act.alive(answer)).toBe("allow");
    await act.told(/approved: Claude has the answer/);
    expect(await unsound(act)).toEqual([]);
  });

  it("and goes on after its deadline: the tap that came in its time, and was not read, approves nothing", async () => {
    const world = await start("10");
    const act = createAct(world);
    const mark = act.mark();
    const answer = act.permission(mark);
    const prompt = await act.prompt(mark);
    world.server.signal("SIGSTOP");
    const tap = act.tap(prompt, "approve");
    await sleep(11_000);
    world.server.signal("SIGCONT");
    await tap;
    expect(await act.alive(answer)).toBe("deny");
    const word = await act.told(new RegExp(act.idOf(prompt)));
    expect(word.body).not.toMatch(/approved:/);
    expect(await unsound(act)).toEqual([]);
  });
});
