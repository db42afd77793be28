// The keys at a terminal while setup waits for the phone.
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { SetupCancelled } from "../../src/cli/setup/asker.ts";
import { createClackAsker } from "../../src/cli/setup/clack-asker.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";

function waiting() {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const { signal } = new AbortController();
  const asker = createClackAsker({ stdin, stdout, signal, clock: createFakeClock() } as never);
  let happen: (value: string) => void = () => {};
  const onPhone = new Promise<string>((resolve) => {
    happen = resolve;
  });
  const ended = asker.wait({ line: (left) => left, limitMs: 60_000, work: () => onPhone });
  return { press: (keys: string) => stdin.emit("data", keys), happen: () => happen("a tap"), ended };
}

describe("a wait at a terminal", () => {
  it.each(["s", "S"])("is skipped by %j", async (keys) => {
    const { press, ended } = waiting();
    press(keys);
    expect(await ended).toEqual({ kind: "skipped" });
  });

  it.each(["\r", "\n", "vbmcs", "yes\r", "\u001b[S", " "])("goes on after %j", async (keys) => {
    const { press, happen, ended } = waiting();
    press(keys);
    happen();
    expect(await ended).toEqual({ kind: "done", value: "a tap" });
  });

  it.each(["\u0003", "\u001b"])("stops setup after %j", async (keys) => {
    const { press, ended } = waiting();
    press(keys);
    await expect(ended).rejects.toThrow(SetupCancelled);
  });
});
