// Plan mode with the real CLI: the plan is read on the phone, and the words of a denial reach the model.
import { writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { ensureClaudeCli } from "./claude-cli.ts";
import { installHooks, startSession } from "./interactive.ts";
import type { Step } from "./scripted-model.ts";
import { setStage } from "./stage.ts";

let cli: string;
beforeAll(async () => {
  cli = await ensureClaudeCli();
});

const PLAN = "# Move the shop\n\n1. Copy the orders\n2. Switch over\n";

/** Claude Code names the file that the plan goes into in what it tells the model. */
const writePlan: Step = (request) => ({
  tool: "Write",
  input: { file_path: /[^\s"`\\]*\/plans\/[^\s"`\\]*\.md/.exec(request)?.[0], content: PLAN },
});

/** The turn goes on after the plan: its end does not settle it. */
const LONG: Step = {
  tool: "Bash",
  input: { command: "until [ -f go ]; do sleep 0.1; done", description: "Wait" },
};

describe("a plan", () => {
  test.each([
    ["approve", "Approved Plan:\n# Move the shop"],
    ["deny", "Their words: use the staging database"],
  ])("is read in full on the phone, and the model reads the answer: %s", async (verb, words) => {
    const script = () => [writePlan, { tool: "ExitPlanMode", input: {} }];
    const stage = await setStage({ cli, script, args: ["--permission-mode", "plan"] });
    const run = stage.runClaude();

    const { id, message } = await stage.phone.waitForRequest((body) => body.includes("*Tool:* Plan"));
    expect(message.body).toContain("# Move the shop");
    const [part] = stage.phone.messages().filter(({ body }) => body.startsWith(`*${id}, part 1 of 1:* plan`));
    expect(part?.body).toContain(PLAN.trim());
    if (verb === "approve") await stage.phone.tap(message.sid, `approve:${id}`);
    else await stage.phone.type(`deny ${id} use the staging database`);

    expect((await run).exitCode).toBe(0);
    expect(stage.model.results().at(-1)?.text).toContain(words);
  });
});

describe("a plan of an interactive session", () => {
  test.each([
    ["approve", /Approved Plan:|approved your plan/i],
    ["deny", /Their words: use the staging database/],
  ])("is answered on the phone, and its dialog goes: %s", async (verb, words) => {
    const stage = await setStage({ cli, script: () => [writePlan, { tool: "ExitPlanMode", input: {} }] });
    await installHooks(stage);
    const terminal = await startSession(stage, cli, { permissionMode: "plan" });
    const { id, message } = await stage.phone.waitForRequest((body) => body.includes("*Tool:* Plan"));
    if (verb === "approve") await stage.phone.tap(message.sid, `approve:${id}`);
    else await stage.phone.type(`deny ${id} use the staging database`);
    await terminal.waitFor(/Done\./);
    expect(stage.model.results().at(-1)?.text).toMatch(words);
  });

  test("is over for the phone when it was answered with Yes at the terminal", async () => {
    const stage = await setStage({
      cli,
      script: () => [writePlan, { tool: "ExitPlanMode", input: {} }, LONG],
    });
    await installHooks(stage);
    const terminal = await startSession(stage, cli, { permissionMode: "plan" });
    const { id, message } = await stage.phone.waitForRequest((body) => body.includes("*Tool:* Plan"));
    await terminal.waitFor(/Would you like to proceed/);
    const told = () =>
      stage.phone.messages().some(({ body }) => body.includes(`${id} was answered at the terminal`));
    await terminal.press("Enter", told);
    await stage.phone.tap(message.sid, `deny:${id}`);
    await stage.phone.waitForMessage(({ body }) =>
      /ended .* ago: it was answered at the terminal/.test(body),
    );
    await writeFile(stage.path("go"), "");
    await terminal.waitFor(/Done\./);
  });
});
