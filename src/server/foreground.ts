// Whether the terminal is this process's to read: one in the background is stopped by the system when it reads it or changes its mode.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const PS_LIMIT_MS = 1_000;

/** In doubt false: the server runs without its keys, and is never stopped by them. */
export function isInForeground(platform: NodeJS.Platform = process.platform): boolean {
  try {
    const [group, foreground] = platform === "linux" ? groupsOfLinux() : groupsOfPs();
    return group !== undefined && group > 0 && group === foreground;
  } catch {
    return false;
  }
}

/** The process's group, and the one in the foreground of its terminal: fields 5 and 8. The second may hold anything but ")". */
function groupsOfLinux(): (number | undefined)[] {
  const stat = readFileSync("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return [fields[2], fields[5]].map(Number);
}

function groupsOfPs(): (number | undefined)[] {
  const args = ["-o", "pgid=", "-o", "tpgid=", "-p", String(process.pid)];
  const said = execFileSync("ps", args, {
    encoding: "utf8",
    timeout: PS_LIMIT_MS,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return said.trim().split(/\s+/).map(Number);
}
