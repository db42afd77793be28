// Runs other programs of this machine: claude, tailscale. Without a shell, for a limited time, never with a secret.
import { execFile } from "node:child_process";
import type { Variables } from "../../config/read-variables.ts";

export interface ProgramResult {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** @returns undefined when there is no such program, or it did not end in time */
export type RunProgram = (program: string, args: readonly string[]) => Promise<ProgramResult | undefined>;

const LIMIT_MS = 20_000;

export function createRunProgram(env: Variables, cwd: string): RunProgram {
  return (program, args) =>
    new Promise((resolve) => {
      const options = { env: { ...env }, cwd, timeout: LIMIT_MS, windowsHide: true };
      execFile(program, [...args], options, (error, stdout, stderr) => {
        const isAbsent =
          error !== null && (error.code === "ENOENT" || error.code === "EACCES" || error.killed);
        resolve(isAbsent ? undefined : { ok: error === null, stdout, stderr });
      });
    });
}
