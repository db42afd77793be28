// Allow for the session, with the real CLI: the same call is not asked again, a variation is.
import { existsSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { ensureClaudeCli } from "./claude-cli.ts";
import { setStage } from "./stage.ts";

let cli: string;
beforeAll(async () => {
  cli = await ensureClaudeCli();
});

describe("Session tapped on the phone", () => {
  test("lets the same command run again without asking, and asks about another", async () => {
    const bash = (command: string) => ({ tool: "Bash", input: { command, description: "Make a file" } });
    const stage = await setStage({
      cli,
      script: () => [bash("touch one.txt"), bash("touch one.txt"), bash("touch two.txt")],
    });
    const run = stage.runClaude();

    const first = await stage.phone.waitForRequest((body) => body.includes("touch one.txt"));
    expect(first.message.body).toContain("🔁 Session allows this exact command");
    await stage.phone.tap(first.message.sid, `session:${first.id}`);
    const second = await stage.phone.waitForRequest((body) => body.includes("touch two.txt"));
    await stage.phone.tap(second.message.sid, `deny:${second.id}`);

    expect(await run).toMatchObject({
      exitCode: 0,
      permissionDenials: [{ tool_input: { command: "touch two.txt" } }],
    });
    const asked = stage.phone.messages().filter(({ buttons }) => buttons.length > 0);
    expect(asked).toHaveLength(2);
    expect(existsSync(stage.path("one.txt"))).toBe(true);
    expect(existsSync(stage.path("two.txt"))).toBe(false);
    await stage.phone.waitForMessage(({ body }) =>
      body.includes(`${first.id} approved for this session (this exact command): Claude has the answer`),
    );
  });

  test("lets the same file be edited again without asking, and asks about another file", async () => {
    const write = (path: string, content: string) => ({ tool: "Write", input: { file_path: path, content } });
    const stage = await setStage({
      cli,
      script: (path) => [
        write(path("a.txt"), "one"),
        write(path("a.txt"), "two"),
        write(path("b.txt"), "three"),
      ],
    });
    const run = stage.runClaude();

    const first = await stage.phone.waitForRequest((body) => body.includes("a.txt"));
    await stage.phone.tap(first.message.sid, `session:${first.id}`);
    const second = await stage.phone.waitForRequest((body) => body.includes("b.txt"));
    await stage.phone.tap(second.message.sid, `deny:${second.id}`);

    expect((await run).exitCode).toBe(0);
    expect(stage.phone.messages().filter(({ buttons }) => buttons.length > 0)).toHaveLength(2);
    expect(existsSync(stage.path("b.txt"))).toBe(false);
  });
});
