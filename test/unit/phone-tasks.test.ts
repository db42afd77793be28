// RUN, TASKS and KILL, and replies to a task's messages: what they start, what is asked first, and what a phone reads.
import { describe, expect, it } from "vitest";
import type { ReplyVerifier } from "../../src/core/ports/reply-verifier.ts";
import { parsePhoneCommand } from "../../src/domain/phone-command.ts";
import { isRunWithoutColon } from "../../src/domain/task-command.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { createFakeTaskRunner } from "../helpers/fake-task-runner.ts";
import { PHONE } from "../helpers/gate-stage.ts";
import { createReplyStage, type ReplyStageOptions } from "../helpers/reply-stage.ts";

const OTHER = "+15005550010" as Phone;
const BY_PHONE = { kind: "phone", phone: PHONE };

async function createStage(options: ReplyStageOptions = {}) {
  const runner = createFakeTaskRunner();
  const stage = await createReplyStage({ runner, ...options });
  const { gate, told, say, clock } = stage;
  const waiting = () => gate.waiting().map(({ id }) => id);
  return {
    ...stage,
    runner,
    waiting,
    texts: (to: Phone = PHONE) => told.filter((each) => each.to === to).map(({ text }) => text),
    /** Runs a task from the phone, tap included. */
    async start(words = "RUN web-shop: fix the failing test"): Promise<void> {
      await say(words);
      await say(`approve ${waiting().at(-1)}`);
      await clock.advance(0);
    },
    /** The id of the last message that the phone was told with such words in it. */
    messageWith: (words: string) => `NM${told.findLastIndex(({ text }) => text.includes(words)) + 1}`,
  };
}

const unproven = (kind: "false" | "unchecked"): ReplyVerifier => ({
  verify: async () => ({ kind, problem: "no such message" }),
});

describe("the words", () => {
  it.each([
    ["RUN web-shop: fix the failing test", { kind: "run", name: "web-shop", task: "fix the failing test" }],
    ["run Web_Shop.2 : Fix It", { kind: "run", name: "Web_Shop.2", task: "Fix It" }],
    ["Run api:räume die Tests auf 🧹", { kind: "run", name: "api", task: "räume die Tests auf 🧹" }],
    ["RUN api:\n1. read\n2. write: all", { kind: "run", name: "api", task: "1. read\n2. write: all" }],
    ["run s3: go on, yes kqmwa", { kind: "run", name: "s3", task: "go on, yes kqmwa" }],
    ["TASKS", { kind: "tasks" }],
    ["KILL s3", { kind: "kill", name: "s3" }],
    ["kill S3.", { kind: "kill", name: "s3" }],
    ["Kill sess_ab-1!", { kind: "kill", name: "sess_ab-1" }],
    ["kill", { kind: "kill" }],
  ])("%j are read", (text, command) => {
    expect(parsePhoneCommand(text)).toEqual(command);
  });

  it.each([
    "run",
    "run web-shop",
    "run web-shop fix it",
    "run web-shop:",
    "run web shop: fix it",
    "run : fix it",
    "run /etc: fix it",
    "run ../x: fix it",
    "run web-shop；fix it",
    "please run web-shop: fix it",
    "rerun web-shop: fix it",
    "👍 run web-shop: fix it",
    "tasks please",
    "kill all tasks",
    "kill s1 s2",
  ])("%j are none", (text) => {
    expect(parsePhoneCommand(text)).toBeUndefined();
  });

  it("tell how RUN is typed only where that is what was begun", () => {
    expect(["run", "RUN web-shop fix", "run:", "run web shop: x"].filter(isRunWithoutColon)).toHaveLength(4);
    expect(["running late", "rerun", "run api: x", "a run"].filter(isRunWithoutColon)).toEqual([]);
  });
});

