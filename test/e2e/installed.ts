// The package as its users have it: packed, installed by npm into an empty prefix, and started by its command with a home of its own.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../../src/server/system.ts";
import { freePorts } from "../helpers/server-process.ts";
import { INSTALL_TIMEOUT_MS } from "./npm-cache.ts";

const exec = promisify(execFile);
/** npm's own settings (registry, cache, headers) are those of who runs the tests; only where it installs is not. */
const OPTIONS = { timeout: INSTALL_TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 };

export interface Installed {
  /** The prefix, the home and the tarball are in it. */
  readonly folder: string;
  readonly tarball: string;
  /** Names of the files in the tarball, without their `package/`. */
  readonly files: readonly string[];
  /** Below `node_modules`. */
  readonly root: string;
  readonly command: string;
  remove(): Promise<void>;
}

/** Bundles and packs. @returns the tarball, in `folder` */
export async function pack(folder: string): Promise<string> {
  await exec("npm", ["pack", "--silent", "--pack-destination", folder], { ...OPTIONS, cwd: packageRoot() });
  const [name = ""] = (await readdir(folder)).filter((each) => each.endsWith(".tgz"));
  return join(folder, name);
}

export async function installPackage(): Promise<Installed> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "approval-package-")));
  const tarball = await pack(folder);
  const { stdout } = await exec("tar", ["-tzf", tarball]);
  const empty = join(folder, "empty");
  await mkdir(empty);
  const prefix = join(folder, "prefix");
  const flags = ["--global", "--omit=dev", "--no-audit", "--no-fund", "--prefix", prefix];
  const env = { ...process.env, [PREBUILT_SETTING]: await packDriver(folder) };
  await exec("npm", ["install", ...flags, tarball], { ...OPTIONS, cwd: empty, env });
  return {
    folder,
    tarball,
    files: stdout
      .trim()
      .split("\n")
      .map((file) => file.replace("package/", "")),
    root: join(prefix, "lib", "node_modules", "whatsapp-approval-server"),
    command: join(prefix, "bin", "approval-server"),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Where the driver's own install script looks for a prebuilt binary before it downloads or compiles one. In parts: no token. */
const PREBUILT_SETTING = ["npm_config", "better_sqlite3", "local_prebuilds"].join("_");

/**
 * What this clone has compiled, in the form in which the driver's makers publish theirs: its install script runs as at a user's, and
 * a machine that can download nothing does not compile for a minute what it has compiled already.
 * @returns the folder that it is in
 */
async function packDriver(folder: string): Promise<string> {
  const driver = dirname(createRequire(import.meta.url).resolve("better-sqlite3/package.json"));
  const { version } = JSON.parse(await readFile(join(driver, "package.json"), "utf8")) as { version: string };
  const { modules } = process.versions;
  const name = `better-sqlite3-v${version}-node-v${modules}-${process.platform}-${process.arch}.tar.gz`;
  const prebuilds = join(folder, "prebuilds");
  await mkdir(prebuilds);
  const binary = "build/Release/better_sqlite3.node";
  await exec("tar", ["-czf", join(prebuilds, name), "-C", driver, binary], OPTIONS);
  return prebuilds;
}

/** Bytes on the disk, as `du` counts them, but for what compiling has left beside the driver. */
export async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const counted = files.filter(
    (file) => !/better-sqlite3[\\/]build[\\/]/.test(file) || file.endsWith("/Release/better_sqlite3.node"),
  );
  const sizes = await Promise.all(counted.map(async (file) => (await stat(file)).blocks * 512));
  return sizes.reduce((sum, size) => sum + size, 0);
}

export interface StartedCommand {
  readonly env: Readonly<Record<string, string>>;
  readonly phoneUrl: string;
  /** What it has printed so far. */
  output(): string;
  stop(): Promise<number | null>;
}

/** `approval-server start`, in an empty folder with a fresh home. Resolves when it listens. */
export async function startInstalled({ folder, command }: Installed, home: string): Promise<StartedCommand> {
  const [server, webhook, simulator] = await freePorts(3);
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    SERVER_PORT: String(server),
    WEBHOOK_PORT: String(webhook),
    SIMULATOR_PORT: String(simulator),
  };
  const child = spawn(command, ["start"], {
    cwd: join(folder, "empty"),
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  const closed = once(child, "close").then(([code]) => code as number | null);
  await new Promise<void>((resolve, reject) => {
    const take = (text: string) => {
      printed += text;
      if (printed.includes("is listening")) resolve();
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    void closed.then(() => reject(new Error(`It ended:\n${printed}`)));
  });
  return {
    env,
    phoneUrl: `http://127.0.0.1:${simulator}`,
    output: () => printed,
    stop() {
      child.kill("SIGTERM");
      return closed;
    },
  };
}
