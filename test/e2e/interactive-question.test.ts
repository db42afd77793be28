// Questions of an interactive session with the real CLI: the dialog at the terminal and the phone race.
import { beforeAll, describe, expect, test } from "vitest";
import { DB, questionCall } from "../helpers/questions.ts";
import { ensureClaudeCli } from "./claude-cli.ts";
import { installHooks, startSession } from "./interactive.ts";
import type { Step } from "./scripted-model.ts";
import { setStage } from "./stage.ts";

let cli: string;
beforeAll(async () => {
  cli = await ensureClaudeCli();
});

const QUESTIONS: Step = { tool: "AskUserQuestion", input: questionCall(DB).input };

describe("a question of an interactive session", () => {
  test.each([
    ["2", '"Which DB?"="SQLite"'],
    ["DuckDB, for now", '"Which DB?"="DuckDB, for now"'],
  ])("is answered on the phone, and its dialog goes: %s", async (typed, words) => {
    const stage = await setStage({ cli, script: () => [QUESTIONS] });
    await installHooks(stage);
    const terminal = await startSession(stage, cli);
    const { sid } = await stage.phone.waitForMessage(({ body }) => body.includes("Which DB?"));
    await terminal.waitFor(/Postgres/);
    await stage.phone.type(typed, { quote: sid });
    await terminal.waitFor(/Done\./);
    expect(stage.model.results()).toEqual([{ text: expect.stringContaining(words), isError: false }]);
    await stage.phone.waitForMessage(({ body }) => body.endsWith("answered: Claude has the answer"));
  });

  test("is answered at the terminal, and the phone is told so", async () => {
    const stage = await setStage({ cli, script: () => [QUESTIONS] });
    await installHooks(stage);
    const terminal = await startSession(stage, cli);
    await stage.phone.waitForMessage(({ body }) => body.includes("Which DB?"));
    await terminal.waitFor(/Postgres/);
    await terminal.press("Enter", async () => /Done\./.test(await terminal.screen()));
    expect(stage.model.results()[0]?.text).toContain('"Which DB?"="Postgres"');
    await stage.phone.waitForMessage(({ body }) => body.includes("was answered at the terminal"));
  });
});
