// One call, one parse: whoever asks about a command, it is read once. Counts the calls of the real parser.
import { parse } from "unbash";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createInspector } from "../../src/inspection/inspector.ts";
import { decideByRules } from "../../src/policy/decide.ts";
import { analyse, MAX_COMMAND_LENGTH } from "../../src/shell/analyse.ts";
import { createRecent } from "../../src/shell/recent.ts";
import { bash, CONTEXT, compiled } from "../helpers/policy-stage.ts";

vi.mock("unbash", async (importOriginal) => {
  const original = await importOriginal<typeof import("unbash")>();
  return { ...original, parse: vi.fn(original.parse) };
});

const parsed = () => vi.mocked(parse).mock.calls.map(([text]) => text);
const inspector = createInspector({ ...CONTEXT, ownPorts: [8000] });
const policy = compiled([
  { decision: "deny", rules: ["Bash(curl *)", "Bash(git push --force *)", "Edit(~/.bashrc)", "Read(*.pem)"] },
  { decision: "ask", rules: ["Bash(npm publish)"] },
  { decision: "allow", rules: ["Bash(npm run *)", "Bash(git status)", "Edit(/src/**)"] },
]);

async function lookAt(command: string): Promise<void> {
  const submission = bash(command);
  await inspector.inspect(submission.call, submission.cwd);
  decideByRules(policy, submission);
}

describe("a shell command", () => {
  beforeEach(() => {
    vi.mocked(parse).mockClear();
  });

  test.each([
    "npm run build",
    "npm run lint && git status",
    "cat 'x y' | sort > /tmp/out.txt",
    "echo $(date) &",
  ])(
    "is parsed once for its warnings, its session rule and every rule of the policy: %s",
    async (command) => {
      await lookAt(command);
      expect(parsed()).toEqual([command]);
    },
  );

  test("that carries code is parsed once, and so is the code", async () => {
    await lookAt("bash -c 'npm run build && ls' # carried");
    expect(parsed()).toEqual(["bash -c 'npm run build && ls' # carried", "npm run build && ls"]);
  });

  test("that is too long is not parsed at all", async () => {
    await lookAt(`ls ${"a".repeat(MAX_COMMAND_LENGTH)}`);
    expect(parsed()).toEqual([]);
  });

  test("is parsed once also while other calls are looked at", async () => {
    const commands = Array.from({ length: 8 }, (_, at) => `npm run step-${at}`);
    await Promise.all(commands.map((command) => inspector.inspect(bash(command).call, "/work")));
    for (const command of commands) decideByRules(policy, bash(command));
    expect(parsed()).toEqual(commands);
  });
});

describe("what is remembered", () => {
  test("is the last eight texts", () => {
    const read = vi.fn((text: string) => text.length);
    const recent = createRecent(read);
    for (let at = 0; at < 9; at += 1) recent(`${at}`);
    expect([recent("8"), recent("1")]).toEqual([1, 1]);
    expect(read).toHaveBeenCalledTimes(9);
    recent("0");
    expect(read).toHaveBeenCalledTimes(10);
  });

  test("is bounded in length, but always holds the last text", () => {
    const read = vi.fn((text: string) => text.length);
    const recent = createRecent(read);
    const [first, second] = ["a".repeat(600_000), "b".repeat(600_000)];
    for (const text of [first, second, second, first]) recent(text);
    expect(read).toHaveBeenCalledTimes(3);
    const huge = "c".repeat(2_000_000);
    expect([recent(huge), recent(huge)]).toEqual([2_000_000, 2_000_000]);
    expect(read).toHaveBeenCalledTimes(4);
  });

  test("is the same answer, not a copy", () => {
    expect(analyse("ls -la")).toBe(analyse("ls -la"));
  });
});
