// Ends a script with all that it has started: its process group, and on Linux also what has left the group, which is known by
// a mark in its environment.
import { readdirSync, readFileSync } from "node:fs";
import type { SendSignal } from "../core/ports/processes.ts";
import { signalGroup } from "../core/process-group.ts";

/** The variable whose value is another one for each run. */
export const RUN_MARK = "APPROVAL_SCRIPT_RUN";

/** What is started while this looks is found by the next look. */
const MAX_LOOKS = 5;

/** Kills the group, and whatever carries the mark. Never throws. */
export function killTree(leader: number, mark: string, send: SendSignal): void {
  signalGroup(leader, "SIGKILL", send);
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    const left = markedProcesses(mark);
    if (left.length === 0) return;
    for (const pid of left) {
      try {
        send(pid, "SIGKILL");
      } catch {
        // It has ended meanwhile.
      }
    }
  }
}

/** Ids of processes with this mark that still run; none where the system has no /proc. */
function markedProcesses(mark: string): readonly number[] {
  return listOf("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => environmentOf(pid).includes(`${RUN_MARK}=${mark}`));
}

function listOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Of somebody else's process, or one that is gone, none. */
function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return [];
  }
}
