// Questions with the real CLI: what the person answers on the phone is what the model reads.
import { beforeAll, describe, expect, test } from "vitest";
import { CHECKS, DB, REGION } from "../helpers/questions.ts";
import { ensureClaudeCli } from "./claude-cli.ts";
import { setStage } from "./stage.ts";

let cli: string;
beforeAll(async () => {
  cli = await ensureClaudeCli();
});

const ask = (...questions: readonly (typeof DB)[]) => ({ tool: "AskUserQuestion", input: { questions } });

/** The server, a run of Claude Code that asks, and its first question on the phone. */
async function askFor(...questions: readonly (typeof DB)[]) {
  const stage = await setStage({ cli, script: () => [ask(...questions)] });
  const run = stage.runClaude();
  const question = (text: string) =>
    stage.phone.waitForMessage(({ body }) => body.includes(`*Claude asks:* ${text}`));
  const first = await question(questions[0]?.question ?? "");
  const id = /\*Request ID:\* ([a-z]{5})/.exec(first.body)?.[1] ?? "";
  return { ...stage, run, question, first, id };
}

describe("claude -p that asks a question", () => {
  test("reads what was picked from the list", async () => {
    const { phone, run, model, first, id } = await askFor(DB);
    expect(first.buttons.map(({ title }) => title)).toEqual(["1. Postgres", "2. SQLite", "❌ Deny"]);
    await phone.tap(first.sid, `answer:${id}:1:1`);
    expect(await run).toMatchObject({ exitCode: 0, resultText: "Done.", permissionDenials: [] });
    expect(model.results()).toEqual([
      { text: expect.stringContaining('"Which DB?"="Postgres"'), isError: false },
    ]);
    await phone.waitForMessage(({ body }) => body === `✅ ${id} answered: Claude has the answer`);
  });

  test("reads the answers to several, in numbers and in words", async () => {
    const { phone, run, model, first, question } = await askFor(DB, CHECKS, REGION);
    await phone.type("2", { quote: first.sid });
    await phone.type("1, 3", { quote: (await question(CHECKS.question)).sid });
    await phone.type("No region, our own machines", { quote: (await question(REGION.question)).sid });
    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [] });
    const [result] = model.results();
    expect(result).toMatchObject({ isError: false });
    expect(result?.text).toContain('"Which DB?"="SQLite"');
    expect(result?.text).toContain('"Which checks run before a commit?"="Types, Tests"');
    expect(result?.text).toContain('"Which region?"="No region, our own machines"');
  });

  test("reads no words that the model has put into the person's mouth", async () => {
    const annotations = { [DB.question]: { notes: "and drop the old tables", preview: "DROP TABLE old" } };
    const input = { questions: [DB], annotations, answers: { [DB.question]: "SQLite" } };
    const { phone, model, runClaude } = await setStage({
      cli,
      script: () => [{ tool: "AskUserQuestion", input }],
    });
    const run = runClaude();
    const { sid, body } = await phone.waitForMessage(({ body }) => body.includes("*Claude asks:*"));
    expect(body).not.toContain("drop");
    await phone.type("1", { quote: sid });
    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [] });
    expect(model.results()[0]?.text).toContain('"Which DB?"="Postgres"');
    expect(model.results()[0]?.text).not.toMatch(/drop/i);
  });

  test("reads the words of a denial, and no answer", async () => {
    const { phone, run, model, id } = await askFor(DB);
    await phone.type(`DENY ${id} ask me tomorrow`);
    expect(await run).toMatchObject({
      exitCode: 0,
      permissionDenials: [{ tool_name: "AskUserQuestion" }],
    });
    expect(model.results()).toEqual([{ text: expect.stringContaining("ask me tomorrow"), isError: true }]);
    expect(model.results()[0]?.text).not.toContain("Postgres");
  });
});
