// The real CLI's model calls a script of the server's as a tool: the phone sees its text, the server runs it, the model reads what
// it said. What is swapped between the request and the tap does not run.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { temporaryFolder } from "../helpers/temporary.ts";
import { HELLO, HELLO_SETTINGS, toolsFolder } from "../helpers/tools-folder.ts";
import { ensureClaudeCli } from "./claude-cli.ts";
import { setStage } from "./stage.ts";

const TOOL = "mcp__approval-server__scripts__hello";
const call = { tool: TOOL, input: { name: "Ann" } };

let cli: string;
beforeAll(async () => {
  cli = await ensureClaudeCli();
});

test("claude calls a script three times: its text, its hash, and its text again once it has changed", async () => {
  const tools = toolsFolder();
  tools.script("hello.sh", HELLO, HELLO_SETTINGS);
  const env = { TOOLS_DIR: tools.path };
  const stage = await setStage({
    cli,
    script: () => [call, call, call],
    args: ["--allowedTools", TOOL],
    env,
  });
  const run = stage.runClaude();
  const shown = () =>
    stage.phone
      .messages()
      .filter(({ direction }) => direction === "to-phone")
      .map(({ body }) => body);
  const asked = new Set<string>();
  const next = async () => {
    const request = await stage.phone.waitForRequest((body) => ![...asked].some((id) => body.includes(id)));
    asked.add(request.id);
    return request;
  };

  const first = await next();
  expect(first.message.body).toContain("never approved before");
  expect(shown().join("\n")).toContain('echo "hello $2"');
  await stage.phone.tap(first.message.sid, `approve:${first.id}`);

  const second = await next();
  const seen = shown().length;
  expect(second.message.body).toContain("hello.sh, as it was last approved");
  expect(shown().filter((body) => body.includes("echo"))).toHaveLength(1);
  tools.file("hello.sh", `${HELLO}echo swapped\n`, 0o755);
  await stage.phone.tap(second.message.sid, `approve:${second.id}`);

  const third = await next();
  expect(third.message.body).toContain("changed since it was last approved");
  expect(shown().slice(seen).join("\n")).toContain("echo swapped");
  await stage.phone.tap(third.message.sid, `approve:${third.id}`);

  expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [] });
  expect(stage.model.results()).toEqual([
    { isError: false, text: "hello Ann\n[hello ended with exit code 0]" },
    { isError: true, text: expect.stringMatching(/^Not run \(changed\): The script hello is no longer/) },
    { isError: false, text: "hello Ann\nswapped\n[hello ended with exit code 0]" },
  ]);
});

test("what the person denies does not run, and the model reads their words", async () => {
  const ran = join(temporaryFolder(), "ran");
  const tools = toolsFolder();
  tools.script("hello.sh", `#!/bin/sh\ntouch ${ran}\n`, HELLO_SETTINGS);
  const env = { TOOLS_DIR: tools.path };
  const stage = await setStage({ cli, script: () => [call], args: ["--allowedTools", TOOL], env });
  const run = stage.runClaude();
  const { id } = await stage.phone.waitForRequest();
  await stage.phone.type(`DENY ${id} not on a Friday`);
  await run;
  const [result] = stage.model.results();
  expect(result).toEqual({ isError: true, text: expect.stringContaining("not on a Friday") });
  expect(existsSync(ran)).toBe(false);
});

test("without a rule of Claude Code's that allows it, the phone is asked once: its permission step shows the script", async () => {
  const tools = toolsFolder();
  tools.script("hello.sh", HELLO, HELLO_SETTINGS);
  const stage = await setStage({ cli, script: () => [call, call], env: { TOOLS_DIR: tools.path } });
  const run = stage.runClaude();
  const first = await stage.phone.waitForRequest();
  expect(first.message.body).toContain("never approved before");
  await stage.phone.tap(first.message.sid, `approve:${first.id}`);
  const second = await stage.phone.waitForRequest((body) => body.includes("as it was last approved"));
  await stage.phone.tap(second.message.sid, `approve:${second.id}`);
  expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [] });
  const said = { isError: false, text: "hello Ann\n[hello ended with exit code 0]" };
  expect(stage.model.results()).toEqual([said, said]);
  expect(stage.phone.messages().filter(({ buttons }) => buttons.length > 0)).toHaveLength(2);
});

test("what is changed after the permission step was approved is asked about again, and shown whole", async () => {
  const tools = toolsFolder();
  tools.script("hello.sh", HELLO, HELLO_SETTINGS);
  const stage = await setStage({ cli, script: () => [call], env: { TOOLS_DIR: tools.path } });
  const run = stage.runClaude();
  const first = await stage.phone.waitForRequest();
  tools.file("hello.sh", `${HELLO}echo swapped\n`, 0o755);
  await stage.phone.tap(first.message.sid, `approve:${first.id}`);
  const { id } = await stage.phone.waitForRequest((body) => !body.includes(first.id));
  expect(
    stage.phone
      .messages()
      .map(({ body }) => body)
      .join("\n"),
  ).toContain("echo swapped");
  await stage.phone.type(`DENY ${id} not this one`);
  await run;
  expect(stage.model.results()).toEqual([{ isError: true, text: expect.stringContaining("not this one") }]);
});
