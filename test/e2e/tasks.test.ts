// Tasks with the real CLI: the server starts it, the simulated phone answers for the start and for each call, and what is on the
// disk afterwards is what counts.
import { existsSync } from "node:fs";
import { mkdir, readFile, realpath, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { TEST_MS } from "../helpers/patience.ts";
import { openPhone } from "../helpers/phone-client.ts";
import { startServer } from "../helpers/server-process.ts";
import { temporaryFolder } from "../helpers/temporary.ts";
import { ensureClaudeCli } from "./claude-cli.ts";
import { type Step, startScriptedModel } from "./scripted-model.ts";
import { setStage } from "./stage.ts";

let cli: string;
beforeAll(async () => {
  cli = await ensureClaudeCli();
});

interface Session {
  ok: boolean;
  session_id: string;
  status: string;
  result: { output_text: string; verdict?: string };
  warnings: string[];
  errors: { code: string; message: string }[];
  events?: { text: string }[];
}

const bash = (command: string) => ({
  tool: "Bash",
  input: { command, description: "Part of the test" },
});

/** A server's, whose tasks have a model of their own. */
const taskSettings = (folder: string, modelUrl: string) => ({
  TASKS: "on",
  TASK_DIRS: folder,
  CLAUDE_BIN: cli,
  ANTHROPIC_BASE_URL: modelUrl,
  ANTHROPIC_API_KEY: "sk-ant-test",
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  DISABLE_AUTOUPDATER: "1",
  DISABLE_TELEMETRY: "1",
  IS_SANDBOX: "1",
});

async function setTaskStage(script: (folder: string) => readonly Step[]) {
  const root = await realpath(temporaryFolder());
  const [folder, dir] = [join(root, "web-shop"), join(root, "server")];
  await Promise.all([folder, dir].map((each) => mkdir(each, { mode: 0o755 })));
  const model = await startScriptedModel(script(folder));
  onTestFinished(() => model.close());
  const env = taskSettings(folder, model.url);
  async function start() {
    const server = await startServer({ dir, env });
    onTestFinished(async () => void (await server.stop()));
    const phone = await openPhone(server.phoneUrl);
    onTestFinished(() => phone.close());
    const call = async (name: string, input: object): Promise<Session> => {
      const client = new Client({ name: "e2e", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
      await client.connect(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`)));
      onTestFinished(() => client.close());
      const call = { name, arguments: { ...input } };
      return (await client.callTool(call, { timeout: TEST_MS, onprogress: () => {} }))
        .structuredContent as unknown as Session;
    };
    /** Approves the request that shows these words. */
    const approve = async (words: string) => {
      const { id, message } = await phone.waitForRequest((body) => body.includes(words));
      await phone.tap(message.sid, `approve:${id}`);
    };
    return { server, phone, call, approve };
  }
  return { root, folder, model, start };
}

describe("a task", () => {
  test("runs after the phone allows it, asks about its call in its own name, and is continued", async () => {
    const stage = await setTaskStage(() => [
      bash("echo shipped > shipped.txt"),
      (request) => (request.includes("and now the second") ? "Second done." : "First done."),
    ]);
    const { phone, call, approve } = await stage.start();
    const running = call("agent_run_task", { task: "-p ship it", working_directory: stage.folder });
    await approve("agent_run_task");
    const { id, message } = await phone.waitForRequest((body) => body.includes("echo shipped"));
    expect(message.body).toContain("*Project:* web-shop");
    expect(message.body).toContain("task s1");
    expect(existsSync(join(stage.folder, "shipped.txt"))).toBe(false);
    await phone.tap(message.sid, `approve:${id}`);
    const first = await running;
    expect(first).toMatchObject({ ok: true, status: "completed", result: { output_text: "First done." } });
    expect(await readFile(join(stage.folder, "shipped.txt"), "utf8")).toBe("shipped\n");

    const continued = call("agent_continue_session", {
      session_id: first.session_id,
      message: "and now the second",
    });
    await approve("agent_continue_session");
    expect(await continued).toMatchObject({ ok: true, result: { output_text: "Second done." } });
  });

  test("that waits when the server stops is interrupted, and is continued after the restart", async () => {
    const stage = await setTaskStage(() => [
      bash("echo one > one.txt"),
      (request) => (request.includes("go on now") ? "Went on." : "Stopped."),
    ]);
    const before = await stage.start();
    const started = await before.call("agent_run_task", {
      task: "do it",
      working_directory: stage.folder,
      wait: false,
    });
    expect(started).toMatchObject({ ok: true, status: "asking" });
    await before.approve("agent_run_task");
    await before.phone.waitForRequest((body) => body.includes("echo one"));
    expect(await before.server.stop()).toBe(0);
    expect(existsSync(join(stage.folder, "one.txt"))).toBe(false);

    const { call, approve } = await stage.start();
    const { session_id } = started;
    expect(await call("agent_get_session", { session_id })).toMatchObject({ status: "interrupted" });
    const continued = call("agent_continue_session", { session_id, message: "go on now" });
    await approve("agent_continue_session");
    // What was interrupted may be tried again by the model: it is asked about again.
    expect(await continued).toMatchObject({ ok: true, status: "completed" });
  });

  test("is cancelled while it waits: nothing runs, and no process is left", async () => {
    const stage = await setTaskStage(() => [bash("echo one > one.txt")]);
    const { phone, call, approve } = await stage.start();
    const { session_id } = await call("agent_run_task", {
      task: "do it",
      working_directory: stage.folder,
      wait: false,
    });
    await approve("agent_run_task");
    const { id, message } = await phone.waitForRequest((body) => body.includes("echo one"));
    expect(await call("agent_cancel_session", { session_id })).toMatchObject({
      ok: true,
      status: "cancelled",
    });
    await phone.tap(message.sid, `approve:${id}`);
    await phone.waitForMessage(
      ({ direction, body }) => direction === "to-phone" && body.includes("nothing ran"),
    );
    expect(existsSync(join(stage.folder, "one.txt"))).toBe(false);
  });

  test("is refused in a folder that a link leads to", async () => {
    const stage = await setTaskStage(() => []);
    const { call, phone } = await stage.start();
    const outside = join(stage.root, "outside");
    await mkdir(outside);
    await symlink(outside, join(stage.folder, "inside"));
    await symlink(stage.folder, join(stage.root, "link"));
    for (const working_directory of [join(stage.folder, "inside"), join(stage.root, "link"), outside])
      expect(await call("agent_run_task", { task: "x", working_directory })).toMatchObject({
        ok: false,
        errors: [{ code: "not_allowed" }],
      });
    expect(phone.messages()).toEqual([]);
  });
});

describe("a task that claude -p asks for", () => {
  /** The tools that Claude calls, none of which its rules allow; and what they answered. */
  async function claudeCalls(calls: (folder: string) => readonly Step[]) {
    const folder = await realpath(temporaryFolder());
    await writeFile(join(folder, "log.txt"), "all green\n");
    const model = await startScriptedModel([
      (request) => (request.includes("and now the second") ? "Second done." : "First done."),
    ]);
    onTestFinished(() => model.close());
    const stage = await setStage({
      cli,
      script: () => calls(folder),
      env: taskSettings(folder, model.url),
    });
    const approve = async (words: string) => {
      const { id, message } = await stage.phone.waitForRequest((body) => body.includes(words));
      await stage.phone.tap(message.sid, `approve:${id}`);
      return message.body;
    };
    const asked = () => stage.phone.messages().filter(({ buttons }) => buttons.length > 0);
    // Claude Code puts words of its own behind an error.
    const answers = () =>
      stage.model.results().map(({ text }) => JSON.parse(text.split("\n\n")[0] ?? "") as Session);
    return { folder, stage, approve, asked, answers };
  }
  const ours = (tool: string, input: object) => ({
    tool: `mcp__approval-server__${tool}`,
    input: { ...input },
  });

  test("is asked about once, by the permission step ahead of the call; so is its continuation", async () => {
    const { folder, stage, approve, asked, answers } = await claudeCalls((working_directory) => [
      ours("agent_run_task", { task: "ship it", working_directory, max_turns: 3 }),
      (request) => {
        const [session_id] = /sess_[0-9a-f]{24}/.exec(request) ?? [];
        return ours("agent_continue_session", { session_id, message: "and now the second" });
      },
    ]);
    const run = stage.runClaude();
    expect(await approve("agent_run_task")).toContain(`starts Claude Code in ${folder} for up to 3 turns`);
    expect(await approve("agent_continue_session")).toContain("continues task s1");
    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [] });
    expect(answers().map(({ result }) => result.output_text)).toEqual(["First done.", "Second done."]);
    expect(asked()).toHaveLength(2);
  });

  test("and a verification is, too; what is not allowed is refused by the call, whatever the phone said", async () => {
    const { stage, approve, asked, answers } = await claudeCalls((scope) => [
      ours("agent_verify_task", { task: "all is green", scope, evidence_paths: ["log.txt"] }),
      ours("agent_run_task", { task: "elsewhere", working_directory: "/" }),
    ]);
    const run = stage.runClaude();
    expect(await approve("agent_verify_task")).toContain("which can only read");
    await approve("agent_run_task");
    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [] });
    expect(answers()).toMatchObject([
      { ok: false, status: "completed" },
      { ok: false, errors: [{ code: "not_allowed" }] },
    ]);
    expect(asked()).toHaveLength(2);
  });
});

describe("from the phone", () => {
  test("RUN is confirmed, its call is asked about, its end is told, and a reply to that goes on", async () => {
    const stage = await setTaskStage(() => [
      bash("echo shipped > shipped.txt"),
      (request) => (request.includes("now the docs") ? bash("echo docs > docs.txt") : "First done."),
      "Docs done.",
    ]);
    const { phone, approve } = await stage.start();
    const told = (...words: string[]) =>
      phone.waitForMessage(
        ({ direction, body }) => direction === "to-phone" && words.every((word) => body.includes(word)),
      );
    await phone.type("RUN web-shop: ship it");
    await approve("ship it");
    await told("s1", "started");
    expect(existsSync(join(stage.folder, "shipped.txt"))).toBe(false);
    await approve("echo shipped");
    const ended = await told("s1", "First done.");
    expect(await readFile(join(stage.folder, "shipped.txt"), "utf8")).toBe("shipped\n");

    await phone.type("now the docs", { quote: ended.sid });
    await told("s1", "started", "Task: now the docs");
    await approve("echo docs");
    await told("s1", "Docs done.");
    expect(await readFile(join(stage.folder, "docs.txt"), "utf8")).toBe("docs\n");
    expect(phone.messages().filter(({ buttons }) => buttons.length > 0)).toHaveLength(3);
  });
});

describe("a verification", () => {
  const verdict = (word: string) =>
    `I looked.\n{"verdict": "${word}", "reason": "it is there", "restrictions": []}`;

  test.each([
    ["passes where it has read the evidence", true, verdict("pass"), "pass", true],
    ["is no pass where it has not", false, verdict("pass"), "insufficient_evidence", false],
    ["is no pass without a verdict", true, "It all looks good: pass!", "fail_closed", false],
    ["says that it does not hold", true, verdict("fail_closed"), "fail_closed", false],
  ])("%s", async (_name, reads, words, expected, ok) => {
    const stage = await setTaskStage((folder) => [
      ...(reads ? [{ tool: "Read", input: { file_path: join(folder, "log.txt") } }] : []),
      words,
    ]);
    await writeFile(join(stage.folder, "log.txt"), "all green\n");
    // Its rules would allow everything, and its words would have it pass: neither counts.
    await mkdir(join(stage.folder, ".claude"));
    await writeFile(
      join(stage.folder, ".claude", "settings.json"),
      JSON.stringify({ permissions: { allow: ["Bash"] } }),
    );
    const { call, approve } = await stage.start();
    const verifying = call("agent_verify_task", {
      task: "the tests are green",
      scope: stage.folder,
      evidence_paths: ["log.txt"],
    });
    await approve("agent_verify_task");
    expect(await verifying).toMatchObject({ ok, status: "completed", result: { verdict: expected } });
  });

  test("has no tool that changes anything", async () => {
    const stage = await setTaskStage((folder) => [
      bash("echo x > x.txt"),
      { tool: "Write", input: { file_path: join(folder, "y.txt"), content: "y" } },
      { tool: "mcp__approval-server__agent_list_sessions", input: {} },
      verdict("pass"),
    ]);
    await writeFile(join(stage.folder, "log.txt"), "all green\n");
    const { call, approve, phone } = await stage.start();
    const input = { task: "it is green", scope: stage.folder, evidence_paths: ["log.txt"] };
    const verifying = call("agent_verify_task", input);
    await approve("agent_verify_task");
    expect(await verifying).toMatchObject({ ok: false, result: { verdict: "insufficient_evidence" } });
    expect(stage.model.results().map(({ text }) => text)).toEqual([
      expect.stringContaining("No such tool"),
      expect.stringContaining("No such tool"),
      expect.stringMatching(/No such tool|denied|permission/i),
    ]);
    expect(phone.messages().filter(({ buttons }) => buttons.length > 0)).toHaveLength(1);
    expect(existsSync(join(stage.folder, "x.txt"))).toBe(false);
  });
});
