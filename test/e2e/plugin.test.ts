// The plugin, installed from this folder as a person does it, with the real CLI: one answer on the phone is enough, and without a
// server it says nothing.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/server/system.ts";
import { ensureClaudeCli } from "./claude-cli.ts";
import { installHooks, startSession } from "./interactive.ts";
import { runClaude } from "./run-claude.ts";
import { type Stage, setStage } from "./stage.ts";

let cli: string;
beforeAll(async () => {
  cli = await ensureClaudeCli();
});

const PROMPT_TOOL = "mcp__plugin_approvals_approval-server__permissions__approve";
const DIALOG = /Do you want to proceed/;
const bash = (command: string) => ({ tool: "Bash", input: { command, description: "Part of the test" } });
const requests = ({ phone }: Stage) => phone.messages().filter(({ buttons }) => buttons.length > 0);

async function plugin(home: string, ...words: readonly string[]): Promise<string> {
  const env = { PATH: process.env["PATH"] ?? "", HOME: home, DISABLE_AUTOUPDATER: "1" };
  const { stdout } = await promisify(execFile)(cli, ["plugin", ...words], { cwd: home, env });
  return stdout;
}

async function setPluginStage(commands: readonly string[], env?: Readonly<Record<string, string>>) {
  const stage = await setStage({ cli, script: () => commands.map(bash), ...(env && { env }) });
  // What npm ships of it, and no more.
  const folder = join(stage.home, "it's the package");
  for (const part of [".claude-plugin", "plugin"]) {
    await cp(join(packageRoot(), part), join(folder, part), { recursive: true });
  }
  expect(await plugin(stage.home, "validate", folder)).toContain("Validation passed");
  await plugin(stage.home, "marketplace", "add", folder);
  await plugin(stage.home, "install", "approvals@approval-server");
  return { ...stage, env: { SERVER_PORT: new URL(stage.server.url).port } };
}

const print = (stage: Awaited<ReturnType<typeof setPluginStage>>, args: readonly string[]) =>
  runClaude({
    cli,
    modelUrl: stage.model.url,
    cwd: stage.folder,
    home: stage.home,
    promptTool: false,
    env: stage.env,
    args,
  });

describe("the plugin", () => {
  test("brings the permission tool and the hooks: claude -p asks the phone once", async () => {
    const stage = await setPluginStage(["touch asked.txt"], { HOOK_GRACE_SECONDS: "15" });
    const run = print(stage, ["--permission-prompt-tool", PROMPT_TOOL]);
    const { id, message } = await stage.phone.waitForRequest();
    expect(message.body).toContain(`*Project:* ${stage.project}`);
    await stage.phone.tap(message.sid, `approve:${id}`);
    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [] });
    expect(existsSync(stage.path("asked.txt"))).toBe(true);
    expect(requests(stage)).toHaveLength(1);
  });

  test("has claude -p without the permission tool ask the phone at once, whatever the grace", async () => {
    const stage = await setPluginStage(["touch asked.txt"], { HOOK_GRACE_SECONDS: "300" });
    const run = print(stage, []);
    const { id, message } = await stage.phone.waitForRequest();
    await stage.phone.tap(message.sid, `approve:${id}`);
    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [] });
    expect(existsSync(stage.path("asked.txt"))).toBe(true);
  });

  test("asks the phone in a session at the terminal, once also beside the hooks of the settings", async () => {
    const stage = await setPluginStage(["echo shipped > by-plugin.txt", "touch no.txt"]);
    await installHooks(stage);
    const terminal = await startSession(stage, cli, { env: stage.env });
    const first = await stage.phone.waitForRequest();
    await terminal.waitFor(DIALOG);
    await stage.phone.tap(first.message.sid, `approve:${first.id}`);
    const second = await stage.phone.waitForRequest((body) => body.includes("touch no.txt"));
    await stage.phone.type("not that one", { quote: second.message.sid });
    await terminal.waitFor(/Done\./);
    expect(await readFile(stage.path("by-plugin.txt"), "utf8")).toBe("shipped\n");
    expect(existsSync(stage.path("no.txt"))).toBe(false);
    expect(requests(stage)).toHaveLength(2);
    expect(stage.phone.messages().some(({ body }) => /at the terminal|did not run/.test(body))).toBe(false);
  });

  test("costs no message when the dialog is answered in the terminal's own time", async () => {
    const stage = await setPluginStage(["touch at-terminal.txt"], { HOOK_GRACE_SECONDS: "300" });
    const terminal = await startSession(stage, cli, { env: stage.env });
    await terminal.waitFor(DIALOG);
    await terminal.press("Enter", () => existsSync(stage.path("at-terminal.txt")));
    await terminal.waitFor(/Done\./);
    expect(requests(stage)).toEqual([]);
  });

  test("/approvals:status says how the server stands, without asking anybody", async () => {
    const stage = await setPluginStage([]);
    let read = "";
    const asked = await setStage({
      cli,
      script: () => [
        (request) => {
          read = request;
          return "Read.";
        },
      ],
    });
    const run = await runClaude({
      cli,
      modelUrl: asked.model.url,
      cwd: stage.folder,
      home: stage.home,
      promptTool: false,
      env: stage.env,
      prompt: "/approvals:status",
    });
    expect(run.exitCode).toBe(0);
    expect(read).toContain("server: up");
    expect(read).toContain("waiting: 0");
    expect(requests(stage)).toEqual([]);
  });
});

describe.each([
  ["the plugin", setPluginStage],
  [
    "the hooks of the settings",
    async (commands: readonly string[]) => {
      const stage = await setStage({ cli, script: () => commands.map(bash) });
      await installHooks(stage);
      return { ...stage, env: {} };
    },
  ],
] as const)("while no server runs, %s", (_, setUp) => {
  test("says nothing at the terminal, and its dialog works as always", async () => {
    const stage = await setUp(["touch quiet.txt"]);
    await stage.server.stop();
    const terminal = await startSession(stage, cli, { env: stage.env });
    await terminal.waitFor(DIALOG);
    await terminal.press("Enter", () => existsSync(stage.path("quiet.txt")));
    // The turn's last line, after its Stop hooks.
    expect(await terminal.waitFor(/ · done \d/)).not.toMatch(/hook|ECONNREFUSED/i);
  });

  test("says nothing in claude -p, where the call is refused", async () => {
    const stage = await setUp(["touch refused.txt"]);
    await stage.server.stop();
    const run = await print(stage as never, []);
    expect(run).toMatchObject({ exitCode: 0, stderr: "", permissionDenials: [{ tool_name: "Bash" }] });
    expect(JSON.stringify(run.events)).not.toMatch(/hook (failed|problem|error)|ECONNREFUSED/i);
    expect(existsSync(stage.path("refused.txt"))).toBe(false);
  });
});
