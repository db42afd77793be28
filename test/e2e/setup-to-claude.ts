// From a fresh home to an approved call of the real Claude Code, with nothing but setup. Twilio is the simulated one, reached by
// TWILIO_BASE_URL.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, vi } from "vitest";
import { start } from "../helpers/command-line.ts";
import { PATIENCE_MS } from "../helpers/patience.ts";
import { freePorts } from "../helpers/server-process.ts";
import { ACCOUNT_SID, AUTH_TOKEN, SETUP_PHONE, setSetupStage } from "../helpers/setup-stage.ts";
import { runClaude } from "./run-claude.ts";
import { startScriptedModel } from "./scripted-model.ts";

/** Folders, ports and a Twilio of the test's own. */
export async function freshHome() {
  const root = await realpath(await mkdtemp(join(tmpdir(), "approval-setup-e2e-")));
  onTestFinished(() => rm(root, { recursive: true, force: true, maxRetries: 3 }));
  const [home, settings, commands, project] = ["home", "settings", "commands", "project"].map((name) =>
    join(root, name),
  ) as [string, string, string, string];
  await Promise.all([home, commands, project].map((folder) => mkdir(folder)));
  const stage = await setSetupStage();
  const [serverPort = 0, webhookPort = 0] = await freePorts(2);
  const env = {
    PATH: `${commands}${delimiter}${process.env["PATH"] ?? ""}`,
    HOME: home,
    APPROVAL_HOME: settings,
    TWILIO_BASE_URL: stage.twilio.url,
    SERVER_PORT: String(serverPort),
    WEBHOOK_PORT: String(webhookPort),
  };
  return { root, home, settings, commands, project, stage, env, serverUrl: `http://127.0.0.1:${serverPort}` };
}

/** @param command path of `approval-server`; run by this Node @param cli the real Claude Code */
export async function expectSetupToClaude(command: string, cli: string): Promise<void> {
  const { home, settings, commands, project, stage, env, serverUrl } = await freshHome();
  await symlink(cli, join(commands, "claude"));
  await stage.twilio.type("join tidy-otter");
  const stopTapping = stage.answers("approve");
  const args = [
    command,
    "setup",
    "--yes",
    "--account-sid",
    ACCOUNT_SID,
    "--phone",
    SETUP_PHONE,
    "--auth-token-stdin",
    "--json",
  ];
  const run = start({ command: process.execPath, args, cwd: project, env });
  run.child.stdin.end(`${AUTH_TOKEN}\n`);
  const { code, stdout, stderr } = await run.ended;
  expect({ code, stderr }).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("You tapped Approve"),
  });
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, offers: { hooks: "done", mcp: "done" } });
  stopTapping();

  // From here on nothing but what setup wrote.
  const { PATH, HOME, APPROVAL_HOME } = env;
  const server = start({
    command: process.execPath,
    args: [command, "start"],
    cwd: project,
    env: { PATH, HOME, APPROVAL_HOME },
  });
  onTestFinished(async () => {
    server.child.kill("SIGTERM");
    await server.ended;
  });
  await vi.waitFor(async () => expect((await fetch(`${serverUrl}/health`)).status).toBe(200), {
    timeout: PATIENCE_MS,
  });
  expect(existsSync(join(settings, ".env"))).toBe(true);
  const model = await startScriptedModel([
    { tool: "Bash", input: { command: "touch made", description: "Make a file" } },
    "Done.",
  ]);
  onTestFinished(() => model.close());
  const tapped = stage.twilio
    .waitForMessage(({ body, buttons }) => body.includes("touch made") && buttons.length > 0)
    .then(({ sid }) => stage.twilio.tap(sid, "approve"));
  const outcome = await runClaude({ cli, modelUrl: model.url, cwd: project, home });
  await tapped;
  expect(outcome).toMatchObject({ exitCode: 0, permissionDenials: [], resultText: "Done." });
  expect(existsSync(join(project, "made"))).toBe(true);
}
