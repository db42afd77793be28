// By hand: E2E_LONG=1 npm run e2e -- long-wait. A call outlives Claude Code's 300 s watchdog for silent calls and is
// then approved. It takes five and a half minutes because the watchdog's clock is the client's own.
import { existsSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { ensureClaudeCli } from "./claude-cli.ts";
import { setStage } from "./stage.ts";

const WAIT_MS = 330_000;

describe("claude -p with a slow approver", () => {
  test("runs the command that was approved after 330 s", { timeout: WAIT_MS + 90_000 }, async () => {
    const cli = await ensureClaudeCli();
    const stage = await setStage({
      cli,
      script: () => [{ tool: "Bash", input: { command: "touch late.txt", description: "wait" } }],
      env: { APPROVAL_TIMEOUT_SECONDS: "400" },
    });
    const run = stage.runClaude(WAIT_MS + 60_000);
    const { id, message } = await stage.phone.waitForRequest();
    await wait(WAIT_MS);
    expect(existsSync(stage.path("late.txt"))).toBe(false);
    await stage.phone.tap(message.sid, `approve:${id}`);
    expect(await run).toMatchObject({ exitCode: 0, resultText: "Done.", permissionDenials: [] });
    expect(existsSync(stage.path("late.txt"))).toBe(true);
  });
});
