// "Tell me when it is done": short messages that cost, so few of them, and none that leaks or misleads.
import { describe, expect, it } from "vitest";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { tellHook } from "../helpers/hook-client.ts";
import { type ServerStage, startStage } from "../helpers/server-stage.ts";

const env = { DONE_MESSAGES: "on" };
const idle = { notification_type: "idle_prompt", message: "Claude is waiting for your input" };

const news = ({ phone }: ServerStage) =>
  phone.messages().flatMap(({ body }) => (/^\*Claude (has finished|waits)/.test(body) ? [body] : []));

/** Resolves when everything that was set in motion before has been sent: messages keep their order. */
async function settled({ phone }: ServerStage): Promise<void> {
  const before = phone.messages().filter(({ body }) => body === "Nothing waits.").length;
  await phone.type("pending");
  await expect
    .poll(() => phone.messages().filter(({ body }) => body === "Nothing waits.").length)
    .toBe(before + 1);
}

describe("a message that Claude is done", () => {
  it("has its last words and the project", async () => {
    const { server, told } = await startStage({ env });
    await tellHook(server, "stop", { last_assistant_message: "All tests\n\n  pass." });
    expect((await told("finished")).body).toBe(
      "*Claude has finished*\nClaude's words: All tests pass.\n*Project:* web-shop",
    );
  });

  it("cannot hide or format anything, shows no secret, and is short", async () => {
    const { server, told } = await startStage({ env });
    // Put together here so that no scanner takes the test for a leak.
    const token = ["ghp", "R4nd0mLettersAndDigits0123456789abcd"].join("_");
    const words = `*Approved* \u202e ${token} ${"and so on ".repeat(200)}`;
    await tellHook(server, "stop", { last_assistant_message: words });
    const { body } = await told("finished");
    expect(body).not.toContain(token);
    expect(body).toContain("Claude's words: `*Approved* ⟨U+202E⟩ [secret ghp…]");
    expect(body).toContain("more characters)`\n");
    expect(body.length).toBeLessThan(400);
  });

  it("comes without words where there are none", async () => {
    const { server, told } = await startStage({ env });
    await tellHook(server, "stop", { cwd: undefined });
    expect((await told("finished")).body).toBe("*Claude has finished*");
  });

  /** As measured with 2.1.329. */
  const running = { id: "b1", type: "shell", status: "running", description: "d", command: "sleep 4" };

  it("waits for the tasks in the background, and comes with the real end", async () => {
    const stage = await startStage({ env });
    await tellHook(stage.server, "stop", { last_assistant_message: "Started.", background_tasks: [running] });
    await tellHook(stage.server, "user-prompt-submit", {
      prompt: "<task-notification>\n<task-id>b1</task-id>",
    });
    await settled(stage);
    expect(news(stage)).toEqual([]);
    await tellHook(stage.server, "stop", { last_assistant_message: "All done.", background_tasks: [] });
    await stage.told("Claude's words: All done.");
    expect(news(stage)).toHaveLength(1);
  });

  it.each([
    ["that have ended", [{ ...running, status: "completed" }]],
    ["in an odd form", "none"],
    ["that cannot be read", [7, null, {}]],
  ])("does not wait for tasks %s", async (_, background_tasks) => {
    const stage = await startStage({ env });
    await tellHook(stage.server, "stop", { background_tasks });
    await stage.told("finished");
  });

  it("is followed by no idle one because of Claude Code's own prompts", async () => {
    const clock = createFakeClock();
    const stage = await startStage({ env, deps: { clock } });
    await tellHook(stage.server, "stop");
    await stage.told("finished");
    await clock.advance(60_000);
    for (const own of [{ prompt: "<task-notification>" }, { prompt: "go", source: "system" }]) {
      await tellHook(stage.server, "user-prompt-submit", own);
    }
    await tellHook(stage.server, "notification", idle);
    await settled(stage);
    expect(news(stage)).toHaveLength(1);
  });

  it("says so when an error has ended the turn, with its words and no secret", async () => {
    const token = ["ghp", "R4nd0mLettersAndDigits0123456789abcd"].join("_");
    const stage = await startStage({ env });
    const words = `API Error: 400 credit balance too low ${token}`;
    await tellHook(stage.server, "stop-failure", { error: "unknown", last_assistant_message: words });
    const { body } = await stage.told("Claude has stopped with an error");
    expect(body).toBe(
      "*Claude has stopped with an error*\nClaude Code's words: API Error: 400 credit balance too low [secret ghp…]\n*Project:* web-shop",
    );
  });

  it("comes when a worker waits for a permission at the terminal", async () => {
    const stage = await startStage({ env });
    const notification_type = "worker_permission_prompt";
    await tellHook(stage.server, "notification", { notification_type, message: "A worker needs you" });
    await stage.told("waits for you");
  });

  it("comes at most once a minute for a session", async () => {
    const clock = createFakeClock();
    const stage = await startStage({ env, deps: { clock } });
    await tellHook(stage.server, "stop");
    await tellHook(stage.server, "stop");
    await settled(stage);
    expect(news(stage)).toHaveLength(1);
    await clock.advance(60_000);
    await tellHook(stage.server, "stop");
    await expect.poll(() => news(stage).length).toBe(2);
  });

  it("comes for no more than five sessions a minute", async () => {
    const stage = await startStage({ env });
    for (let session = 0; session < 8; session += 1) {
      await tellHook(stage.server, "stop", { session_id: `made-up-${session}` });
    }
    await settled(stage);
    expect(news(stage)).toHaveLength(5);
  });

  it("is not followed by one that Claude is idle, until the person has written", async () => {
    const clock = createFakeClock();
    const stage = await startStage({ env, deps: { clock } });
    await tellHook(stage.server, "stop");
    await stage.told("finished");
    await clock.advance(60_000);
    await tellHook(stage.server, "notification", idle);
    await settled(stage);
    expect(news(stage)).toHaveLength(1);
    await tellHook(stage.server, "user-prompt-submit");
    await tellHook(stage.server, "notification", idle);
    expect((await stage.told("waits for you")).body).toBe(
      "*Claude waits for you at the terminal*\nClaude Code's words: Claude is waiting for your input\n*Project:* web-shop",
    );
  });

  it.each([
    ["a waiting permission", { notification_type: "permission_prompt", message: "Claude needs you" }],
    ["a login", { notification_type: "auth_success", message: "ok" }],
    ["no kind", { message: "Claude needs you" }],
  ])("does not come for a notification of %s", async (_, fields) => {
    const stage = await startStage({ env });
    await tellHook(stage.server, "notification", fields);
    await settled(stage);
    expect(news(stage)).toEqual([]);
  });

  it("does not come during a pause", async () => {
    const stage = await startStage({ env });
    await stage.phone.type("PAUSE 30");
    await stage.told("Paused until");
    await tellHook(stage.server, "stop");
    await settled(stage);
    expect(news(stage)).toEqual([]);
  });

  it("does not come unless it is asked for", async () => {
    const stage = await startStage();
    await tellHook(stage.server, "stop", { last_assistant_message: "Done." });
    await tellHook(stage.server, "notification", idle);
    await settled(stage);
    expect(news(stage)).toEqual([]);
  });

  it("that cannot be sent changes nothing for the hook", async () => {
    const { server, phone, log } = await startStage({ env });
    phone.fail({ kind: "reject", httpStatus: 400, code: 63007 });
    expect(await tellHook(server, "stop")).toEqual({});
    await expect.poll(() => log.text()).toContain("could not be sent");
  });
});
