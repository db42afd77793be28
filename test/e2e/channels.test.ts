// The real CLI approved and denied over each channel: the built server, started in a terminal from a .env as a person writes it, paired by
// the code that the terminal shows, and what counts is whether the file is there.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFailed, onTestFinished, test } from "vitest";
import { CHANNELS, type ChannelName } from "../../src/domain/channel.ts";
import { COMMAND } from "../helpers/command-line.ts";
import { codesIn } from "../helpers/paired-stage.ts";
import { PATIENCE_MS } from "../helpers/patience.ts";
import { type ServerProcess, startServer } from "../helpers/server-process.ts";
import { temporaryFolder } from "../helpers/temporary.ts";
import { ensureClaudeCli } from "./claude-cli.ts";
import { OPEN_PLATFORM, type Platform } from "./platforms.ts";
import { type ClaudeOutcome, runClaude } from "./run-claude.ts";
import { startScriptedModel } from "./scripted-model.ts";

let cli: string;
beforeAll(async () => {
  cli = await ensureClaudeCli();
});

const MCP_CONFIG = join(import.meta.dirname, "../../mcp-servers.json");
/** For something that a server, a platform and a busy machine have to do. ms */
const WAIT = { timeout: PATIENCE_MS, interval: 50 };

interface ChannelsStage {
  readonly server: ServerProcess;
  readonly folder: string;
  platform(name: ChannelName): Platform;
  /** The text of the first message on a channel that asks about something. */
  asked(name: ChannelName, about: string): Promise<string>;
  told(name: ChannelName, words: string | RegExp): Promise<void>;
  path(file: string): string;
  /** Claude Code runs one command of the shell in the project. */
  runClaude(command: string): Promise<ClaudeOutcome & { readonly results: readonly { text: string }[] }>;
}

/** A terminal: `script` gives the command one and copies what it shows. */
const inTerminal = (line: string) => ["script", "-qfec", line, "/dev/null"];

async function setChannels(
  names: readonly ChannelName[],
  more: Readonly<Record<string, string>> = {},
): Promise<ChannelsStage> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "approval-e2e-")));
  onTestFinished(() => rm(root, { recursive: true, force: true, maxRetries: 3 }));
  const [dir, project, home] = [join(root, "server"), join(root, "web-shop"), join(root, "home")];
  for (const each of [dir, project, home]) await mkdir(each);
  const platforms = new Map<ChannelName, Platform>();
  for (const name of names) platforms.set(name, await OPEN_PLATFORM[name]());
  const platform = (name: ChannelName) => {
    const found = platforms.get(name);
    if (found === undefined) throw new Error(`${name} is not used here`);
    return found;
  };
  const settings: Record<string, string> = Object.assign(
    { CHANNELS: names.join(","), ...more },
    ...[...platforms.values()].map((each) => each.settings),
  );
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  await writeFile(join(dir, ".env"), `${lines.join("\n")}\n`, { mode: 0o600 });
  // The helper sets the ports in the environment, which wins.
  const { WEBHOOK_PORT } = settings;
  const env = WEBHOOK_PORT === undefined ? {} : { WEBHOOK_PORT };
  const server = await startServer({ dir, env, through: inTerminal });
  onTestFinished(async () => void (await server.kill()));
  onTestFailed(() => void process.stderr.write(`The server printed:\n${server.output()}\n`));
  const stage: ChannelsStage = {
    server,
    folder: dir,
    platform,
    async asked(name, about) {
      const found = () =>
        platform(name)
          .texts()
          .find((text) => text.startsWith("🔔") && text.includes(about));
      await expect.poll(found, WAIT).toBeDefined();
      return found() ?? "";
    },
    told: (name, words) =>
      expect
        .poll(() => platform(name).texts().join("\n"), WAIT)
        .toMatch(typeof words === "string" ? new RegExp(words) : words),
    path: (file) => join(project, file),
    async runClaude(command) {
      const model = await startScriptedModel([
        { tool: "Bash", input: { command, description: "Part of the test" } },
      ]);
      onTestFinished(() => model.close());
      const where = { cli, cwd: project, home, modelUrl: model.url, mcpConfig: MCP_CONFIG };
      const outcome = await runClaude({ ...where, env: { SERVER_PORT: new URL(server.url).port } });
      return { ...outcome, results: model.results() };
    },
  };
  const [first] = names.filter((name) => platform(name).isPaired);
  if (first !== undefined && names.every((name) => platform(name).isPaired)) await pairFirst(stage, first);
  return stage;
}

