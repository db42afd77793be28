// A reply to "Claude has finished" is Claude's next instruction: who may, when it counts, what Claude reads and what the phone is told.
import { describe, expect, it, onTestFinished } from "vitest";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { postHook, tellHook } from "../helpers/hook-client.ts";
import { type ServerStage, startStage } from "../helpers/server-stage.ts";

const env = { CONTINUE_MINUTES: "30" };
const SESSION = "9d474c58-b4db-446a-9bb9-efb62da9c029";
const OFFER = "your words are Claude's next instruction";

interface Waiting {
  /** What the hook has been answered; undefined while it waits. */
  answer(): unknown;
  readonly answered: Promise<{ decision?: string; reason?: string }>;
  leave(): void;
}

/** The Stop hook that waits, as the program posts it. */
function wait({ server }: Pick<ServerStage, "server">, fields: object = {}, headers = {}): Waiting {
  const controller = new AbortController();
  let answer: unknown;
  const body = { session_id: SESSION, cwd: "/code/web-shop", hook_event_name: "Stop", ...fields };
  const answered = postHook(server, "wait-reply", body, { signal: controller.signal, headers }).then(
    async (response) => {
      answer = await response.json();
      return answer as { decision?: string; reason?: string };
    },
  );
  answered.catch(() => {});
  onTestFinished(() => controller.abort());
  return { answer: () => answer, answered, leave: () => controller.abort() };
}

const finished = (stage: ServerStage) =>
  stage.phone.messages().filter(({ body }) => body.includes("Claude has finished"));

async function offered(stage: ServerStage, index = 0): Promise<string> {
  await expect.poll(() => finished(stage).length).toBeGreaterThan(index);
  const message = finished(stage)[index];
  expect(message?.body).toContain(OFFER);
  return message?.sid ?? "";
}

describe("a reply to a message that Claude has finished", () => {
  it("is handed to the hook that waits, as the person's words, and confirmed once", async () => {
    const stage = await startStage({ env });
    const hook = wait(stage, { last_assistant_message: "All tests pass." });
    const sid = await offered(stage);
    expect(finished(stage)[0]?.body).toBe(
      "*Claude has finished*\nClaude's words: All tests pass.\n*Project:* web-shop\nReply to this message (swipe it) within 30 minutes: your words are Claude's next instruction",
    );
    await stage.phone.type("now run the linter\nand fix it", { quote: sid });
    const { decision, reason } = await hook.answered;
    expect(decision).toBe("block");
    expect(reason).toContain("\n\n> now run the linter\n> and fix it\n\n(end of the person's words)");
    await stage.told("Claude has your words");
  });
});
