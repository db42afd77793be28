// Interactive sessions with the real CLI: the dialog at the terminal and the phone race, and the first answer wins.
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { ensureClaudeCli } from "./claude-cli.ts";
import { installHooks, startSession } from "./interactive.ts";
import { type Stage, setStage } from "./stage.ts";

let cli: string;
beforeAll(async () => {
  cli = await ensureClaudeCli();
});

const DIALOG = /Do you want to (proceed|create|make)/;
const bash = (command: string) => ({ tool: "Bash", input: { command, description: "Part of the test" } });
const requests = ({ phone }: Stage) => phone.messages().filter(({ buttons }) => buttons.length > 0);

async function setHookedStage(commands: readonly string[], env?: Readonly<Record<string, string>>) {
  const stage = await setStage({ cli, script: () => commands.map(bash), ...(env && { env }) });
  await installHooks(stage, env);
  return stage;
}

describe("an interactive session with the hooks", () => {
  test("runs the command after Approve is tapped; the terminal's dialog goes by itself", async () => {
    const stage = await setHookedStage(["echo shipped > approved.txt"]);
    const terminal = await startSession(stage, cli);
    const { id, message } = await stage.phone.waitForRequest();
    expect(message.body).toContain("echo shipped > approved.txt");
    expect(message.body).toContain(`*Project:* ${stage.project}`);
    await terminal.waitFor(DIALOG);
    expect(existsSync(stage.path("approved.txt"))).toBe(false);
    await stage.phone.tap(message.sid, `approve:${id}`);
    await terminal.waitFor(/Done\./);
    expect(await readFile(stage.path("approved.txt"), "utf8")).toBe("shipped\n");
    await stage.phone.waitForMessage(({ body }) => body === `✅ ${id} approved: Claude has the answer`);
    expect(await terminal.screen()).not.toMatch(DIALOG);
  });

  test("runs nothing after a denial, and the model reads the person's words", async () => {
    const stage = await setHookedStage(["touch denied.txt"]);
    const terminal = await startSession(stage, cli);
    const { id, message } = await stage.phone.waitForRequest();
    await stage.phone.type("use the staging bucket", { quote: message.sid });
    await terminal.waitFor(/Done\./);
    expect(stage.model.results()).toEqual([
      { text: expect.stringContaining("Their words: use the staging bucket"), isError: true },
    ]);
    expect(existsSync(stage.path("denied.txt"))).toBe(false);
    await stage.phone.waitForMessage(({ body }) => body === `❌ ${id} denied: Claude has the answer`);
  });

  test.each([
    ["Yes", "Enter", true],
    ["No", "Escape", false],
  ])(
    "answered with %s at the terminal is over for the phone, and a later tap changes nothing",
    async (...args) => {
      const [, key, runs] = args;
      const stage = await setHookedStage(["touch terminal.txt"]);
      const terminal = await startSession(stage, cli);
      const { id, message } = await stage.phone.waitForRequest();
      await terminal.waitFor(DIALOG);
      const ended = `${id} was answered at the terminal`;
      await terminal.press(key, () => stage.phone.messages().some(({ body }) => body.includes(ended)));
      await stage.phone.tap(message.sid, `${runs ? "deny" : "approve"}:${id}`);
      await stage.phone.waitForMessage(({ body }) =>
        /ended .* ago: it was answered at the terminal/.test(body),
      );
      expect(existsSync(stage.path("terminal.txt"))).toBe(runs);
    },
  );

  test("answered with Yes and then denied on the phone runs, and the phone is told so", async () => {
    const stage = await setHookedStage(["until [ -f go ]; do sleep 0.1; done; touch ran.txt"]);
    const terminal = await startSession(stage, cli);
    const { id, message } = await stage.phone.waitForRequest();
    await terminal.waitFor(DIALOG);
    await terminal.press("Enter", async () => !DIALOG.test(await terminal.screen()));
    await stage.phone.tap(message.sid, `deny:${id}`);
    await stage.phone.waitForMessage(({ body }) => body === `❌ ${id} denied: Claude has the answer`);
    await writeFile(stage.path("go"), "");
    await stage.phone.waitForMessage(({ body }) => body.startsWith(`⚠️ ${id} ran all the same`));
    expect(existsSync(stage.path("ran.txt"))).toBe(true);
  });

  test("tells the phone when it is done, with DONE_MESSAGES", async () => {
    const stage = await setHookedStage([], { DONE_MESSAGES: "on" });
    await startSession(stage, cli);
    const { body } = await stage.phone.waitForMessage(({ body }) => body.includes("Claude has finished"));
    expect(body).toBe(`*Claude has finished*\nClaude's words: Done.\n*Project:* ${stage.project}`);
  });

  test("is not asked again for what was allowed for the session", async () => {
    const stage = await setHookedStage(["touch one.txt", "touch one.txt", "touch two.txt"]);
    const terminal = await startSession(stage, cli);
    const first = await stage.phone.waitForRequest((body) => body.includes("touch one.txt"));
    await stage.phone.tap(first.message.sid, `session:${first.id}`);
    const second = await stage.phone.waitForRequest((body) => body.includes("touch two.txt"));
    await stage.phone.tap(second.message.sid, `deny:${second.id}`);
    await terminal.waitFor(/Done\./);
    expect(requests(stage)).toHaveLength(2);
    expect(stage.model.results().map(({ isError }) => isError)).toEqual([false, false, true]);
  });

  test("writes a file of 150,000 characters whole", async () => {
    const content = Array.from({ length: 3_000 }, (_, line) => `line ${line} ä `.padEnd(49, "x")).join("\n");
    const stage = await setStage({
      cli,
      script: (path) => [{ tool: "Write", input: { file_path: path("big.txt"), content } }],
    });
    await installHooks(stage);
    const terminal = await startSession(stage, cli);
    const { id, message } = await stage.phone.waitForRequest();
    await stage.phone.tap(message.sid, `approve:${id}`);
    await terminal.waitFor(/Done\./);
    expect(await readFile(stage.path("big.txt"), "utf8")).toBe(content);
  });

  test("keeps its dialog when the server stops, and when it is gone", async () => {
    const APPROVAL_TOKEN = "a-token-of-the-tests";
    const stage = await setHookedStage(["touch a.txt", "touch b.txt"], { APPROVAL_TOKEN });
    const terminal = await startSession(stage, cli, { env: { APPROVAL_TOKEN } });
    await stage.phone.waitForRequest();
    await terminal.waitFor(DIALOG);
    await stage.server.stop();
    expect(await terminal.waitFor(DIALOG)).toContain("touch a.txt");
    expect(existsSync(stage.path("a.txt"))).toBe(false);
    await terminal.press("Enter", () => existsSync(stage.path("a.txt")));
    await terminal.waitFor(/touch b\.txt[\s\S]*Do you want to/);
    await terminal.press("Enter", () => existsSync(stage.path("b.txt")));
    await terminal.waitFor(/Done\./);
  });

  test("without the token the server wants keeps its dialog, and the phone hears nothing", async () => {
    const stage = await setHookedStage(["touch a.txt"], { APPROVAL_TOKEN: "a-token-of-the-tests" });
    const terminal = await startSession(stage, cli);
    await terminal.waitFor(DIALOG);
    await terminal.press("Escape", async () => !DIALOG.test(await terminal.screen()));
    expect(stage.phone.messages()).toEqual([]);
  });
});

