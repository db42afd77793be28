// Interactive sessions on a stage: the hooks put in as a user puts them in, and Claude Code in a terminal.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { onTestFailed, onTestFinished } from "vitest";
import type { Stage } from "./stage.ts";
import { openTerminal, type Terminal, type TerminalOptions } from "./terminal.ts";

const HOOKS = fileURLToPath(new URL("../../dist/scripts/hooks.js", import.meta.url));

/** Runs what `npm run hooks -- install` runs, for the stage's person and server. */
export async function installHooks({ home, server }: Stage, env: Readonly<Record<string, string>> = {}) {
  await promisify(execFile)(process.execPath, [HOOKS, "install"], {
    cwd: home,
    env: { PATH: process.env["PATH"] ?? "", HOME: home, SERVER_PORT: new URL(server.url).port, ...env },
  });
}

/** Starts a session in the stage's project; it ends with the test. */
export async function startSession(
  { home, folder, model }: Stage,
  cli: string,
  options: Pick<TerminalOptions, "env" | "permissionMode" | "settings"> = {},
): Promise<Terminal> {
  const terminal = await openTerminal({ cli, home, folder, modelUrl: model.url, ...options });
  onTestFinished(() => terminal.close());
  onTestFailed(
    async () => void process.stderr.write(`The screen:\n${await terminal.screen().catch(String)}\n`),
  );
  return terminal;
}
