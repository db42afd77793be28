// A terminal for the real CLI in an interactive session: tmux on a socket of its own, which ends with the test.
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, vi } from "vitest";
import { PATIENCE_MS } from "../helpers/patience.ts";

/** How to start Claude Code in it. */
export interface TerminalOptions {
  readonly cli: string;
  /** The scripted model's base URL. */
  readonly modelUrl: string;
  /** The project's folder, without symbolic links. */
  readonly folder: string;
  /** As in run-claude.ts; `.claude.json` in it is written here. */
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Default: `default`. */
  readonly permissionMode?: string;
  /** Further entries of `.claude.json`, e.g. MCP servers. */
  readonly settings?: object;
}

/** A running session. */
export interface Terminal {
  /** What is on the screen; with its colours as escape sequences where they are wanted. */
  screen(withColours?: boolean): Promise<string>;
  /** Resolves with the screen as soon as it matches. @throws Error with the screen when it does not in time. */
  waitFor(pattern: RegExp): Promise<string>;
  /** Presses a key by its tmux name, e.g. `Enter`, until `isDone`: a dialog ignores keys in its first moment. */
  press(key: string, isDone: () => boolean | Promise<boolean>): Promise<void>;
  /** Types texts and keys, by their tmux names. */
  type(...keys: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

const KEY = "sk-ant-test";
const POLL_MS = 100;
/** Longer than what a key sets in motion takes to show. */
const PRESS_AGAIN_MS = 3_000;
const SIZE = ["-x", "160", "-y", "60"];

const run = promisify(execFile);

/** Starts `claude` with the prompt "go". @throws Error when tmux is not installed. */
export async function openTerminal(options: TerminalOptions): Promise<Terminal> {
  await answerFirstQuestions(options);
  return openScreen({
    socket: join(options.home, "tmux"),
    folder: options.folder,
    command: command(options),
    size: SIZE,
  });
}

/** Any command in a terminal of its own. */
export interface ScreenOptions {
  /** Path of the tmux server's socket. */
  readonly socket: string;
  readonly folder: string;
  readonly command: readonly string[];
  /** `-x`, columns, `-y`, rows. */
  readonly size: readonly string[];
}

/** @throws Error when tmux is not installed. */
export async function openScreen({ socket, folder, command, size }: ScreenOptions): Promise<Terminal> {
  const tmux = async (...args: readonly string[]) => {
    const { stdout } = await run("tmux", ["-S", socket, "-u", "-f", "/dev/null", ...args], {
      env: { PATH: process.env["PATH"] ?? "", LANG: "C.UTF-8", TERM: "xterm-256color" },
    }).catch(explain);
    return stdout;
  };
  const where = ["-P", "-F", "#{session_id}", "-c", folder];
  const session = (await tmux("new-session", "-d", ...size, ...where, ...command)).trim();
  const screen = (withColours = false) =>
    tmux("capture-pane", "-p", ...(withColours ? ["-e"] : []), "-t", session);
  return {
    screen,
    waitFor: (pattern) =>
      vi.waitFor(
        async () => {
          const shown = await screen();
          if (!pattern.test(shown)) throw new Error(`The screen does not show ${pattern}:\n${shown}`);
          return shown;
        },
        { timeout: PATIENCE_MS, interval: POLL_MS },
      ),
    press: (key, isDone) =>
      vi.waitFor(
        async () => {
          if (await isDone()) return;
          await tmux("send-keys", "-t", session, key);
          await vi.waitFor(async () => expect(await isDone()).toBe(true), { timeout: PRESS_AGAIN_MS });
        },
        { timeout: PATIENCE_MS, interval: POLL_MS },
      ),
    type: async (...keys) => void (await tmux("send-keys", "-t", session, ...keys)),
    async close() {
      const pid = Number(await tmux("display-message", "-p", "-t", session, "#{pane_pid}").catch(() => "0"));
      await tmux("kill-session", "-t", session).catch(() => "");
      // It writes into its home until it has ended.
      if (pid > 0) await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: PATIENCE_MS });
    },
  };
}

/** The last session that ends takes its tmux server with it. */
function command({
  cli,
  modelUrl,
  folder,
  home,
  env,
  permissionMode = "default",
}: TerminalOptions): string[] {
  const variables = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    PWD: folder,
    LANG: "C.UTF-8",
    TERM: "xterm-256color",
    ANTHROPIC_BASE_URL: modelUrl,
    ANTHROPIC_API_KEY: KEY,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
    DISABLE_TELEMETRY: "1",
    IS_SANDBOX: "1",
    ...env,
  };
  const set = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return ["env", "-i", ...set, cli, "--permission-mode", permissionMode, "go"];
}

/** What a person has answered long ago: the tour, the key, the folder's trust. */
async function answerFirstQuestions({ folder, home, settings }: TerminalOptions): Promise<void> {
  const state = {
    hasCompletedOnboarding: true,
    customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] },
    projects: { [folder]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true } },
    ...settings,
  };
  await writeFile(join(home, ".claude.json"), JSON.stringify(state));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function explain(error: Error & { readonly code?: unknown }): never {
  if (error.code !== "ENOENT") throw error;
  throw new Error(
    "The end-to-end tests of interactive sessions need tmux: apt-get install tmux, brew install tmux.",
  );
}
