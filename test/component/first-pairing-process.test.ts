// The built server, started as people do: in a terminal it shows the code there; with its output elsewhere it makes none.
import { expect, it, onTestFinished } from "vitest";
import { BOT_TOKEN, codesIn } from "../helpers/paired-stage.ts";
import { startServer } from "../helpers/server-process.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

/** Nothing listens there: no message leaves this machine. */
const env = { TELEGRAM_BOT_TOKEN: BOT_TOKEN, TELEGRAM_BASE_URL: "http://127.0.0.1:9" };

it("shows no code where its output is no terminal, and says how to pair", async () => {
  const server = await startServer({ dir: temporaryFolder(), env });
  onTestFinished(() => void server.kill());
  await expect.poll(server.output).toContain("nobody may approve yet: start the server in a terminal");
  expect(codesIn(server.output())).toEqual([]);
});

// BSD's script takes a command otherwise.
it.skipIf(process.platform !== "linux")("shows a code in a terminal", async () => {
  const through = (line: string) => ["script", "-qfec", line, "/dev/null"];
  const server = await startServer({ dir: temporaryFolder(), env, through });
  onTestFinished(() => void server.kill());
  await expect.poll(() => codesIn(server.output())).toHaveLength(1);
});