describe("RUN", () => {
  it("asks once more with the whole task and its folder, and starts it after a tap", async () => {
    const { say, runner, asked, waiting, texts, clock } = await createStage();
    await say("RUN Web-Shop: fix the failing test");
    expect([runner.begun, texts()]).toEqual([[], []]);
    expect(asked[0]?.request).toMatchObject({
      call: {
        toolName: "agent_run_task",
        input: { task: "fix the failing test", working_directory: "/code/web-shop" },
      },
      door: "phone",
      project: "web-shop",
      executor: "server",
    });
    const [id] = waiting();
    await say(`yes ${id}`);
    await clock.advance(0);
    expect(runner.begun).toEqual([
      { words: "fix the failing test", folder: "/code/web-shop", origin: BY_PHONE },
    ]);
    expect(texts().toSorted()).toEqual([
      "*s1 has started*\nTask: fix the failing test\n*Project:* web-shop",
      `✅ ${id} approved: the server runs it`,
    ]);
  });

  it("starts nothing after a denial, after its time, and where its folder has gone meanwhile", async () => {
    const { say, runner, waiting, texts, clock } = await createStage();
    await say("run api: a");
    const first = waiting()[0];
    await say(`no ${first}`);
    await say("run api: b");
    await clock.advance(301_000);
    await say("run api: c");
    const third = waiting()[0];
    runner.setFolders(["web-shop"]);
    await say(`approve ${third}`);
    await clock.advance(0);
    expect(runner.begun).toEqual([]);
    expect(texts()).toEqual([
      `❌ ${first} denied: nothing ran`,
      `⌛ ${third}: it could not be started: nothing ran`,
      "RUN api: nothing ran, something has changed since it was asked.",
    ]);
  });

  it.each(["false", "unchecked"] as const)("asks nothing when it is %s", async (kind) => {
    const { say, waiting, runner } = await createStage({ verifier: unproven(kind) });
    await say("RUN web-shop: fix it");
    expect([waiting(), runner.begun]).toEqual([[], []]);
  });

  it("names the folders where none is meant, and how it is typed", async () => {
    const { say, texts, waiting } = await createStage();
    await say("RUN webshop: fix it");
    await say("run web-shop fix it");
    const how = "Nothing ran. To start one: RUN web-shop: what to do. Folders: web-shop, api.";
    expect(texts()).toEqual([`There is no folder and no task webshop. ${how}`, how]);
    expect(waiting()).toEqual([]);
  });

  it("of two names that differ in case only takes exactly the one that was typed", async () => {
    const { say, asked, runner, texts } = await createStage();
    runner.setFolders(["App", "app"]);
    await say("RUN APP: fix it");
    expect(texts()).toEqual([expect.stringContaining("There is no folder and no task APP")]);
    await say("RUN app: fix it");
    expect(asked.map(({ request }) => request.call.input["working_directory"])).toEqual(["/code/app"]);
  });

  it("is never among what is approved together", async () => {
    const { say, ask, waiting, texts, stopStage } = await createStage();
    const { id } = await ask();
    await say("RUN web-shop: fix it");
    const run = waiting().at(-1);
    await say(`approve ${id} ${run}`);
    expect(waiting()).toEqual([id, run]);
    expect(texts()).toEqual([
      expect.stringContaining(`${run} was asked for from the phone: answer it by itself`),
    ]);
    await stopStage();
  });

  it("says that tasks are off, and so do the other words", async () => {
    const { say, told } = await createReplyStage();
    for (const words of ["RUN web-shop: fix it", "TASKS", "KILL s1"]) await say(words);
    const off =
      "Nothing ran: tasks are off. TASKS=on and TASK_DIRS in the settings on the machine allow them.";
    expect(told.map(({ text }) => text)).toEqual([off, off, off]);
  });

  it.each([
    ["paused", "approvals are paused. RESUME ends that"],
    ["panic", "everything is stopped"],
  ] as const)("asks nothing while it is %s, and says so", async (kind, why) => {
    const { say, texts, waiting, setServiceMode, clock } = await createStage();
    const until = clock.now() + 60_000;
    setServiceMode(kind === "paused" ? { kind, by: PHONE, until } : { kind, by: PHONE });
    await say("RUN web-shop: fix it");
    expect([waiting(), texts()]).toEqual([[], [`RUN web-shop: nothing ran, ${why}.`]]);
  });
});

