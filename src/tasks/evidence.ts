// The files and folders that a verification is given: inside its scope by their real paths, what they are when it begins and when it
// ends, and which of them were opened.
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ClaudeEvent } from "./claude-events.ts";

/** A file above this is compared by its size and times alone, bytes. */
const MAX_HASHED = 64 * 1024 * 1024;

export interface Evidence {
  /** As the caller has named it. Foreign. */
  readonly named: string;
  /** Absolute, without symbolic links. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly stamp: string;
}

export const isWithin = (path: string, folder: string): boolean =>
  `${path}/`.startsWith(folder === "/" ? "/" : `${folder}/`);

/**
 * @param scope folders, absolute, without symbolic links
 * @returns the evidence, or what is wrong with a path: a sentence
 */
export async function lookAtEvidence(
  paths: readonly string[],
  scope: readonly string[],
): Promise<{ readonly evidence: readonly Evidence[]; readonly problems: readonly string[] }> {
  const [base = "/"] = scope;
  const evidence: Evidence[] = [];
  const problems: string[] = [];
  for (const named of paths) {
    try {
      const path = await realpath(isAbsolute(named) ? named : resolve(base, named));
      if (!scope.some((folder) => isWithin(path, folder))) problems.push(`${named} leads out of the scope.`);
      else evidence.push({ named, path, ...(await stampOf(path)) });
    } catch (error) {
      const { code = "unknown" } = error as NodeJS.ErrnoException;
      problems.push(`${named} cannot be read (${code}).`);
    }
  }
  return { evidence, problems };
}

/** What is not any longer what it was. */
export async function changedEvidence(evidence: readonly Evidence[]): Promise<string[]> {
  const now = await Promise.all(
    evidence.map(async ({ path, named, stamp }) => {
      const later = await realpath(path)
        .then((real) => (real === path ? stampOf(path) : undefined))
        .catch(() => undefined);
      return later?.stamp === stamp ? [] : [named];
    }),
  );
  return now.flat();
}

async function stampOf(path: string): Promise<{ isFolder: boolean; stamp: string }> {
  const stats = await stat(path);
  if (!stats.isDirectory() && !stats.isFile())
    throw Object.assign(new Error("no file"), { code: "no file or folder" });
  // Opened without waiting, and looked at again: a pipe that takes its place meanwhile would hold the server's threads.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return await stampOfOpen(file);
  } finally {
    await file.close();
  }
}

async function stampOfOpen(file: FileHandle): Promise<{ isFolder: boolean; stamp: string }> {
  const stats = await file.stat();
  const place = [stats.dev, stats.ino].join(":");
  // What happens inside a folder is not followed.
  if (stats.isDirectory()) return { isFolder: true, stamp: place };
  if (!stats.isFile()) throw Object.assign(new Error("no file"), { code: "no file or folder" });
  if (stats.size > MAX_HASHED)
    return { isFolder: false, stamp: [place, stats.size, stats.mtimeMs].join(":") };
  const hash = createHash("sha256");
  await pipeline(file.createReadStream({ autoClose: false }), hash);
  return { isFolder: false, stamp: [place, hash.digest("hex")].join(":") };
}

/** Watches which evidence Claude opens: what it was refused, or could not read, does not count. */
export function watchReading(folder: string): {
  event(event: ClaudeEvent): void;
  /** @returns what was not opened, as it was named */
  unread(evidence: readonly Evidence[]): Promise<string[]>;
} {
  const calls = new Map<string, string>();
  const opened: string[] = [];
  return {
    event(event) {
      if (event.kind === "tool" && ["Read", "Grep", "Glob"].includes(event.name)) {
        const path = event.input["file_path"] ?? event.input["path"] ?? folder;
        if (typeof path === "string") calls.set(event.id, resolve(folder, path));
      }
      const path = event.kind === "tool-result" && !event.isError ? calls.get(event.id) : undefined;
      if (path !== undefined) opened.push(path);
    },
    async unread(evidence) {
      const read = await Promise.all(opened.map((path) => realpath(path).catch(() => path)));
      return evidence
        .filter(
          ({ path, isFolder }) => !read.some((each) => (isFolder ? isWithin(each, path) : each === path)),
        )
        .map(({ named }) => named);
    },
  };
}