describe("claude -p with the hooks and the prompt tool", () => {
  test("sends one message for each call, also after a cd, and one answer is enough", async () => {
    const stage = await setStage({
      cli,
      script: (path) => {
        const file_path = path("inner/one.txt");
        const edit = { file_path, old_string: "shipped", new_string: "lost" };
        return [
          bash("mkdir -p inner && cd inner && echo shipped > one.txt"),
          { tool: "Read", input: { file_path } },
          { tool: "Edit", input: edit },
        ];
      },
    });
    await installHooks(stage);
    const run = stage.runClaude();
    const first = await stage.phone.waitForRequest((body) => body.includes("echo shipped"));
    await stage.phone.tap(first.message.sid, `approve:${first.id}`);
    const second = await stage.phone.waitForRequest((body) => body.includes("Edit"));
    expect(second.message.body).toContain(`*Project:* ${stage.project}`);
    await stage.phone.tap(second.message.sid, `deny:${second.id}`);
    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [{ tool_name: "Edit" }] });
    expect(requests(stage)).toHaveLength(2);
    expect(await readFile(stage.path("inner/one.txt"), "utf8")).toBe("shipped\n");
    await stage.phone.waitForMessage(({ body }) => body === `❌ ${second.id} denied: Claude has the answer`);
    expect(stage.phone.messages().some(({ body }) => body.includes("at the terminal"))).toBe(false);
  });
});
