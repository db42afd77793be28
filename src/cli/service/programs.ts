// Runs the programs of the system that the service command needs: systemctl, journalctl, loginctl, launchctl, tail.
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CommandContext } from "../command.ts";

/** Nothing of theirs takes long, ms; a service manager that hangs must not hang this. */
const LIMIT_MS = 60_000;

export interface Ran {
  /** The exit code; undefined when the program is not there or was ended. */
  readonly code: number | undefined;
  readonly isMissing: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Programs {
  run(program: string, ...args: readonly string[]): Promise<Ran>;
  /** Runs it until it ends, and hands its output on as it comes; `stdout` is then empty where nothing came. */
  show(command: readonly [string, ...string[]]): Promise<Ran>;
}

type Context = Pick<CommandContext, "env" | "out" | "err">;

/** @param uid of the user, where there are any */
export function createPrograms({ env, out, err }: Context, uid: number | undefined): Programs {
  // Their messages are read: in one language. XDG_RUNTIME_DIR is missing after su; the folder is there all the same.
  const runtime = join("/run/user", String(uid));
  const reachable =
    env["XDG_RUNTIME_DIR"] || !existsSync(join(runtime, "bus")) ? {} : { XDG_RUNTIME_DIR: runtime };
  const options = { env: { ...env, ...reachable, LC_ALL: "C" }, encoding: "utf8" } as const;
  return {
    run: (program, ...args) =>
      new Promise((resolve) => {
        execFile(program, args, { ...options, timeout: LIMIT_MS }, (error, stdout, stderr) => {
          resolve({ ...ending(error === null ? 0 : error.code), stdout, stderr });
        });
      }),
    show: ([program, ...args]) =>
      new Promise((resolve) => {
        const child = spawn(program, args, { env: options.env, stdio: ["ignore", "pipe", "pipe"] });
        let shown = "";
        child.stdout.setEncoding("utf8").on("data", (text: string) => {
          shown ||= text.slice(0, 1);
          out(text);
        });
        child.stderr.setEncoding("utf8").on("data", err);
        child.once("error", (error: NodeJS.ErrnoException) =>
          resolve({ ...ending(error.code), stdout: "", stderr: error.message }),
        );
        child.once("close", (code) => resolve({ ...ending(code), stdout: shown, stderr: "" }));
      }),
  };
}

function ending(code: number | string | null | undefined): Pick<Ran, "code" | "isMissing"> {
  return { code: typeof code === "number" ? code : undefined, isMissing: code === "ENOENT" };
}
