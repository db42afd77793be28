// Words that come long after they were sent, as a channel hands on what has piled up: what would start or open something is left and
// said, what stops or denies counts, and so does an answer to a request that still waits.
import { describe, expect, it } from "vitest";
import { createAddressed } from "../../src/core/addressed.ts";
import { MAX_REPLY_AGE_MS } from "../../src/core/too-late.ts";
import { createFakeTaskRunner } from "../helpers/fake-task-runner.ts";
import { createReplyStage } from "../helpers/reply-stage.ts";

async function start() {
  const runner = createFakeTaskRunner();
  const addressed = createAddressed();
  const stage = await createReplyStage({ runner, addressed });
  const sayLate = (text: string, more: { quotedMessageId?: string } = {}, ageMs = 42 * 60_000) =>
    stage.say(text, { at: stage.clock.now() - ageMs, verified: true, ...more });
  return { ...stage, runner, addressed, sayLate };
}

type Stage = Awaited<ReturnType<typeof start>>;

const LEFT: readonly (readonly [what: string, said: string, of: (stage: Stage) => unknown])[] = [
  [
    "RESUME",
    "⌛ Your RESUME of 42 min ago came only now: nothing was opened by it.",
    ({ mode }) => mode.current().kind,
  ],
  [
    "RUN web-shop: fix the tests",
    "⌛ Your RUN of 42 min ago came only now: nothing was started by it.",
    ({ asked, runner }) => [asked.length, runner.begun.length],
  ],
  [
    "run s1: go on",
    "⌛ Your RUN of 42 min ago came only now: nothing was started by it.",
    ({ asked, runner }) => [asked.length, runner.begun.length],
  ],
  [
    "APPROVE ALL",
    "⌛ Your answer to ALL of 42 min ago came only now: nothing was approved by it.",
    ({ gate }) => gate.waiting().length,
  ],
  [
    "yes all!",
    "⌛ Your answer to ALL of 42 min ago came only now: nothing was approved by it.",
    ({ gate }) => gate.waiting().length,
  ],
];

describe("what came 42 minutes after it was sent", () => {
  it.each(LEFT)("%s changes nothing, and its sender is told", async (text, said, state) => {
    const stage = await start();
    if (text === "RESUME") await stage.say("PAUSE 60");
    else await stage.ask();
    const before = state(stage);
    stage.told.length = 0;
    await stage.sayLate(text);
    expect(state(stage)).toEqual(before);
    expect(stage.told.map((each) => each.text)).toEqual([`${said} Send it again if you still want it.`]);
  });

  it("words in reply to a message that takes some are not handed on", async () => {
    const stage = await start();
    const heard: string[] = [];
    stage.addressed.serve("task", {
      async receive({ text }) {
        heard.push(text);
        return undefined;
      },
    });
    stage.addressed.note("SM77", { kind: "task", subject: "s1" });
    await stage.sayLate("and now deploy it", { quotedMessageId: "SM77" });
    expect(stage.told.at(-1)?.text).toContain("came only now: it was not handed on");
    await stage.sayLate("and now deploy it", { quotedMessageId: "SM77" }, MAX_REPLY_AGE_MS);
    expect(heard).toEqual(["and now deploy it"]);
  });

  it.each(["PANIC", "PAUSE 90"])("%s stops everything", async (text) => {
    const stage = await start();
    await stage.sayLate(text);
    expect(stage.mode.current().kind).not.toBe("open");
  });

  it.each(["DENY {id}", "deny all", "no {id} not now"])("%s denies", async (text) => {
    const stage = await start();
    const { id, answer } = await stage.ask();
    await stage.sayLate(text.replace("{id}", id));
    expect(await answer).toMatchObject({ outcome: { status: "denied" } });
  });

  it("an answer to a request that still waits counts: that has a time of its own", async () => {
    const stage = await start();
    const { id, answer } = await stage.ask();
    await stage.sayLate(`APPROVE ${id}`);
    expect(await answer).toMatchObject({ outcome: { status: "approved" } });
  });
});

describe("what came a quarter of an hour after it was sent", () => {
  it("counts to the millisecond, and not after it", async () => {
    const stage = await start();
    await stage.say("PAUSE 60");
    await stage.sayLate("RESUME", {}, MAX_REPLY_AGE_MS + 1);
    expect(stage.mode.current().kind).toBe("paused");
    await stage.sayLate("RESUME", {}, MAX_REPLY_AGE_MS);
    expect(stage.mode.current().kind).toBe("open");
  });
});