/** What the line of a channel's code says. */
const CODE_LINES: Readonly<Partial<Record<ChannelName, RegExp>>> = {
  telegram: /your bot in Telegram within 10 minutes: ([A-Z]{5})\b/,
  "whatsapp-agent": /your agent in WhatsApp within 10 minutes: ([A-Z]{5})\b/,
};

/** The first chat: the code that the server's own terminal shows for that channel. */
async function pairFirst({ server, platform, told }: ChannelsStage, name: ChannelName): Promise<void> {
  const code = () => CODE_LINES[name]?.exec(server.output())?.[1]?.toLowerCase();
  await expect.poll(code, WAIT).toBeDefined();
  await platform(name).write(code() ?? "");
  await told(name, "approve");
}

/** One more chat: `approval-server pair` in a terminal of its own, after a tap on the first one. */
async function pairOneMore(
  stage: ChannelsStage,
  name: ChannelName,
  by: ChannelName,
  flags = "",
): Promise<void> {
  const [command = "", ...args] = inTerminal(`exec '${process.execPath}' '${COMMAND}' pair ${name} ${flags}`);
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: stage.folder,
    // Where its .env is; the command runs in that folder, too.
    APPROVAL_HOME: stage.folder,
    SERVER_PORT: new URL(stage.server.url).port,
    APPROVAL_DB: join(stage.folder, "approvals.db"),
  };
  const child = spawn(command, args, { cwd: stage.folder, env, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let shown = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (part: string) => {
      shown += part;
    });
  onTestFailed(() => void process.stderr.write(`pair printed:\n${shown}\n`));
  const request = await stage.asked(by, "lets another chat approve");
  expect(codesIn(shown)).toEqual([]);
  await stage.platform(by).approve(request);
  await expect.poll(() => codesIn(shown), WAIT).toHaveLength(1);
  await stage.platform(name).write(codesIn(shown)[0] ?? "");
  await expect.poll(() => shown, WAIT).toContain("The code was used");
}

// BSD's script takes a command otherwise.
describe.skipIf(process.platform !== "linux").each(CHANNELS)("claude -p over %s", (name) => {
  test("runs the command after it is approved there, and the phone is told once Claude has the answer", async () => {
    const stage = await setChannels([name]);
    const run = stage.runClaude("echo shipped > approved.txt");
    const request = await stage.asked(name, "echo shipped > approved.txt");
    expect(request).toMatch(/Project:\*? web-shop/);
    expect(existsSync(stage.path("approved.txt"))).toBe(false);
    await stage.platform(name).approve(request);
    expect(await run).toMatchObject({ exitCode: 0, resultText: "Done.", permissionDenials: [] });
    expect(readFileSync(stage.path("approved.txt"), "utf8")).toBe("shipped\n");
    await stage.told(name, "approved: Claude has the answer");
    const secrets = ["AUTH_TOKEN", "BOT_TOKEN", "AGENT_KEY"].flatMap((part) =>
      Object.entries(stage.platform(name).settings).flatMap(([key, value]) =>
        key.endsWith(part) ? [value] : [],
      ),
    );
    expect(secrets).toHaveLength(1);
    for (const secret of secrets) expect(stage.server.output()).not.toContain(secret);
  });

  test("runs nothing after it is denied there, and the model reads the person's words", async () => {
    const stage = await setChannels([name]);
    const run = stage.runClaude("touch denied.txt");
    const request = await stage.asked(name, "touch denied.txt");
    const id = /Request ID:\*? ([a-z]{5})/.exec(request)?.[1] ?? "none";
    await stage.platform(name).write(`DENY ${id} use the staging bucket`);
    const { results, ...outcome } = await run;
    expect(outcome).toMatchObject({ exitCode: 0, permissionDenials: [{ tool_name: "Bash" }] });
    expect(results).toEqual([{ text: expect.stringContaining("use the staging bucket"), isError: true }]);
    expect(existsSync(stage.path("denied.txt"))).toBe(false);
    await stage.told(name, `${id} denied: Claude has the answer`);
  });
});

