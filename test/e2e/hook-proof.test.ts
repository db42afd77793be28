// What an approval through the hook is worth with the real CLI: it runs also where a rule or a safety check asks, and what
// did not come to its end is told.
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { ensureClaudeCli } from "./claude-cli.ts";
import { installHooks, startSession } from "./interactive.ts";
import { type Stage, setStage } from "./stage.ts";

let cli: string;
beforeAll(async () => {
  cli = await ensureClaudeCli();
});

const bash = (command: string) => ({ tool: "Bash", input: { command, description: "Part of the test" } });
const write = (file_path: string) => ({ tool: "Write", input: { file_path, content: "written\n" } });

/** What Claude Code asks about because of a rule or a safety check of its own. */
const GUARDED = [
  ".claude/notes.md",
  ".claude/settings.local.json",
  ".git/hooks/pre-commit",
  ".vscode/settings.json",
  ".mcp.json",
] as const;

async function guardedStage(promptTool: boolean): Promise<Stage> {
  const stage = await setStage({
    cli,
    promptTool,
    script: (path) => [
      bash("touch by-rule.txt"),
      ...GUARDED.map((file) => write(path(file))),
      write(join(path(""), "../../home/.bashrc")),
      bash(`rm -rf ${path("*")}`),
    ],
  });
  await mkdir(join(stage.home, ".claude"));
  const settings = { permissions: { ask: ["Bash(touch *)"] } };
  await writeFile(join(stage.home, ".claude/settings.json"), JSON.stringify(settings));
  await installHooks(stage);
  return stage;
}

/** Approves one after another, and looks each time whether it ran. */
async function approveAll({ phone, path, home, model }: Stage): Promise<void> {
  const files = [path("by-rule.txt"), ...GUARDED.map(path), join(home, ".bashrc")];
  for (const [index, file] of files.entries()) {
    const { id, message } = await phone.waitForRequest((body) => body.includes(file.split("/").at(-1) ?? ""));
    expect(existsSync(file)).toBe(false);
    await phone.tap(message.sid, `approve:${id}`);
    await expect.poll(() => existsSync(file)).toBe(true);
    await expect.poll(() => model.results().length).toBe(index + 1);
  }
  const { id, message } = await phone.waitForRequest((body) => body.includes("rm -rf"));
  await phone.tap(message.sid, `approve:${id}`);
  await expect.poll(() => existsSync(path("by-rule.txt"))).toBe(false);
}

function expectAllRan({ model, phone }: Stage): void {
  const results = Array.from({ length: GUARDED.length + 3 }, () => false);
  expect(model.results().map(({ isError }) => isError)).toEqual(results);
  expect(phone.messages().filter(({ body }) => body.includes("did not run"))).toEqual([]);
  expect(phone.messages().filter(({ buttons }) => buttons.length > 0)).toHaveLength(results.length);
}

describe("what a rule or a safety check asks about runs after a tap", () => {
  test.each([
    ["with the prompt tool", true],
    ["without it", false],
  ])("in claude -p %s", async (_, promptTool) => {
    const stage = await guardedStage(promptTool);
    const run = stage.runClaude();
    await approveAll(stage);
    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [] });
    expectAllRan(stage);
  });

  test("in an interactive session", async () => {
    const stage = await guardedStage(true);
    const terminal = await startSession(stage, cli);
    await approveAll(stage);
    await terminal.waitFor(/Done\./);
    expectAllRan(stage);
  });
});

describe("an approved call", () => {
  test("that is interrupted at the terminal is told with the next prompt, and not while it runs", async () => {
    const command = "until [ -f go ]; do sleep 0.1; done; touch ran.txt";
    const stage = await setStage({ cli, script: () => [bash(command)] });
    await installHooks(stage);
    const terminal = await startSession(stage, cli);
    const { id, message } = await stage.phone.waitForRequest();
    await stage.phone.tap(message.sid, `approve:${id}`);
    await stage.phone.waitForMessage(({ body }) => body === `✅ ${id} approved: Claude has the answer`);
    await terminal.press("Escape", async () => /Interrupted/.test(await terminal.screen()));
    await terminal.press("hello", async () => /❯\s+hello/.test(await terminal.screen()));
    await terminal.press("Enter", async () => /Done\./.test(await terminal.screen()));
    await stage.phone.waitForMessage(
      ({ body }) =>
        body === `⚠️ ${id} was approved, but Claude did not run it, or was interrupted while it ran`,
    );
    expect(existsSync(stage.path("ran.txt"))).toBe(false);
  });

  test("that runs while the person types is not told as one that did not run", async () => {
    const command = "until [ -f go ]; do sleep 0.1; done; echo done > ran.txt";
    const stage = await setStage({ cli, script: () => [bash(command)] });
    await installHooks(stage);
    const terminal = await startSession(stage, cli);
    const { id, message } = await stage.phone.waitForRequest();
    await stage.phone.tap(message.sid, `approve:${id}`);
    await stage.phone.waitForMessage(({ body }) => body === `✅ ${id} approved: Claude has the answer`);
    await terminal.press("hello", async () => /❯\s+hello/.test(await terminal.screen()));
    // The line for the next prompt is the last one.
    const isSent = async () =>
      !(await terminal.screen())
        .match(/❯[^\n]*/g)
        ?.at(-1)
        ?.includes("hello");
    await terminal.press("Enter", isSent);
    await writeFile(stage.path("go"), "");
    await terminal.waitFor(/Done\./);
    expect(await readFile(stage.path("ran.txt"), "utf8")).toBe("done\n");
    await stage.phone.type("pending");
    await stage.phone.waitForMessage(({ body }) => body === "Nothing waits.");
    expect(stage.phone.messages().filter(({ body }) => body.includes("did not run"))).toEqual([]);
  });
});
