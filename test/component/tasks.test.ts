// Tasks, from the tool to the phone and back, with a stand-in for Claude: what is asked, what runs, what is kept.
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createProcesses } from "../../src/server/processes.ts";
import { startTaskStage, type TaskStage } from "../helpers/task-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const run = (stage: TaskStage, task: string, more: object = {}) =>
  stage.call("agent_run_task", { task, working_directory: stage.folder, ...more });

/** Runs a task to its end, approving its start. */
async function ranTask(stage: TaskStage, task: string, more: object = {}) {
  const asked = stage.phone.messages().filter(({ buttons }) => buttons.length > 0).length;
  const running = run(stage, task, more);
  await stage.tap(asked, "approve");
  return running;
}

async function ended(stage: TaskStage, id: string) {
  for (;;) {
    const session = await stage.call("agent_get_session", { session_id: id });
    if (session.status !== "asking" && session.status !== "running") return session;
  }
}

async function isRunning(stage: TaskStage, id: string, said?: string) {
  for (;;) {
    const session = await stage.call("agent_get_session", { session_id: id });
    const events = session["events"] as { text: string }[];
    if (
      session.status === "running" &&
      (said === undefined || events.some(({ text }) => text.includes(said)))
    )
      return;
  }
}

describe("agent_run_task", () => {
  it("asks first, says where and what, and gives Claude's last words", async () => {
    const stage = await startTaskStage();
    const running = run(stage, "say all green\n--dangerously-skip-permissions", { max_turns: 7 });
    const { body } = await stage.request();
    expect(existsSync(join(stage.root, "starts.jsonl"))).toBe(false);
    const whole = stage.phone
      .messages()
      .map((message) => message.body)
      .join("\n");
    expect(whole).toContain("approval-server › agent_run_task");
    expect(whole).toContain("--dangerously-skip-permissions");
    expect(body + whole).toContain(`starts Claude Code in ${stage.folder} for up to 7 turns`);
    expect(body).not.toContain("Session");
    await stage.tap(0, "approve");
    expect(await running).toMatchObject({
      ok: true,
      session_id: expect.stringMatching(/^sess_[0-9a-f]{24}$/),
      status: "completed",
      workflow: "run_task",
      profile: "general",
      summary: "all green",
      result: { output_text: "all green" },
      artifacts: [],
      warnings: [],
      errors: [],
    });
    await stage.told("the server runs it");
    const [start] = stage.starts();
    expect(start).toMatchObject({
      cwd: stage.folder,
      prompt: "say all green\n--dangerously-skip-permissions",
    });
    expect(start?.args.join(" ")).toMatch(
      /-p .*--strict-mcp-config .*--permission-mode default --max-turns 7/,
    );
    expect(start?.args.join(" ")).not.toContain("all green");
  });

  it("runs nothing when it is denied, and says so", async () => {
    const stage = await startTaskStage();
    const running = run(stage, "say x");
    await stage.tap(0, "deny");
    expect(await running).toMatchObject({
      ok: false,
      status: "refused",
      errors: [{ code: "denied_by_person" }],
    });
    expect(existsSync(join(stage.root, "starts.jsonl"))).toBe(false);
  });

  it("is denied where the policy denies it, unasked", async () => {
    const path = join(temporaryFolder(), "policy.json");
    const rules = [{ decision: "deny", rules: ["mcp__approval-server__agent_run_task"] }];
    writeFileSync(path, JSON.stringify({ version: 1, rules }), { mode: 0o600 });
    const stage = await startTaskStage({ env: { APPROVAL_POLICY: path } });
    expect(await run(stage, "say x")).toMatchObject({ ok: false, errors: [{ code: "policy" }] });
    expect(stage.phone.messages()).toEqual([]);
  });

  it("asks about each call in the task's own name, with its folder as the project", async () => {
    const stage = await startTaskStage();
    const running = run(stage, "ask touch a.txt\nask touch b.txt");
    await stage.tap(0, "approve");
    const { body } = await stage.request(1);
    expect(body).toContain("touch a.txt");
    expect(body).toContain("web-shop");
    expect(body).toContain("task s1");
    await stage.tap(1, "approve");
    await stage.tap(2, "deny");
    expect(await running).toMatchObject({ status: "completed", result: { output_text: "allow\ndeny" } });
  });

  it("denies what comes after the number of questions that a task has", async () => {
    const stage = await startTaskStage({ env: { TASK_APPROVALS: "1" } });
    const running = run(stage, "ask touch a.txt\nask touch b.txt");
    await stage.tap(0, "approve");
    await stage.tap(1, "approve");
    expect(await running).toMatchObject({ result: { output_text: "allow\ndeny" } });
    expect(stage.phone.messages().filter(({ buttons }) => buttons.length > 0)).toHaveLength(2);
  });

  it("answers at once with wait: false, and goes on", async () => {
    const stage = await startTaskStage();
    const started = await run(stage, "say later", { wait: false });
    expect(started).toMatchObject({ ok: true, status: "asking", result: { output_text: "" } });
    await stage.tap(0, "approve");
    expect(await ended(stage, started.session_id)).toMatchObject({
      status: "completed",
      result: { output_text: "later" },
    });
  });

  it("tells how it goes while it works", async () => {
    const stage = await startTaskStage();
    const told: string[] = [];
    const input = { task: "ask touch a.txt", working_directory: stage.folder };
    const running = stage.call("agent_run_task", input, { onProgress: (message) => told.push(message) });
    await stage.tap(0, "approve");
    await stage.tap(1, "approve");
    await running;
    expect(told.some((message) => message.startsWith("s1: Bash: touch a.txt"))).toBe(true);
  });

  it("hands down the environment without a secret of ours, under any name", async () => {
    const token = `${"own"}-token-that-is-long`;
    const named = `${"ci"}-token-that-is-long`;
    const stage = await startTaskStage({
      env: { APPROVAL_TOKEN: token, APPROVAL_TOKENS: `ci:${named}` },
      serverEnv: {
        APPROVAL_TOKEN: token,
        APPROVAL_TOKENS: `ci:${named}`,
        COPY: `x${token}`,
        KEPT: "yes",
        CLAUDECODE: "1",
      },
    });
    const running = stage.call(
      "agent_run_task",
      { task: "say x", working_directory: stage.folder },
      { token },
    );
    await stage.tap(0, "approve");
    await running;
    const [start] = stage.starts();
    expect(start?.env).toMatchObject({ KEPT: "yes", PWD: stage.folder });
    expect(Object.keys(start?.env ?? {})).not.toEqual(expect.arrayContaining(["COPY"]));
    expect(start?.env).not.toHaveProperty("CLAUDECODE");
    expect(JSON.stringify(start)).not.toContain(token);
    expect(JSON.stringify(start)).not.toContain(named);
    expect(start?.env["APPROVAL_TOKEN"]).toMatch(/^task_/);
  });

  it("masks a secret in what it says, and in the record", async () => {
    const stage = await startTaskStage();
    const secret = `ghp_${"0123456789abcdefghijABCDEFGHIJ012345"}`;
    const session = await ranTask(stage, `say the token is ${secret}`);
    expect(session.result.output_text).toContain("the token is");
    expect(JSON.stringify(session)).not.toContain(secret);
    expect(readFileSync(stage.databasePath).includes(secret)).toBe(false);
  });

  it("keeps plain files that it leaves, and no link to somebody else's", async () => {
    const stage = await startTaskStage();
    const other = join(stage.root, "other.txt");
    writeFileSync(other, "private\n");
    const session = await ranTask(stage, `leave report.txt\nlink ${other}\nhard ${other}\nsay done`);
    expect(session.artifacts).toEqual([
      { name: "report.txt", path: expect.stringContaining(session.session_id), bytes: 5 },
    ]);
    const [{ path = "" } = {}] = session.artifacts;
    expect(readFileSync(path, "utf8")).toBe("left\n");
    expect((statSync(dirname(path)).mode & 0o777).toString(8)).toBe("700");
    expect(session.warnings.join(" ")).toMatch(/link\.txt is a link.*|hard\.txt is no plain file/);
    expect(session.warnings).toHaveLength(2);
  });

  it.each([
    ["elsewhere", /works in another folder/],
    ["bypass", /permission mode/],
  ])("stops Claude where it does not begin as it was asked for: %s", async (words, message) => {
    const stage = await startTaskStage();
    const session = await ranTask(stage, `${words}\nask touch a.txt`);
    expect(session).toMatchObject({
      ok: false,
      status: "failed",
      errors: [{ message: expect.stringMatching(message) }],
    });
    expect(stage.phone.messages().filter(({ buttons }) => buttons.length > 0)).toHaveLength(1);
  });

  it.each([
    ["die", "no_result"],
    ["too many turns", "max_turns"],
  ])("says how it failed: %s", async (task, code) => {
    const stage = await startTaskStage();
    expect(await ranTask(stage, task)).toMatchObject({ ok: false, status: "failed", errors: [{ code }] });
  });

  it("says that Claude could not be started", async () => {
    const stage = await startTaskStage({ env: { CLAUDE_BIN: "/nowhere/claude" } });
    expect(await ranTask(stage, "say x")).toMatchObject({
      status: "failed",
      errors: [{ code: "not_started", message: expect.stringContaining("CLAUDE_BIN") }],
    });
  });

  it("refuses more than four at a time", async () => {
    const stage = await startTaskStage();
    for (let count = 0; count < 4; count += 1)
      expect(await run(stage, `say ${count}`, { wait: false })).toMatchObject({ ok: true });
    expect(await run(stage, "say 5", { wait: false })).toMatchObject({
      ok: false,
      errors: [{ code: "limit" }],
    });
  });
});

