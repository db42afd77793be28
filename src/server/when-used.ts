// Parts that are loaded when they are first used: an idle server keeps neither their code nor what that holds. The files on the
// disk may be others by then: an update, a build. Parts of two versions must never work together, least of all in what guards,
// so nothing is loaded any more once the files have changed: whoever needs it is refused, and told to restart.
import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "./system.ts";

/** Why a part is not there; its message is for whoever needs it. */
export class PartError extends Error {
  override readonly name = "PartError";
}

const CHANGED = "The files of the approval server have changed since it was started: restart it.";
const BROKEN = "A part of the approval server could not be loaded: restart it, or install it again.";

/**
 * @param load the part's import
 * @param stamp stands for the program's files as they are now
 * @returns gives the part. Rejects with a PartError where it cannot be had; each later call tries again.
 */
export function whenUsed<T>(load: () => Promise<T>, stamp: () => string = stampOfFiles): () => Promise<T> {
  const atStart = stamp();
  let part: Promise<T> | undefined;

  async function loadUnchanged(): Promise<T> {
    if (stamp() !== atStart) throw new PartError(CHANGED);
    try {
      const loaded = await load();
      // Some of its files may have been read before the change, some after it.
      if (stamp() === atStart) return loaded;
    } catch (error) {
      throw new PartError(stamp() === atStart ? BROKEN : CHANGED, { cause: error });
    }
    throw new PartError(CHANGED);
  }

  return () => {
    part ??= loadUnchanged().catch((error: unknown) => {
      part = undefined;
      throw error;
    });
    return part;
  };
}

/** Of this file, which each package and each bundle has anew; of what was built; and of the packages that were installed. */
function stampOfFiles(): string {
  const root = packageRoot();
  const files = [
    fileURLToPath(import.meta.url),
    join(root, "dist", ".sources"),
    join(root, "node_modules", ".package-lock.json"),
  ];
  return files.map(stampOf).join(" ");
}

function stampOf(path: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(path);
    return `${ino}:${size}:${mtimeMs}`;
  } catch {
    return "none";
  }
}
