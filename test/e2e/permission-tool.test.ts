// The whole way, with the real CLI: a scripted model calls a tool, Claude Code asks the running server, the
// simulated phone answers, and what Claude Code then does is what counts: whether the file is there.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import type { Phone } from "../helpers/phone-client.ts";
import { ensureClaudeCli } from "./claude-cli.ts";
import { setStage } from "./stage.ts";

let cli: string;
beforeAll(async () => {
  cli = await ensureClaudeCli();
});

/** The message that tells how request `id` ended. */
function confirmationOf(phone: Phone, id: string, words: string) {
  return phone.waitForMessage(
    (message) =>
      message.direction === "to-phone" && message.body.includes(id) && message.body.includes(words),
  );
}

describe("claude -p with the permission prompt tool", () => {
  test("runs the command after Approve is tapped, and tells the phone once Claude has the answer", async () => {
    const stage = await setStage({ cli, script: () => [bash("echo shipped > approved.txt")] });
    const run = stage.runClaude();

    const { id, message } = await stage.phone.waitForRequest();
    expect(message.body).toContain("echo shipped > approved.txt");
    expect(message.body).toContain(`*Project:* ${stage.project}`);
    expect(existsSync(stage.path("approved.txt"))).toBe(false);
    await stage.phone.tap(message.sid, `approve:${id}`);

    expect(await run).toMatchObject({ exitCode: 0, resultText: "Done.", permissionDenials: [] });
    expect(await readFile(stage.path("approved.txt"), "utf8")).toBe("shipped\n");
    await confirmationOf(stage.phone, id, "approved: Claude has the answer");
  });

  test("runs nothing after a typed DENY, and the model reads the person's words", async () => {
    const stage = await setStage({ cli, script: () => [bash("touch denied.txt")] });
    const run = stage.runClaude();

    const { id } = await stage.phone.waitForRequest();
    await stage.phone.type(`DENY ${id} use the staging bucket`);

    expect(await run).toMatchObject({
      exitCode: 0,
      resultText: "Done.",
      permissionDenials: [{ tool_name: "Bash", tool_input: { command: "touch denied.txt" } }],
    });
    expect(stage.model.results()).toEqual([
      { text: expect.stringContaining("use the staging bucket"), isError: true },
    ]);
    expect(existsSync(stage.path("denied.txt"))).toBe(false);
    await confirmationOf(stage.phone, id, "denied");
  });

  test("runs nothing when nobody answers, and a later tap is told so", async () => {
    const stage = await setStage({
      cli,
      script: () => [bash("touch expired.txt")],
      env: { APPROVAL_TIMEOUT_SECONDS: "10" },
    });
    const run = stage.runClaude();
    const { id, message } = await stage.phone.waitForRequest();

    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [{ tool_name: "Bash" }] });
    expect(stage.model.results()).toEqual([
      { text: expect.stringMatching(/nobody answered/i), isError: true },
    ]);

    await stage.phone.tap(message.sid, `approve:${id}`);
    const told = await confirmationOf(stage.phone, id, "nothing ran");
    expect(told.body).toContain("expired");
    expect(existsSync(stage.path("expired.txt"))).toBe(false);
  });

  test("asks about several calls of one run one after another, and each answer counts for its own call", async () => {
    const stage = await setStage({
      cli,
      script: (path) => [
        bash("touch first.txt"),
        { tool: "Write", input: { file_path: path("second.txt"), content: "second\n" } },
        bash("touch third.txt"),
      ],
    });
    const run = stage.runClaude();

    for (const [index, [file, answer]] of ANSWERS.entries()) {
      const { id, message } = await stage.phone.waitForRequest((body) => body.includes(file));
      const asked = stage.phone.messages().filter((each) => each.buttons.length > 0);
      expect(asked).toHaveLength(index + 1);
      expect(existsSync(stage.path(file))).toBe(false);
      await stage.phone.tap(message.sid, `${answer}:${id}`);
    }

    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [{ tool_name: "Bash" }] });
    expect(stage.model.results().map((result) => result.isError)).toEqual([false, false, true]);
    expect(existsSync(stage.path("first.txt"))).toBe(true);
    expect(await readFile(stage.path("second.txt"), "utf8")).toBe("second\n");
    expect(existsSync(stage.path("third.txt"))).toBe(false);
  });

  test("answers the waiting call with a denial when the server is stopped", async () => {
    const stage = await setStage({ cli, script: () => [bash("touch stopped.txt")] });
    const run = stage.runClaude();
    await stage.phone.waitForRequest();

    // A stop that takes 4.5 s is ended by force, with 1.
    expect(await stage.server.stop()).toBe(0);

    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [{ tool_name: "Bash" }] });
    expect(stage.model.results()).toEqual([
      { text: expect.stringContaining("shutting down"), isError: true },
    ]);
    expect(existsSync(stage.path("stopped.txt"))).toBe(false);
  });

  // 55,000: an echo of the input is long enough for Claude Code to count its tokens. 150,000: above Express' default
  // limit for a request, and above any limit for an echo.
  test.each([55_000, 150_000])("lets a file of %d characters through whole", async (length) => {
    const lines = Array.from({ length: length / 50 }, (_, line) => `line ${line} ä `.padEnd(49, "x"));
    const content = lines.join("\n");
    const stage = await setStage({
      cli,
      script: (path) => [{ tool: "Write", input: { file_path: path("big.txt"), content } }],
    });
    const run = stage.runClaude();

    const { id, message } = await stage.phone.waitForRequest();
    await stage.phone.tap(message.sid, `approve:${id}`);

    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [] });
    expect(stage.model.results()).toEqual([{ text: expect.stringContaining("created"), isError: false }]);
    expect(await readFile(stage.path("big.txt"), "utf8")).toBe(content);
  });
});

const ANSWERS = [
  ["first.txt", "approve"],
  ["second.txt", "approve"],
  ["third.txt", "deny"],
] as const;

/** A model's call of the shell. Each command here writes: Claude Code runs harmless reads without asking. */
function bash(command: string) {
  return { tool: "Bash", input: { command, description: "Part of the test" } };
}
