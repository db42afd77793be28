// What doctor says of parked calls.
import { describe, expect, it } from "vitest";
import { type ParkedCallsDeps, parkedCallsCheck } from "../../src/doctor/parked-calls.ts";
import { ConfigError } from "../../src/domain/errors.ts";

const FINE: ParkedCallsDeps = {
  folders: () => [{ name: "web-shop", path: "/code/web-shop" }],
  bin: "claude",
  print: async () => "2.1.331 (Claude Code)",
  hasHooks: async () => true,
};
const check = (changed: Partial<ParkedCallsDeps> = {}) => parkedCallsCheck({ ...FINE, ...changed }).run();

describe("parked calls", () => {
  it("are in order where folders, command and hook are", async () => {
    expect(await check()).toEqual({ status: "ok", detail: "resumed in /code/web-shop\nClaude Code 2.1.331" });
  });

  it.each<[string, Partial<ParkedCallsDeps>, "warning" | "error", RegExp, RegExp]>([
    [
      "no command",
      { bin: "/x/claude", print: async () => undefined },
      "error",
      /no command \/x\/claude/,
      /CLAUDE_BIN/,
    ],
    [
      "an old one",
      { print: async () => "2.1.88 (Claude Code)" },
      "warning",
      /before 2\.1\.89/,
      /claude update/,
    ],
    ["another program", { print: async () => "hello" }, "warning", /names no version/, /CLAUDE_BIN/],
    [
      "one that hangs",
      { print: () => Promise.reject(new Error("late")) },
      "warning",
      /no version/,
      /CLAUDE_BIN/,
    ],
    [
      "no hook",
      { hasHooks: async () => false },
      "warning",
      /nothing is parked/,
      /hooks -- install|hooks install/,
    ],
    [
      "a folder that is gone",
      {
        folders: () => {
          throw new ConfigError(["TASK_DIRS: /code/web-shop does not exist"]);
        },
      },
      "error",
      /TASK_DIRS: \/code\/web-shop does not exist/,
      /Correct TASK_DIRS/,
    ],
  ])("%s is named", async (_, changed, status, says, advice) => {
    expect(await check(changed)).toMatchObject({
      status,
      detail: expect.stringMatching(says),
      advice: expect.stringMatching(advice),
    });
  });
});
