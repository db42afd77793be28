// Folders of every alphabet with the real CLI: the prompt tool is found, the phone reads the folder's name, and a call that
// comes in through both doors is one message.
import { beforeAll, expect, test } from "vitest";
import { ensureClaudeCli } from "./claude-cli.ts";
import { installHooks } from "./interactive.ts";
import { setStage } from "./stage.ts";

let cli: string;
beforeAll(async () => {
  cli = await ensureClaudeCli();
});

const bash = (command: string) => ({ tool: "Bash", input: { command, description: "Part of the test" } });

test.each([["проект"], ["日本語"], ["🚀"], ["café"], ["a b"], ["x&y"], ["50%"], ["a#b"], ["a+b?c"]])(
  "a call from the folder %s is one message with its name, also after a cd",
  async (folderName) => {
    const stage = await setStage({
      cli,
      folderName,
      script: () => [bash("mkdir -p inner && cd inner && touch one.txt"), bash("touch two.txt")],
    });
    await installHooks(stage);
    const run = stage.runClaude();
    for (const file of ["one.txt", "two.txt"]) {
      const { id, message } = await stage.phone.waitForRequest((body) => body.includes(file));
      expect(message.body).toContain(`*Project:* ${folderName}\n`);
      await stage.phone.tap(message.sid, `approve:${id}`);
    }
    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [] });
    expect(stage.phone.messages().filter(({ buttons }) => buttons.length > 0)).toHaveLength(2);
  },
);