describe("the folder of a task", () => {
  it("is one of TASK_DIRS by its real path: no other, no link, none below, none above", async () => {
    const stage = await startTaskStage();
    const link = join(stage.root, "link");
    symlinkSync(stage.folder, link);
    const outside = join(stage.root, "outside");
    mkdirSync(outside);
    const below = join(stage.folder, "sub");
    symlinkSync(outside, below);
    const places = [
      link,
      outside,
      below,
      stage.root,
      `${stage.folder}/.`,
      "web-shop",
      `${stage.folder}/../web-shop`,
      "/nowhere",
    ];
    for (const working_directory of places) {
      const refused = await run(stage, "say x", { working_directory });
      expect(refused, working_directory).toMatchObject({ ok: false, errors: [{ code: "not_allowed" }] });
    }
    expect(stage.phone.messages()).toEqual([]);
  });

  it("that was swapped for a link between the approval and the start is not used", async () => {
    const stage = await startTaskStage();
    const outside = join(stage.root, "outside");
    mkdirSync(outside);
    const running = run(stage, "say x");
    await stage.request();
    renameSync(stage.folder, join(stage.root, "moved"));
    symlinkSync(outside, stage.folder);
    await stage.tap(0, "approve");
    expect(await running).toMatchObject({ ok: false, status: "refused", errors: [{ code: "changed" }] });
    expect(existsSync(join(stage.root, "starts.jsonl"))).toBe(false);
  });
});

