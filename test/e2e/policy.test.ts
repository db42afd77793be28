// policy.json with the real CLI: what it denies reaches the model with its words, what it allows runs, and the phone
// hears of neither.
import { existsSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { ensureClaudeCli } from "./claude-cli.ts";
import { setStage } from "./stage.ts";

let cli: string;
beforeAll(async () => {
  cli = await ensureClaudeCli();
});

const bash = (command: string) => ({ tool: "Bash", input: { command, description: "Part of the test" } });

describe("policy.json", () => {
  test("denies with its words and allows without a message; what it does not name is asked", async () => {
    const stage = await setStage({
      cli,
      script: (path) => [
        bash("touch denied.txt"),
        bash("bash -c 'touch denied.txt'"),
        bash("mkdir allowed"),
        { tool: "Write", input: { file_path: path("notes/allowed.txt"), content: "allowed\n" } },
        bash("mkdir allowed/deep && mkdir asked"),
      ],
      policy: {
        version: 1,
        rules: [
          {
            decision: "deny",
            rules: ["Bash(touch *)"],
            message: "Write files with the Write tool.",
            doors: ["mcp"],
          },
          { decision: "allow", rules: ["Bash(mkdir allowed)", "Edit(/notes/**)"] },
        ],
      },
    });
    const run = stage.runClaude();

    const { id, message } = await stage.phone.waitForRequest();
    expect(message.body).toContain("mkdir allowed/deep && mkdir asked");
    await stage.phone.tap(message.sid, `deny:${id}`);

    expect((await run).exitCode).toBe(0);
    const results = stage.model.results();
    expect(results.map(({ isError }) => isError)).toEqual([true, true, false, false, true]);
    expect(results[0]?.text).toContain("Write files with the Write tool.");
    expect(results[0]?.text).toContain("Bash(touch *)");
    expect(results[1]?.text).toContain("Write files with the Write tool.");
    expect(existsSync(stage.path("denied.txt"))).toBe(false);
    expect(existsSync(stage.path("allowed"))).toBe(true);
    expect(existsSync(stage.path("notes/allowed.txt"))).toBe(true);
    expect(existsSync(stage.path("asked"))).toBe(false);
    expect(stage.phone.messages().filter(({ buttons }) => buttons.length > 0)).toHaveLength(1);
  });

  test("ends what a session may have approved", async () => {
    const stage = await setStage({
      cli,
      script: () => [bash("mkdir one"), bash("mkdir two"), bash("mkdir three")],
      policy: {
        version: 1,
        rules: [{ decision: "allow", rules: ["Bash(mkdir *)"] }],
        max_approvals_per_session: 2,
      },
    });
    expect((await stage.runClaude()).exitCode).toBe(0);
    expect(stage.model.results().map(({ isError }) => isError)).toEqual([false, false, true]);
    expect(stage.model.results()[2]?.text).toContain("used up its 2 approvals");
    expect(existsSync(stage.path("three"))).toBe(false);
    expect(stage.phone.messages()).toEqual([]);
  });
});
