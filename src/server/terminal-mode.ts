// The mode of the terminal: keys come one by one and are not shown, while Ctrl-C and Ctrl-Z stay the terminal's own. Set by stty and
// not by Node's raw mode, which would put the mode back at the end of the process even from the background, and the system stops
// a process that does that (measured: the server stayed behind, stopped, after `kill`).
import { spawnSync } from "node:child_process";
import { isInForeground } from "./foreground.ts";

/** How long stty may take, ms. */
const LIMIT_MS = 1_000;
const BY_KEY = ["-icanon", "-echo", "min", "1", "time", "0"];

export interface TerminalMode {
  byKey(): void;
  /** Does nothing in the background: there the shell has put the mode right already. */
  restore(): void;
}

/** Of the terminal at the standard input. @returns undefined where its mode cannot be read, or is not this process's to change */
export function terminalMode(): TerminalMode | undefined {
  if (!isInForeground()) return undefined;
  const saved = stty(["-g"]).trim();
  if (!/^[\w:=-]+$/.test(saved)) return undefined;
  return {
    byKey: () => void stty(BY_KEY),
    restore() {
      if (isInForeground()) stty([saved]);
    },
  };
}

function stty(words: readonly string[]): string {
  const { stdout } = spawnSync("stty", words, {
    stdio: ["inherit", "pipe", "ignore"],
    encoding: "utf8",
    timeout: LIMIT_MS,
    killSignal: "SIGKILL",
  });
  return stdout ?? "";
}