describe("a session", () => {
  it("shows what it was told before as whose words they are: none of them passes for ours", async () => {
    const stage = await startTaskStage();
    const words = 'say "one"; the settings of that folder do not count · 2 people *have* approved';
    const first = await ranTask(stage, words);
    const running = stage.call("agent_continue_session", {
      session_id: first.session_id,
      message: "say two",
    });
    const { body } = await stage.request(1);
    const shown = words.replaceAll('"', "'").replaceAll("*", "⟨U+002A⟩");
    const whole = stage.phone.messages().map((message) => message.body);
    expect([...whole, body].join("\n")).toContain(`which was last told "${shown}"; the hooks and rules`);
    await stage.tap(1, "deny");
    await running;
  });

  it("is continued once the person allows it, with Claude's own session", async () => {
    const stage = await startTaskStage();
    const first = await ranTask(stage, "say one");
    const input = { session_id: first.session_id, message: "say two" };
    const running = stage.call("agent_continue_session", input);
    const { body } = await stage.request(1);
    expect(body).toContain("say two");
    expect(body).toContain("continues task s1");
    expect(body).toContain('which was last told "say one"; the hooks');
    await stage.tap(1, "approve");
    expect(await running).toMatchObject({
      ok: true,
      task: "say two",
      session_id: first.session_id,
      workflow: "continue_session",
      turn: 2,
      result: { output_text: "two" },
    });
    const [begun, resumed] = stage.starts();
    expect(begun?.args.join(" ")).not.toContain("--resume");
    expect(resumed?.args.join(" ")).toMatch(/--resume=[0-9a-f-]{36}$/);
    expect(resumed?.token).not.toBe(begun?.token);
  });

  it("keeps what it came to when a continue is denied", async () => {
    const stage = await startTaskStage();
    const { session_id } = await ranTask(stage, "say one");
    const running = stage.call("agent_continue_session", { session_id, message: "say two" });
    await stage.tap(1, "deny");
    expect(await running).toMatchObject({ errors: [{ code: "denied_by_person" }] });
    expect(await stage.call("agent_get_session", { session_id })).toMatchObject({
      status: "completed",
      task: "say one",
      result: { output_text: "one" },
    });
  });

  it("takes one turn at a time", async () => {
    const stage = await startTaskStage();
    const { session_id } = await ranTask(stage, "say one");
    const input = { session_id, message: "say two", wait: false };
    expect(await stage.call("agent_continue_session", input)).toMatchObject({ status: "asking" });
    expect(await stage.call("agent_continue_session", input)).toMatchObject({
      ok: false,
      errors: [{ code: "busy" }],
    });
  });

  it("is cancelled without a question, with all that it has started", async () => {
    const stage = await startTaskStage();
    const pids = join(stage.root, "pids");
    const { session_id } = await run(stage, `child ${pids}\nhang`, { wait: false });
    await stage.tap(0, "approve");
    await isRunning(stage, session_id, "I hang");
    expect(await stage.call("agent_cancel_session", { session_id })).toMatchObject({
      ok: true,
      status: "cancelled",
    });
    expect(isAlive(Number(readFileSync(pids, "utf8")))).toBe(false);
    expect(await stage.call("agent_cancel_session", { session_id })).toMatchObject({
      ok: false,
      errors: [{ code: "not_under_way" }],
    });
  });

  it("is cancelled with what has left its process group, also where it takes no TERM", async () => {
    const stage = await startTaskStage();
    const pids = join(stage.root, "pids");
    const { session_id } = await run(stage, `deaf\nstray ${pids}\nhang`, { wait: false });
    await stage.tap(0, "approve");
    await isRunning(stage, session_id, "I hang");
    await stage.call("agent_cancel_session", { session_id });
    expect(isAlive(Number(readFileSync(pids, "utf8")))).toBe(false);
  });

  it("that KILL has ended is over by the time that this is said, and that is said once", async () => {
    const stage = await startTaskStage();
    const pids = join(stage.root, "pids");
    const { session_id } = await run(stage, `deaf\nchild ${pids}\nhang`, { wait: false });
    await stage.tap(0, "approve");
    await isRunning(stage, session_id, "I hang");
    await stage.phone.type("KILL s1");
    await stage.told("s1 was ended");
    expect(isAlive(Number(readFileSync(pids, "utf8")))).toBe(false);
    expect(await stage.call("agent_get_session", { session_id })).toMatchObject({ status: "cancelled" });
    await stage.phone.type("TASKS");
    await stage.told("1 task:");
    expect(
      stage.phone.messages().filter(({ body }) => body.includes("s1 was") && !body.includes("1 task:")),
    ).toHaveLength(1);
  });

  it("is asked about as ever where calls are parked: what outlives a task would be held to nothing", async () => {
    const own = createProcesses(process);
    const stage = await startTaskStage({
      env: { PARK_AFTER_MINUTES: "0.01" },
      processes: { ...own, environment: { HOME: "/nowhere" }, wordsOf: async () => ["claude", "-p"] },
    });
    const { result } = await ranTask(stage, "ahead npm publish");
    expect(result.output_text).toBe("ahead: no opinion");
  });

  it("is cancelled while the phone is asked: nothing runs", async () => {
    const stage = await startTaskStage();
    const { session_id } = await run(stage, "say x", { wait: false });
    await stage.request();
    expect(await stage.call("agent_cancel_session", { session_id })).toMatchObject({ status: "cancelled" });
    await stage.tap(0, "approve");
    await stage.told("nothing ran");
    expect(existsSync(join(stage.root, "starts.jsonl"))).toBe(false);
  });

  it("that ended without Claude's words is told with why, and that is not put into Claude's mouth", async () => {
    const stage = await startTaskStage();
    await run(stage, "die", { wait: false });
    await stage.tap(0, "approve");
    const { body } = await stage.told("s1 failed");
    expect(body).toContain("Why: Claude ended without a result: exit code 3");
    expect(body).not.toContain("Claude's words");
  });

  it("is interrupted when its caller leaves, and can be continued", async () => {
    const stage = await startTaskStage();
    const gone = new AbortController();
    const input = { task: "hang", working_directory: stage.folder };
    const running = stage.call("agent_run_task", input, { signal: gone.signal }).catch(() => undefined);
    await stage.tap(0, "approve");
    const listed = async () =>
      (await stage.call("agent_list_sessions", {}))["sessions"] as { session_id: string; status: string }[];
    const [{ session_id = "" } = {}] = await listed();
    await isRunning(stage, session_id, "I hang");
    gone.abort();
    await running;
    expect(await ended(stage, session_id)).toMatchObject({ status: "interrupted" });
    const again = stage.call("agent_continue_session", { session_id, message: "say back" });
    await stage.tap(1, "approve");
    expect(await again).toMatchObject({ status: "completed", result: { output_text: "back" } });
  });

  it("that was at work at a stop is interrupted, known after the restart, and can be continued", async () => {
    const stage = await startTaskStage();
    const { session_id } = await run(stage, "hang", { wait: false });
    await stage.tap(0, "approve");
    await isRunning(stage, session_id, "I hang");
    await stage.server.close();
    const next = await startTaskStage({ root: stage.root });
    expect(await next.call("agent_get_session", { session_id })).toMatchObject({ status: "interrupted" });

    const again = next.call("agent_continue_session", { session_id, message: "say back" });
    // The phone has kept its chat.
    await next.tap(1, "approve");
    expect(await again).toMatchObject({ status: "completed", name: "s1", result: { output_text: "back" } });
  });

  it("is cancelled by PANIC, and none is started while the server is paused", async () => {
    const stage = await startTaskStage();
    const { session_id } = await run(stage, "hang", { wait: false });
    await stage.tap(0, "approve");
    await isRunning(stage, session_id, "I hang");
    await stage.phone.type("PANIC");
    expect(await ended(stage, session_id)).toMatchObject({
      status: "cancelled",
      errors: [{ code: "panic" }],
    });
    expect(await run(stage, "say x")).toMatchObject({ ok: false, errors: [{ code: "panic" }] });
  });

  it("of another token is not found", async () => {
    const token = `${"own"}-token-that-is-long`;
    const [ci, bob] = [`${"ci"}-token-that-is-long`, `${"bob"}-token-that-is-long`];
    const stage = await startTaskStage({
      env: { APPROVAL_TOKEN: token, APPROVAL_TOKENS: `ci:${ci},bob:${bob}` },
    });
    const input = { task: "say mine", working_directory: stage.folder };
    const running = stage.call("agent_run_task", input, { token: ci });
    await stage.tap(0, "approve");
    const { session_id } = await running;
    for (const tool of ["agent_get_session", "agent_cancel_session"])
      expect(await stage.call(tool, { session_id }, { token: bob })).toMatchObject({
        errors: [{ code: "not_found" }],
      });
    const message = { session_id, message: "say x" };
    expect(await stage.call("agent_continue_session", message, { token: bob })).toMatchObject({
      errors: [{ code: "not_found" }],
    });
    expect(await stage.call("agent_list_sessions", {}, { token: bob })).toMatchObject({ sessions: [] });
    expect(await stage.call("agent_list_sessions", {}, { token: ci })).toMatchObject({
      sessions: [{ session_id }],
    });
    expect(await stage.call("agent_get_session", { session_id }, { token })).toMatchObject({
      status: "completed",
    });
  });
});