describe.skipIf(process.platform !== "linux")("claude -p over two channels", () => {
  test("is approved on the second one when the first one dies: asked once, nothing lost", async () => {
    const stage = await setChannels(["telegram", "whatsapp-agent"]);
    await pairOneMore(stage, "whatsapp-agent", "telegram");
    await stage.platform("telegram").die();
    const run = stage.runClaude("echo shipped > approved.txt");
    const request = await stage.asked("whatsapp-agent", "echo shipped > approved.txt");
    await stage.platform("whatsapp-agent").approve(request);
    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [] });
    expect(readFileSync(stage.path("approved.txt"), "utf8")).toBe("shipped\n");
    await stage.told("whatsapp-agent", "approved: Claude has the answer");
    const asking = stage
      .platform("whatsapp-agent")
      .texts()
      .filter((text) => text.includes("echo shipped"));
    expect(asking).toHaveLength(1);
  });

  test("Twilio first: where nothing listens there any more, Telegram asks", async () => {
    const stage = await setChannels(["whatsapp", "telegram"]);
    await pairOneMore(stage, "telegram", "whatsapp");
    await stage.platform("whatsapp").die();
    const run = stage.runClaude("echo shipped > approved.txt");
    const request = await stage.asked("telegram", "echo shipped > approved.txt");
    await stage.platform("telegram").approve(request);
    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [] });
    expect(existsSync(stage.path("approved.txt"))).toBe(true);
  });

  test("with two people and a quorum of two: nothing runs after the first approval, the command after the second", async () => {
    const folder = temporaryFolder();
    const [approvers, policy] = [join(folder, "approvers.json"), join(folder, "policy.json")];
    const people = [
      { name: "Ada", addresses: ["telegram"] },
      { name: "Bob", addresses: ["whatsapp-agent"] },
    ];
    await writeFile(approvers, JSON.stringify({ version: 1, people }), { mode: 0o600 });
    await writeFile(policy, JSON.stringify({ version: 1, quorum: 2 }), { mode: 0o600 });
    const settings = { APPROVERS: approvers, APPROVAL_POLICY: policy };
    const stage = await setChannels(["telegram", "whatsapp-agent"], settings);
    await pairOneMore(stage, "whatsapp-agent", "telegram", "--as Bob");
    const command = "rm -rf ./build && echo shipped > approved.txt";
    const run = stage.runClaude(command);
    const toAda = await stage.asked("telegram", "echo shipped");
    const toBob = await stage.asked("whatsapp-agent", "echo shipped");
    for (const text of [toAda, toBob]) expect(text).toContain("2 people must approve this");
    await stage.platform("telegram").approve(toAda);
    await stage.told("telegram", "1 of 2 has approved; one more is needed, and nothing has run");
    await stage.told("whatsapp-agent", "Ada has approved it. 1 of 2 has approved");
    expect(existsSync(stage.path("approved.txt"))).toBe(false);
    await stage.platform("whatsapp-agent").approve(toBob);
    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [] });
    expect(readFileSync(stage.path("approved.txt"), "utf8")).toBe("shipped\n");
    await stage.told("telegram", "approved by Ada and Bob: Claude has the answer");
  });
});
