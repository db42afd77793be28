// Who besides its owner may come by the settings file: other users of the machine, and whoever gets the git repository.
import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { Variables } from "./read-variables.ts";

/** How long git may take, ms; a folder on a network can hang. */
const GIT_LIMIT_MS = 2_000;
/** What the group and everybody else may do. */
const NOT_THE_OWNER = 0o077;
/** Nothing that a repository's own settings name is run. */
const HARMLESS = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];

export interface EnvFileAccess {
  /** The permission bits, where others than the owner may read or write the file; absent where nobody may, and on Windows. */
  readonly openMode?: number | undefined;
  /** Whether git would take the file along; `none` outside of a work tree, `unknown` where git does not say. */
  readonly git: "none" | "ignored" | "not-ignored" | "tracked" | "unknown";
}

/**
 * @param env the process's environment, for git
 * @returns undefined where there is no such file
 * @throws the file system's error when it cannot be looked at
 */
export async function envFileAccess(
  path: string,
  env: Variables,
  platform: NodeJS.Platform = process.platform,
): Promise<EnvFileAccess | undefined> {
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
  if (stats === undefined) return undefined;
  const isOpen = platform !== "win32" && (stats.mode & NOT_THE_OWNER) !== 0;
  return { ...(isOpen ? { openMode: stats.mode & 0o777 } : {}), git: await gitState(path, env) };
}

/** The command that closes the file to others, as it is typed. */
export function closeFileCommand(path: string): string {
  return `chmod 600 ${/^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`}`;
}

async function gitState(path: string, env: Variables): Promise<EnvFileAccess["git"]> {
  // A name could begin with a colon, which git would take for magic.
  const name = `./${basename(path)}`;
  const folder = dirname(path);
  const ignored = await git(folder, env, ["check-ignore", "--quiet", "--", name]);
  if (ignored.code === 0) return "ignored";
  if (ignored.code !== 1) return /not a git repository/i.test(ignored.said) ? "none" : "unknown";
  // A file that was committed is not ignored, whatever the rules say.
  const tracked = await git(folder, env, ["ls-files", "--error-unmatch", "--", name]);
  return tracked.code === 0 ? "tracked" : "not-ignored";
}

/** @returns the exit code; undefined where git could not be run, or took too long */
function git(
  folder: string,
  env: Variables,
  words: readonly string[],
): Promise<{ code: number | undefined; said: string }> {
  const limits = {
    cwd: folder,
    env: gitEnvironment(env),
    timeout: GIT_LIMIT_MS,
    killSignal: "SIGKILL",
    windowsHide: true,
  } as const;
  return new Promise((resolve) => {
    execFile("git", [...HARMLESS, ...words], limits, (error, _out, said) => {
      const code = error === null ? 0 : error.code;
      resolve({ code: typeof code === "number" ? code : undefined, said });
    });
  });
}

/** A hook's variables must not point to another repository. */
function gitEnvironment(env: Variables): Record<string, string | undefined> {
  const others = Object.entries(env).filter(([name]) => !name.startsWith("GIT_"));
  return { ...Object.fromEntries(others), LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" };
}
