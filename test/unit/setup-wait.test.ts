// Waiting for the phone: it ends by what is waited for, by its limit, by a key, by Ctrl-C, and leaves nothing behind.
import { describe, expect, it } from "vitest";
import { SetupCancelled } from "../../src/cli/setup/asker.ts";
import { waitFor } from "../../src/cli/setup/wait.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";

function stage() {
  const clock = createFakeClock();
  const stopped = new AbortController();
  const shown: string[] = [];
  let press: (wish: "skip" | "cancel") => void = () => {};
  let listeners = 0;
  let seen: AbortSignal | undefined;
  const waiting = (work?: () => Promise<string>) =>
    waitFor(
      {
        limitMs: 65_000,
        line: (left) => left,
        work: (signal) => {
          seen = signal;
          return work?.() ?? new Promise<string>(() => {});
        },
      },
      {
        clock,
        signal: stopped.signal,
        showEveryMs: 1_000,
        show: (line) => void shown.push(line),
        keys: (onKey) => {
          listeners += 1;
          press = onKey;
          return () => {
            listeners -= 1;
          };
        },
      },
    );
  return {
    clock,
    stopped,
    shown,
    waiting,
    press: (wish: "skip" | "cancel") => press(wish),
    left: () => ({ timers: clock.pending(), listeners, isOver: seen?.aborted }),
  };
}

describe("a wait", () => {
  it("counts down and ends at its limit", async () => {
    const { clock, shown, waiting, left } = stage();
    const ended = waiting();
    await clock.advance(65_000);
    expect(await ended).toEqual({ kind: "timeout" });
    expect(shown.slice(0, 3)).toEqual(["1:05", "1:04", "1:03"]);
    expect(left()).toEqual({ timers: 0, listeners: 0, isOver: true });
  });

  it("ends with what was waited for", async () => {
    const { waiting, left } = stage();
    expect(await waiting(async () => "here")).toEqual({ kind: "done", value: "here" });
    expect(left()).toMatchObject({ timers: 0, listeners: 0 });
  });

  it("ends with a key, and what it waited for is told", async () => {
    const { waiting, press, left } = stage();
    const ended = waiting();
    press("skip");
    expect(await ended).toEqual({ kind: "skipped" });
    expect(left()).toEqual({ timers: 0, listeners: 0, isOver: true });
  });

  it.each(["key", "signal"])("is stopped by a %s", async (by) => {
    const { waiting, press, stopped, left } = stage();
    const ended = waiting();
    if (by === "key") press("cancel");
    else stopped.abort();
    await expect(ended).rejects.toThrow(SetupCancelled);
    expect(left()).toEqual({ timers: 0, listeners: 0, isOver: true });
    if (by === "signal") await expect(waiting()).rejects.toThrow(SetupCancelled);
  });

  it("passes on what goes wrong", async () => {
    const { waiting, left } = stage();
    await expect(waiting(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(left()).toMatchObject({ timers: 0, listeners: 0 });
  });
});
