// Parked approvals with the real CLI: nobody answers in time, `claude -p` ends, the server is restarted, and an approval resumes the
// session: that call runs once, and everything else asks as ever.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, onTestFailed, onTestFinished, test } from "vitest";
import { openPhone, type Phone } from "../helpers/phone-client.ts";
import { freePorts, startServer } from "../helpers/server-process.ts";
import { ensureClaudeCli } from "./claude-cli.ts";
import { installHooks } from "./interactive.ts";
import { type ClaudeOutcome, runClaude } from "./run-claude.ts";
import { type Step, startScriptedModel } from "./scripted-model.ts";

const MCP_CONFIG = fileURLToPath(new URL("../../mcp-servers.json", import.meta.url));
/** Long enough for a message to be there, and short for a test: 1.2 s. */
const PARK_AFTER_MINUTES = "0.02";
const FOREVER = "60";

let cli: string;
beforeAll(async () => {
  cli = await ensureClaudeCli();
});

const bash = (command: string) => ({ tool: "Bash", input: { command, description: "Part of the test" } });

interface ParkStageOptions {
  readonly script: readonly Step[];
  readonly env?: Readonly<Record<string, string>>;
  /** False: TASK_DIRS names another folder. */
  readonly isTaskFolder?: boolean;
  readonly claude?: string;
}

async function setParkStage({ script, env = {}, isTaskFolder = true, claude }: ParkStageOptions) {
  const root = await realpath(await mkdtemp(join(tmpdir(), "approval-park-")));
  onTestFinished(() => rm(root, { recursive: true, force: true, maxRetries: 3 }));
  const at = (name: string) => join(root, name);
  for (const name of ["home", "server", "web-shop", "elsewhere"]) await mkdir(at(name));
  const model = await startScriptedModel(script);
  onTestFinished(() => model.close());
  const [port, webhookPort, phonePort] = await freePorts(3);
  const settings = {
    HOME: at("home"),
    SERVER_PORT: String(port),
    WEBHOOK_PORT: String(webhookPort),
    SIMULATOR_PORT: String(phonePort),
    PARK_AFTER_MINUTES,
    TASK_DIRS: at(isTaskFolder ? "web-shop" : "elsewhere"),
    CLAUDE_BIN: claude ?? cli,
    // What a person's shell has: the resumed Claude finds its account in the server's environment.
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: "sk-ant-test",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
    DISABLE_TELEMETRY: "1",
    IS_SANDBOX: "1",
    ...env,
  };
  async function start() {
    const server = await startServer({ dir: at("server"), env: settings });
    onTestFinished(async () => void (await server.stop()));
    onTestFailed(() => void process.stderr.write(`The server printed:\n${server.output()}\n`));
    const phone = await openPhone(server.phoneUrl);
    onTestFinished(() => phone.close());
    onTestFailed(() => {
      const chat = phone.messages().map(({ direction, body }) => `${direction}: ${body}`);
      process.stderr.write(`The phone:\n${chat.join("\n---\n")}\n`);
    });
    return { server, phone };
  }
  const first = await start();
  await installHooks({ home: at("home"), server: first.server } as Parameters<typeof installHooks>[0], {
    PARK_AFTER_MINUTES,
    TASK_DIRS: settings.TASK_DIRS,
  });
  const claudeRun = (args: readonly string[] = []): Promise<ClaudeOutcome> =>
    runClaude({
      cli,
      modelUrl: model.url,
      cwd: at("web-shop"),
      home: at("home"),
      mcpConfig: MCP_CONFIG,
      env: { SERVER_PORT: String(port) },
      args,
    });
  return {
    ...first,
    start,
    model,
    folder: at("web-shop"),
    path: (name: string) => at(`web-shop/${name}`),
    claudeRun,
  };
}

const stopReason = ({ events }: ClaudeOutcome) =>
  events.findLast(({ type }) => type === "result")?.["stop_reason"];
const parkedId = async (phone: Phone) => {
  const { body } = await phone.waitForMessage(({ body }) => body.includes("is parked"));
  return /⏸️ ([a-z]{5}) is parked/.exec(body)?.[1] ?? "";
};

