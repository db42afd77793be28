// Other processes of this machine, by way of this one: an effect that the root hands in.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import type { Processes } from "../core/ports/processes.ts";
import { COMPANION_FOLDER } from "../domain/companions.ts";
import { killMarked } from "../script-tools/process-tree.ts";
import { createRunLedger } from "./run-ledger.ts";

/** `ps` answers at once, ms. */
const PS_MS = 2_000;

/** Where it is noted what runs: beside the database, for whoever has that next. */
export function runsFolder({ databasePath }: { readonly databasePath: string }): string {
  return resolve(databasePath) + COMPANION_FOLDER.runs;
}

/** @param own this process @param runsFolder where it is noted what runs; without one, nothing is */
export function createProcesses(own: Pick<NodeJS.Process, "env" | "kill">, runsFolder?: string): Processes {
  const kill = (entry: string) => killMarked(entry, (pid, signal) => void own.kill(pid, signal));
  const ledger =
    runsFolder === undefined
      ? { noteRun: () => () => {}, endLeftOver: () => 0 }
      : createRunLedger({ folder: runsFolder, killMarked: kill, environment: own.env });
  return {
    ...ledger,
    get environment() {
      return { ...own.env };
    },
    isRunning(pid) {
      try {
        return own.kill(pid, 0);
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
      }
    },
    send: (pid, signal) => void own.kill(pid, signal),
    killMarked: kill,
    wordsOf: async (pid) => (await wordsInProc(pid)) ?? (await wordsByPs(pid)),
  };
}

async function wordsInProc(pid: number): Promise<readonly string[] | undefined> {
  const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return text === "" ? undefined : text.split("\0");
}

/** Where only a line of them can be had, split at its blanks. */
async function wordsByPs(pid: number): Promise<readonly string[] | undefined> {
  try {
    const asked = ["-ww", "-o", "args=", "-p", String(pid)];
    const { stdout } = await promisify(execFile)("ps", asked, { timeout: PS_MS });
    return stdout.trim() === "" ? undefined : stdout.trim().split(/\s+/);
  } catch {
    return undefined;
  }
}