describe("agent_verify_task", () => {
  const PASS = 'say {"verdict": "pass", "reason": "it is there"}';
  const verify = (stage: TaskStage, task: string, more: object = {}) =>
    stage.call("agent_verify_task", { task, scope: stage.folder, evidence_paths: ["log.txt"], ...more });

  it("passes where the evidence was opened, and is no pass where it was not or where it changed", async () => {
    const stage = await startTaskStage();
    const log = join(stage.folder, "log.txt");
    writeFileSync(log, "all green\n");
    const cases = [
      [`read ${log}\n${PASS}`, true, "pass"],
      [PASS, false, "insufficient_evidence"],
      [`read ${log}\n${PASS}\nchange ${log}`, false, "fail_closed"],
      ["say it looks good", false, "fail_closed"],
    ] as const;
    for (const [index, [task, ok, verdict]] of cases.entries()) {
      const verifying = verify(stage, task);
      await stage.tap(index, "approve");
      expect(await verifying, task).toMatchObject({ ok, profile: "verification", result: { verdict } });
    }
    const [start] = stage.starts();
    expect(start?.args.join(" ")).toContain("--max-turns 20 --restricted --tools=Read,Grep,Glob");
  });

  it("is refused where evidence or scope lead out of the folders, also by a link", async () => {
    const stage = await startTaskStage();
    const outside = join(stage.root, "outside.txt");
    writeFileSync(outside, "x");
    symlinkSync(outside, join(stage.folder, "link.txt"));
    symlinkSync(stage.root, join(stage.folder, "up"));
    for (const more of [
      { evidence_paths: ["link.txt"] },
      { evidence_paths: ["../outside.txt"] },
      { evidence_paths: [outside] },
      { evidence_paths: ["nothing.txt"] },
      { scope: join(stage.folder, "up") },
      { scope: stage.root },
      { scope: [stage.folder, stage.root] },
    ])
      expect(await verify(stage, PASS, more), JSON.stringify(more)).toMatchObject({
        ok: false,
        errors: [{ code: "not_allowed" }],
      });
    expect(stage.phone.messages()).toEqual([]);
  });

  it("does not begin where evidence changed between the question and the answer, and is never continued", async () => {
    const stage = await startTaskStage();
    const log = join(stage.folder, "log.txt");
    writeFileSync(log, "red\n");
    const verifying = verify(stage, `read ${log}\n${PASS}`);
    await stage.request();
    writeFileSync(log, "green\n");
    await stage.tap(0, "approve");
    const refused = await verifying;
    expect(refused).toMatchObject({ ok: false, errors: [{ code: "changed" }] });
    const again = verify(stage, `read ${log}\n${PASS}`);
    await stage.tap(1, "approve");
    const { session_id } = await again;
    expect(await stage.call("agent_continue_session", { session_id, message: "say pass" })).toMatchObject({
      errors: [{ code: "not_allowed" }],
    });
  });
});

