// The long polls of the REST door: how many may be open, and that each one gives its place back however it ends.
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/domain/approval.ts";
import type { HeldResult } from "../../src/doors/held/held-result.ts";
import { createPoll, POLL_MS } from "../../src/doors/rest/poll.ts";
import { Problem } from "../../src/doors/rest/problem.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";

/** More than may be open at once, fewer than anybody would wait for. */
const MANY = 2_000;

function stage() {
  const clock = createFakeClock();
  const poll = createPoll(clock);
  const watchers = new Set<() => void>();
  let outcome: Outcome | undefined;
  const held = {
    outcome: () => outcome,
    watch(listener: () => void) {
      watchers.add(listener);
      return () => void watchers.delete(listener);
    },
  } as HeldResult;
  const response = () => new ServerResponse(new IncomingMessage(new Socket()));

  /** Opens polls until one is refused. @returns how many there was room for, and their responses */
  async function fill() {
    const open: { readonly res: ServerResponse; readonly over: Promise<void> }[] = [];
    let refused: unknown;
    for (let count = 0; count < MANY; count += 1) {
      const res = response();
      const over = poll(held, res);
      over.catch((error: unknown) => {
        refused = error;
      });
      await turn();
      if (refused !== undefined) return { held: open, refused };
      open.push({ res, over });
    }
    throw new Error(`${MANY} polls are open and none was refused`);
  }

  return {
    clock,
    fill,
    watchers,
    end() {
      outcome = { status: "expired" };
      for (const listener of [...watchers]) listener();
      outcome = undefined;
    },
    response,
    poll: (res: ServerResponse) => poll(held, res),
    decide(decided: Outcome) {
      outcome = decided;
    },
  };
}

describe("the long polls of all callers", () => {
  it("are refused beyond a few hundred, with the time to wait", async () => {
    const { fill, end } = stage();
    const { held, refused } = await fill();
    expect(held.length).toBeGreaterThanOrEqual(100);
    expect(refused).toBeInstanceOf(Problem);
    expect(refused).toMatchObject({ type: "too-many", headers: { "retry-after": "5" } });
    end();
    await Promise.all(held.map(({ over }) => over));
  });

  it.each<[string, (stage: ReturnType<typeof setUp>) => Promise<void> | void]>([
    ["the request ends", ({ end }) => end()],
    ["their time is over", ({ clock }) => clock.advance(POLL_MS)],
    ["their callers go", ({ held }) => held.forEach(({ res }) => void res.emit("close"))],
  ])("give their places back when %s, and leave nothing behind", async (_, finish) => {
    const polls = stage();
    const first = await polls.fill();
    await finish(setUp(polls, first.held));
    await Promise.all(first.held.map(({ over }) => over));
    expect(polls.watchers.size).toBe(0);
    expect(polls.clock.pending()).toBe(0);
    for (const { res } of first.held) expect(res.listenerCount("close")).toBe(0);
    const second = await polls.fill();
    expect(second.held).toHaveLength(first.held.length);
    polls.end();
    await Promise.all(second.held.map(({ over }) => over));
  });

  it("take no place where there is something to say already, or nobody to say it to", async () => {
    const { poll, response, decide, watchers, clock } = stage();
    const gone = response();
    gone.destroy();
    await poll(gone);
    decide({ status: "expired" });
    await poll(response());
    expect([watchers.size, clock.pending()]).toEqual([0, 0]);
  });
});

function setUp(polls: ReturnType<typeof stage>, held: readonly { readonly res: ServerResponse }[]) {
  return { ...polls, held };
}
