// The built server as a service manager runs it: what it prints, and the exit code that decides whether it is started again.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { LAUNCHD_LABEL } from "../../src/cli/service/launchd-label.ts";
import { cleanEnvironment } from "../helpers/command-line.ts";
import { startServer } from "../helpers/server-process.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const MAIN = fileURLToPath(new URL("../../dist/src/main.js", import.meta.url));

it("LOG_FORMAT=json makes a line of JSON of everything, from the first to the last", async () => {
  const server = await startServer({ dir: temporaryFolder(), env: { LOG_FORMAT: "json" } });
  expect(await server.stop()).toBe(0);
  const lines = server.output().trimEnd().split("\n");
  const read = lines.map((line) => JSON.parse(line) as { msg: string });
  expect(read[0]).toMatchObject({ msg: "listening", localUrl: server.url });
  expect(read.at(-1)?.msg).toMatch(/^stopping/);
});

it("LOG_FORMAT=pretty writes readable lines without colours into a pipe", async () => {
  const server = await startServer({ dir: temporaryFolder(), env: { LOG_FORMAT: "pretty" } });
  await server.stop();
  expect(server.output()).toContain("INFO: stopping: what waits is denied");
  expect(server.output()).not.toContain("\u001b");
});

it.each([
  ["2, and is not started again", {}, 2],
  ["0 under launchd, which starts anything else again for ever", { XPC_SERVICE_NAME: LAUNCHD_LABEL }, 0],
  ["2 in a terminal of macOS", { XPC_SERVICE_NAME: "application.com.apple.Terminal" }, 2],
])("wrong settings end it with %s", (_, more, code) => {
  const env = cleanEnvironment({ LOG_LEVEL: "loud", ...more });
  const { status, stderr } = spawnSync(process.execPath, [MAIN], {
    env,
    cwd: temporaryFolder(),
    encoding: "utf8",
  });
  expect(stderr).toContain("LOG_LEVEL");
  expect(status).toBe(code);
});