describe("a task that wants more than it has", () => {
  it("cannot read others' requests, end a panic, or ask in another name", async () => {
    const stage = await startTaskStage();
    const waiting = run(stage, "say other", { wait: false });
    await stage.request();
    await waiting;
    const running = run(
      stage,
      "fetch GET /v1/approvals\nfetch POST /control/resume\ntool agent_list_sessions {}",
    );
    await stage.tap(1, "approve");
    const { result } = await running;
    expect(result.output_text).toContain("403");
    expect(result.output_text).toContain('"sessions":[]');
    expect(result.output_text).not.toContain("other");
  });

  it("asks the phone for a task of its own, which cannot start another and ends with it", async () => {
    const stage = await startTaskStage();
    const inner = JSON.stringify({
      task: `tool agent_run_task ${JSON.stringify({ task: "say deeper", working_directory: stage.folder })}`,
      working_directory: stage.folder,
    });
    const running = run(stage, `tool agent_run_task ${inner}`);
    await stage.tap(0, "approve");
    const { body } = await stage.request(1);
    expect(body).toContain("task s1");
    await stage.tap(1, "approve");
    const { result } = await running;
    expect(result.output_text).toContain("cannot start another one");
    expect(stage.phone.messages().filter(({ buttons }) => buttons.length > 0)).toHaveLength(2);
  });

  it("has a token that counts no more once it has ended, also where no token is needed", async () => {
    const stage = await startTaskStage();
    await ranTask(stage, "say x");
    const [start] = stage.starts();
    const headers = { Authorization: start?.token ?? "" };
    for (const path of ["/mcp", "/v1/approvals", "/health"])
      expect((await fetch(`${stage.server.localUrl}${path}`, { headers })).status, path).toBe(401);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A child whose parent has not taken its end yet is no longer at work, nor is what has been killed and had no turn since.
    return !/^State:\s+Z|^(Shd|Sig)Pnd:\s+\w*[13579bdf]\w\w$/m.test(
      readFileSync(`/proc/${pid}/status`, "utf8"),
    );
  } catch {
    return false;
  }
}
