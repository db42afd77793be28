// The next instruction from the phone, with the real CLI: in print mode and at a terminal; and what ends the wait.
import { existsSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { ensureClaudeCli } from "./claude-cli.ts";
import { installHooks, startSession } from "./interactive.ts";
import { type Stage, setStage } from "./stage.ts";

let cli: string;
beforeAll(async () => {
  cli = await ensureClaudeCli();
});

const OFFER = "your words are Claude's next instruction";
const INPUT = { command: "touch by-phone.txt", description: "Part of the test" };
const WORDS = "make the file by-phone.txt";

/** A model that does nothing until it reads the person's words, and keeps what it has read. */
async function stageFor(env: Readonly<Record<string, string>>) {
  const read: string[] = [];
  const stage = await setStage({
    cli,
    env: { SHOW_LAST_WORDS: "on", ...env },
    promptTool: false,
    script: () => [
      (request) => {
        read.push(request);
        return request.includes(WORDS)
          ? { tool: "Bash", input: INPUT, said: "I make it now." }
          : "First done.";
      },
      "The file is there.",
    ],
  });
  await installHooks(stage, env);
  return { stage, read };
}

const offers = ({ phone }: Stage) => phone.messages().filter(({ body }) => body.includes(OFFER));

async function offer(stage: Stage, said: string): Promise<string> {
  const isOffer = (body: string) => body.includes(OFFER) && body.includes(said);
  return (await stage.phone.waitForMessage(({ body }) => isOffer(body))).sid;
}

async function instruct(stage: Stage): Promise<void> {
  await stage.phone.type(WORDS, { quote: await offer(stage, "First done.") });
  await stage.phone.waitForMessage(({ body }) => body.includes("Claude has your words"));
  const { id, message } = await stage.phone.waitForRequest((body) => body.includes("by-phone.txt"));
  expect(message.body).toContain(`*Project:* ${stage.project} · Claude said: \`I make it now.\``);
  expect(existsSync(stage.path("by-phone.txt"))).toBe(false);
  await stage.phone.tap(message.sid, `approve:${id}`);
  await offer(stage, "The file is there.");
  expect(existsSync(stage.path("by-phone.txt"))).toBe(true);
}

describe("in print mode", () => {
  test("a reply to the done message is the next instruction, and PAUSE ends the run", async () => {
    const { stage, read } = await stageFor({ CONTINUE_MINUTES: "30" });
    const run = stage.runClaude();
    await instruct(stage);
    expect(read.join("\n")).toContain(`\\n\\n> ${WORDS}\\n\\n(end of the person's words)`);
    await stage.phone.type("PAUSE 1");
    expect(await run).toMatchObject({ exitCode: 0 });
    expect(offers(stage)).toHaveLength(2);
  });

  test("silence ends the run", async () => {
    const { stage } = await stageFor({ CONTINUE_MINUTES: "1" });
    const run = stage.runClaude(110_000);
    const quote = await offer(stage, "First done.");
    expect(await run).toMatchObject({ exitCode: 0 });
    await stage.phone.type(WORDS, { quote });
    await stage.phone.waitForMessage(({ body }) => body.includes("nothing changed"));
    expect(JSON.stringify(stage.phone.messages())).not.toContain("Claude has your words");
  });
});

describe("at a terminal", () => {
  test("a reply wakes the idle session, and what is typed there ends the next wait", async () => {
    const { stage, read } = await stageFor({ CONTINUE_MINUTES: "30", HOOK_GRACE_SECONDS: "0" });
    const terminal = await startSession(stage, cli);
    await instruct(stage);
    expect(read.join("\n")).toContain(`> ${WORDS}`);
    const quote = await offer(stage, "The file is there.");
    await terminal.type("hello", "Enter");
    await terminal.waitFor(/hello[\s\S]*The file is there/);
    await stage.phone.type(WORDS, { quote });
    await stage.phone.waitForMessage(({ body }) =>
      body.includes("Somebody has written at the terminal since"),
    );
    expect(await terminal.screen()).toContain("A reply from your phone");
  });
});