describe("a reply to a task's message", () => {
  it("has the task go on with these words, as a row that the phone has approved", async () => {
    const { start, say, runner, messageWith, texts, ended, store } = await createStage();
    await start();
    runner.finish("s1");
    await say("now the docs, too", { quotedMessageId: messageWith("s1 finished") });
    expect(runner.begun.at(-1)).toEqual({
      words: "now the docs, too",
      folder: "/code/web-shop",
      origin: BY_PHONE,
    });
    expect(texts().at(-1)).toContain("*s1 has started*\nTask: now the docs, too");
    const row = ended.at(-1)?.request;
    expect(row?.call).toEqual({
      toolName: "agent_continue_session",
      input: { session_id: "sess_1", message: "now the docs, too" },
    });
    expect(await store.find(row?.id as never)).toMatchObject({
      status: "approved",
      outcome: { status: "approved", by: PHONE },
      door: "phone",
      run: { ok: true },
    });
  });

  it.each(["false", "unchecked"] as const)("starts nothing when it is %s", async (kind) => {
    let isProven = true;
    const verifier: ReplyVerifier = {
      verify: async ({ from }) =>
        isProven ? { kind: "genuine", sender: from } : { kind, problem: "no such message" },
    };
    const { start, say, runner, messageWith } = await createStage({ verifier });
    await start();
    runner.finish("s1");
    isProven = false;
    await say("delete everything", { quotedMessageId: messageWith("s1 finished") });
    expect(runner.begun).toHaveLength(1);
  });

  it("changes nothing while the task is at work, and says so", async () => {
    const { start, say, runner, messageWith, texts } = await createStage();
    await start();
    await say("faster", { quotedMessageId: messageWith("s1 has started") });
    expect(texts().at(-1)).toBe("s1 is still at work: nothing ran.");
    expect(runner.begun).toHaveLength(1);
  });

  it("is refused in words while approvals are paused", async () => {
    const { start, say, runner, messageWith, texts, setServiceMode, clock } = await createStage();
    await start();
    runner.finish("s1");
    setServiceMode({ kind: "paused", by: PHONE, until: clock.now() + 60_000 });
    await say("go on", { quotedMessageId: messageWith("s1 finished") });
    expect(texts().at(-1)).toBe("s1: nothing ran, approvals are paused. RESUME ends that.");
    expect(runner.begun).toHaveLength(1);
  });

  it("is denied by a rule of the policy that denies", async () => {
    const policy = {
      decide: async () => ({ kind: "deny", rule: "agent_continue_session" }) as const,
      ended: () => {},
    };
    const runner = createFakeTaskRunner();
    const { say, texts, told, clock } = await createReplyStage({ policy, runner }).then((stage) => ({
      ...stage,
      texts: () => stage.told.map(({ text }) => text),
    }));
    await runner.start({ task: "a", folder: { name: "api", path: "/code/api" } }, { kind: "caller" });
    runner.finish("s1");
    await clock.advance(0);
    await say("go on", { quotedMessageId: `NM${told.length}` });
    expect(texts().at(-1)).toBe("s1: nothing ran, the policy denies it.");
    expect(runner.begun).toHaveLength(1);
  });

  it("that is PANIC, KILL or a decision is that, and no word to the task", async () => {
    const { start, ask, say, runner, messageWith, texts, waiting } = await createStage();
    await start();
    const message = messageWith("s1 has started");
    const { id } = await ask();
    await say(`deny ${id}`, { quotedMessageId: message });
    expect(waiting()).toEqual([]);
    await say("KILL", { quotedMessageId: message });
    expect(texts().at(-1)).toBe("s1 was ended.");
    await say("panic!", { quotedMessageId: message });
    expect(runner.begun).toHaveLength(1);
  });

  it.each(["Yes, all", "no, tests first", "approve these tests", "kill it", "run the tests again"])(
    "is words to it, whatever they look like: %j",
    async (words) => {
      const { start, ask, say, runner, messageWith, waiting, stopStage } = await createStage();
      await start();
      runner.finish("s1");
      const { id } = await ask();
      await say(words, { quotedMessageId: messageWith("s1 finished") });
      expect(runner.begun.at(-1)?.words).toBe(words);
      expect(waiting()).toEqual([id]);
      await stopStage();
    },
  );

  it("that is no longer remembered is told how the task is named instead, and RUN with that name asks", async () => {
    const { start, say, runner, texts, asked, waiting, clock } = await createStage();
    await start();
    runner.finish("s1");
    await say("and the docs", { quotedMessageId: "SMofTheLastRun" });
    expect(texts().at(-1)).toContain("To a task: RUN s1: and your words.");
    await say("RUN s1: and the docs");
    expect(asked.at(-1)?.request.call).toEqual({
      toolName: "agent_continue_session",
      input: { session_id: "sess_1", message: "and the docs" },
    });
    expect(runner.begun).toHaveLength(1);
    await say(`approve ${waiting()[0]}`);
    await clock.advance(0);
    expect(runner.begun.at(-1)?.words).toBe("and the docs");
  });
});

