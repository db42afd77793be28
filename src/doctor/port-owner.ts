// Which program listens on a port. On Linux the system's own tables tell, elsewhere lsof does; where neither does, nothing is
// said. Names programs only, never their arguments: these may hold secrets.
import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";
import { cutEnd, visibleLine } from "../domain/visible.ts";

/** How long lsof may take, ms. */
const LSOF_LIMIT_MS = 5_000;
const MAX_NAME_LENGTH = 40;
/** A state of a socket in /proc/net/tcp. */
const LISTENING = "0A";

interface PortOwnerSystem {
  readonly platform: NodeJS.Platform;
  readonly lsof: (args: readonly string[]) => Promise<string>;
}

const realSystem: PortOwnerSystem = {
  platform: process.platform,
  lsof: async (args) =>
    (await promisify(execFile)("lsof", [...args], { timeout: LSOF_LIMIT_MS, killSignal: "SIGKILL" })).stdout,
};

/** @returns `node, process 123`; undefined where it cannot be told. Never rejects. */
export async function portOwner(port: number, system = realSystem): Promise<string | undefined> {
  try {
    return system.platform === "linux" ? await ownerOnLinux(port) : await ownerByLsof(port, system.lsof);
  } catch {
    return undefined;
  }
}

/** @see https://www.kernel.org/doc/Documentation/networking/proc_net_tcp.txt */
async function ownerOnLinux(port: number): Promise<string | undefined> {
  const tables = ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => readFile(path, "utf8").catch(() => ""));
  const rows = (await Promise.all(tables)).flatMap((table) => table.split("\n").slice(1));
  const sockets = rows.flatMap((row) => {
    const [, local = "", , state, , , , uid = "", , inode = ""] = row.trim().split(/\s+/);
    return state === LISTENING && Number.parseInt(local.split(":")[1] ?? "", 16) === port
      ? [{ uid, link: `socket:[${inode}]` }]
      : [];
  });
  const [first] = sockets;
  if (first === undefined) return undefined;
  const links = new Set(sockets.map(({ link }) => link));
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    if (await hasOpen(pid, links)) {
      return described(await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "a program"), pid);
    }
  }
  return `a program of the user with the number ${first.uid}`;
}

async function hasOpen(pid: string, links: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  const targets = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => "")));
  return targets.some((target) => links.has(target));
}

async function ownerByLsof(port: number, lsof: PortOwnerSystem["lsof"]): Promise<string | undefined> {
  const fields = await lsof(["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"]);
  const [, pid] = /^p(\d+)$/m.exec(fields) ?? [];
  const [, name] = /^c(.+)$/m.exec(fields) ?? [];
  return pid === undefined ? undefined : described(name ?? "a program", pid);
}

/** Whoever runs a program chooses its name. */
function described(name: string, pid: string): string {
  const shown = visibleLine(name.trim());
  return `${shown.slice(0, cutEnd(shown, MAX_NAME_LENGTH))}, process ${pid}`;
}
