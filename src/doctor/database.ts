// Whether the database can be written by the server and read by nobody else. Never creates it, and leaves its mode alone.
import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { ConfigError } from "../domain/errors.ts";
import { type Check, type CheckResult, failure, ok, warning } from "./check.ts";

export interface DatabaseDeps {
  readonly path: string;
  /** Looks whether the server could use the existing file. @throws ConfigError */
  readonly examine: () => void;
  /** Makes it, and what SQLite keeps beside it, its owner's alone. @returns what was done, a line each */
  readonly makePrivate: () => Promise<readonly string[]>;
  /** The data folder of the server itself; it is made private by --fix, any other folder is its owner's business. */
  readonly dataFolder: string;
  /** Logs that were kept when the file was changed under the server. */
  readonly keptLogs: () => readonly string[];
  /** Whether modes mean anything here; not on Windows. */
  readonly hasModes: boolean;
  /** Bytes that may still be written in a folder. Default: asked of the file system. */
  readonly freeBytes?: ((folder: string) => Promise<number>) | undefined;
}

const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;
/** Of a folder such as /tmp: only a file's owner may remove it. */
const STICKY = 0o1000;
const MIB = 1024 * 1024;
/** Below the first a request can hardly be written; below the second it is time to look. */
const FULL_BYTES = MIB;
const LOW_BYTES = 50 * MIB;

export function databaseCheck(deps: DatabaseDeps): Check {
  const { path, examine, hasModes, keptLogs, freeBytes = freeBytesOf } = deps;
  return {
    description: "database",
    async run() {
      const before = await stat(path).catch((error: NodeJS.ErrnoException) => error);
      if ("code" in before && before.code === "ENOENT") return futureFile(path, freeBytes);
      try {
        // What cannot even be looked at cannot be opened either, and that error has its own words.
        examine();
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return failure(
          error.problems.join("\n"),
          "Until then the server does not start, or records nothing.",
        );
      }
      const space = await spaceProblem(dirname(path), freeBytes);
      if (space !== undefined) return space;
      const open = hasModes ? await openText(deps) : undefined;
      if (open !== undefined) {
        return warning(
          open,
          "The file holds commands and their outcomes: close it to others (chmod 600, its folder 700).",
          deps.makePrivate,
        );
      }
      const [kept, ...more] = keptLogs();
      if (kept !== undefined) {
        const others = more.length === 0 ? "" : ` and ${more.length} more`;
        return warning(
          `${kept}${others}: a log that was kept when something changed the database under the server`,
          "It may have rows that are nowhere else: docs/troubleshooting.md says how to get them back. Remove it when you need it no more.",
        );
      }
      return ok(`${path}: writable, undamaged${hasModes ? ", private" : ""}`);
    },
  };
}

/** What others than the owner may do; undefined where that is nothing. */
async function openText({ path, dataFolder }: DatabaseDeps): Promise<string | undefined> {
  const { mode } = await stat(path);
  if ((mode & OTHERS) !== 0) return `${path}: others on this machine may read it`;
  const folder = dirname(path);
  const ofFolder = (await stat(folder)).mode;
  const isReplaceable = (ofFolder & OTHERS_WRITE) !== 0 && (ofFolder & STICKY) === 0;
  return folder === dataFolder && isReplaceable
    ? `${folder}: others on this machine may put another database there`
    : undefined;
}

async function futureFile(
  path: string,
  freeBytes: (folder: string) => Promise<number>,
): Promise<CheckResult> {
  let folder = dirname(path);
  while (!(await exists(folder)) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    await access(folder, constants.W_OK);
  } catch {
    return failure(
      `${path} cannot be made: ${folder} is not writable`,
      "Set APPROVAL_DB to a file in a folder that this user can write.",
    );
  }
  const isFolder = await stat(folder).then((stats) => stats.isDirectory());
  if (!isFolder) {
    return failure(`${path} cannot be made: ${folder} is a file, not a folder`, "Correct APPROVAL_DB.");
  }
  return (await spaceProblem(folder, freeBytes)) ?? ok(`${path}: made at the first start`);
}

async function spaceProblem(
  folder: string,
  freeBytes: (folder: string) => Promise<number>,
): Promise<CheckResult | undefined> {
  const free = await freeBytes(folder).catch(() => Number.POSITIVE_INFINITY);
  const advice = "Free some space: what cannot be recorded is not approved.";
  if (free < FULL_BYTES) return failure(`${folder}: the disk is full`, advice);
  return free < LOW_BYTES
    ? warning(`${folder}: only ${Math.floor(free / MIB)} MB are left on the disk`, advice)
    : undefined;
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