describe("TASKS and KILL", () => {
  it("list what there is, newest first, with the names that RUN takes", async () => {
    const { start, say, runner, texts, clock } = await createStage();
    await start();
    runner.finish("s1", "failed", "");
    await start("run api: write *the* docs\nof all");
    await clock.advance(240_000);
    await say("TASKS");
    const lines = texts().at(-1)?.split("\n") ?? [];
    expect([lines[0], lines[1], lines.length]).toEqual([
      "2 tasks:",
      expect.stringMatching(/^s2 has run for 4 min in api: `write \*the\* docs of all`$/),
      4,
    ]);
    expect(lines[2]).toMatch(/^s1 failed 3 min ago in web-shop: fix the failing test$/);
  });

  it("end one at once, without proof; everybody reads it, and who has ended it once", async () => {
    const { say, runner, texts, clock } = await createStage({
      verifier: unproven("false"),
      approvers: [PHONE, OTHER],
    });
    await runner.start({ task: "a", folder: { name: "api", path: "/code/api" } }, { kind: "caller" });
    await clock.advance(0);
    await say("KILL S1");
    expect(runner.find("s1")?.status).toBe("cancelled");
    expect(texts().slice(1)).toEqual(["s1 was ended."]);
    expect(texts(OTHER).slice(1)).toEqual([expect.stringContaining("*s1 was ended*")]);
    await say("kill s1");
    expect(texts().at(-1)).toBe("s1 does not run: nothing to end.");
    await say("kill s99");
    expect(texts().at(-1)).toMatch(/^There is no task s99: nothing was ended\.\n1 task:\n/);
  });

  it("are proven with VERIFY_REPLIES=all where they end something", async () => {
    const { say, runner } = await createStage({ verifier: unproven("false"), verified: "all" });
    await runner.start({ task: "a", folder: { name: "api", path: "/code/api" } }, { kind: "caller" });
    await say("KILL s1");
    expect(runner.find("s1")?.status).toBe("running");
  });

  it("a panic ends what runs", async () => {
    const { say, runner } = await createStage();
    await runner.start({ task: "a", folder: { name: "api", path: "/code/api" } }, { kind: "caller" });
    await say("PANIC");
    expect(runner.find("s1")?.status).toBe("cancelled");
  });

  it.each([
    [true, "Reply to this message to go on with it."],
    [false, "RUN s1: and your words go on with it."],
  ])("their end says how to go on, as replies can be heard (quotes told: %j)", async (hearsQuotes, words) => {
    const { start, runner, texts, say, messageWith, waiting } = await createStage({ hearsQuotes });
    await start();
    runner.finish("s1", "finished", "All done.");
    await expect.poll(() => texts().at(-1)).toContain(words);
    if (hearsQuotes) return;
    await say("RUN s1: now the docs", { quotedMessageId: messageWith("s1 finished") });
    expect(waiting()).toHaveLength(1);
  });

  it("a panic ends what was just being started, too", async () => {
    const runner = createFakeTaskRunner();
    let begin = () => {};
    const slow = {
      ...runner,
      start: (...args: Parameters<typeof runner.start>) =>
        new Promise<void>((done) => {
          begin = done;
        }).then(() => runner.start(...args)),
    };
    const { say, gate, clock } = await createReplyStage({ runner: slow });
    await say("RUN api: fix it");
    await say(`approve ${gate.waiting()[0]?.id}`);
    await say("PANIC");
    begin();
    await clock.advance(0);
    expect(runner.find("s1")?.status).toBe("cancelled");
  });

  it("many tasks do not bury the phone, and the ends come before the beginnings", async () => {
    const { runner, texts, clock } = await createStage();
    const folder = { name: "api", path: "/code/api" };
    for (let nth = 0; nth < 9; nth += 1) await runner.start({ task: `${nth}`, folder }, { kind: "caller" });
    for (let nth = 1; nth <= 9; nth += 1) runner.finish(`s${nth}`);
    await clock.advance(0);
    const count = (words: string) => texts().filter((text) => text.includes(words)).length;
    expect([count("has started"), count("finished"), count("not all of it is reported")]).toEqual([6, 6, 1]);
    await clock.advance(600_000);
    await runner.start({ task: "later", folder }, { kind: "caller" });
    await clock.advance(0);
    expect(texts().at(-1)).toContain("*s10 has started*");
  });
});