describe("a call of claude -p that nobody answers in time", () => {
  test("is parked, outlives a restart, and runs once when it is approved", async () => {
    const stage = await setParkStage({ script: [bash("echo x >> parked.txt")] });
    const run = await stage.claudeRun();
    expect(stopReason(run)).toBe("tool_deferred");
    expect(existsSync(stage.path("parked.txt"))).toBe(false);
    const id = await parkedId(stage.phone);
    const asked = stage.phone.messages().find(({ buttons }) => buttons.length > 0)?.body;
    expect(asked).toContain(`Claude waits 1 second; later it is resumed in ${stage.folder}`);
    expect(await stage.server.stop()).toBe(0);

    const { phone } = await stage.start();
    await phone.type("PENDING");
    await phone.waitForMessage(({ body }) => body.includes(`${id}: `) && body.includes("parked"));
    expect(existsSync(stage.path("parked.txt"))).toBe(false);
    await phone.type(`APPROVE ${id}`);
    await phone.waitForMessage(({ body }) => body.startsWith(`✅ ${id} approved: Claude was started again`));
    const { body } = await phone.waitForMessage(({ body }) => body.startsWith(`✅ ${id} ran in web-shop`));
    expect(body).toContain("Claude's words: Done.");
    expect(await readFile(stage.path("parked.txt"), "utf8")).toBe("x\n");
    await phone.type(`APPROVE ${id}`);
    await phone.waitForMessage(({ body }) => /was already approved/.test(body));
    expect(await readFile(stage.path("parked.txt"), "utf8")).toBe("x\n");
  });

  test("does not run when it is denied, and Claude is not started again", async () => {
    const stage = await setParkStage({ script: [bash("touch denied.txt")] });
    await stage.claudeRun();
    const id = await parkedId(stage.phone);
    await stage.phone.type(`DENY ${id}`);
    await stage.phone.waitForMessage(({ body }) => body.startsWith(`❌ ${id} denied: nothing ran`));
    expect(stage.model.results()).toEqual([]);
    expect(existsSync(stage.path("denied.txt"))).toBe(false);
  });

  test("allows nothing else: the next call of the resumed session asks, and is parked in its turn", async () => {
    const stage = await setParkStage({ script: [bash("touch one.txt"), bash("touch two.txt")] });
    await stage.claudeRun();
    const id = await parkedId(stage.phone);
    await stage.phone.type(`APPROVE ${id}`);
    const second = await stage.phone.waitForRequest((body) => body.includes("touch two.txt"));
    await stage.phone.waitForMessage(({ body }) =>
      body.startsWith(`✅ ${id} ran in web-shop. Claude's next`),
    );
    expect([existsSync(stage.path("one.txt")), existsSync(stage.path("two.txt"))]).toEqual([true, false]);
    await stage.phone.tap(second.message.sid, `approve:${second.id}`);
    await stage.phone.waitForMessage(({ body }) =>
      body.startsWith(`✅ ${second.id} ran in web-shop, and Claude`),
    );
    expect(existsSync(stage.path("two.txt"))).toBe(true);
  });

  test("in a folder that TASK_DIRS does not name is denied at the deadline, as without parking", async () => {
    const stage = await setParkStage({
      script: [bash("touch outside.txt")],
      isTaskFolder: false,
      env: { APPROVAL_TIMEOUT_SECONDS: "10" },
    });
    const run = await stage.claudeRun();
    expect(stopReason(run)).toBe("end_turn");
    expect(stage.model.results()).toEqual([
      { text: expect.stringContaining("Nobody answered"), isError: true },
    ]);
    expect(stage.phone.messages().filter(({ body }) => body.includes("parked"))).toEqual([]);
    expect(existsSync(stage.path("outside.txt"))).toBe(false);
  });

  test("is said not to have run where Claude cannot be started", async () => {
    const stage = await setParkStage({ script: [bash("touch a.txt")], claude: "/nonexistent/claude" });
    await stage.claudeRun();
    const id = await parkedId(stage.phone);
    await stage.phone.type(`APPROVE ${id}`);
    await stage.phone.waitForMessage(({ body }) =>
      body.startsWith(`⌛ ${id}: Claude did not take the approval up`),
    );
    await stage.phone.waitForMessage(({ body }) => body.includes("Claude could not be started: nothing ran"));
    expect(existsSync(stage.path("a.txt"))).toBe(false);
  });
});

describe("while Claude waits", () => {
  test("an approval lets the call run at once, asked about once", async () => {
    const stage = await setParkStage({
      script: [bash("touch now.txt")],
      env: { PARK_AFTER_MINUTES: FOREVER },
    });
    const run = stage.claudeRun();
    const { id, message } = await stage.phone.waitForRequest();
    await stage.phone.tap(message.sid, `approve:${id}`);
    expect(stopReason(await run)).toBe("end_turn");
    expect(existsSync(stage.path("now.txt"))).toBe(true);
    expect(stage.phone.messages().filter(({ buttons }) => buttons.length > 0)).toHaveLength(1);
  });

  test("what Claude Code allows by itself asks nobody", async () => {
    const stage = await setParkStage({ script: [bash("ls -la"), bash("touch listed.txt")] });
    const run = await stage.claudeRun(["--allowedTools", "Bash(touch *)"]);
    expect(stopReason(run)).toBe("end_turn");
    expect(existsSync(stage.path("listed.txt"))).toBe(true);
    expect(stage.phone.messages()).toEqual([]);
  });
});
