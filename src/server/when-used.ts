// Parts that are loaded when they are first used: an idle server keeps neither their code nor what that holds. The files on the
// disk may be others by then: an update, a build. Parts of two versions must never work together, least of all in what guards,
// so nothing is loaded any more after one: whoever needs it is refused, and told to restart. Who edits
// a file of an installed package is not noticed.
import { hash as digest } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "./system.ts";

/** Why a part is not there; its message is for whoever needs it. */
export class PartError extends Error {
  override readonly name = "PartError";
}

const CHANGED = "The files of the approval server have changed since it was started: restart it.";
const BROKEN = "A part of the approval server could not be loaded: restart it, or install it again.";

/** Of the program itself, taken once. */
let stampAtStart: string | undefined;

/** @param stamp stands for the program's files as they are now. @returns throws a PartError once they are no longer the same */
export function watchFiles(stamp: () => string = stampOfFiles): () => void {
  if (stamp === stampOfFiles) stampAtStart ??= stamp();
  const atStart = stamp === stampOfFiles ? stampAtStart : stamp();
  return () => {
    if (stamp() !== atStart) throw new PartError(CHANGED);
  };
}

/**
 * @param load the part's import
 * @returns gives the part. Rejects with a PartError where it cannot be had; each later call tries again.
 */
export function whenUsed<T>(load: () => Promise<T>, assertUnchanged = watchFiles()): () => Promise<T> {
  let part: Promise<T> | undefined;

  async function loadUnchanged(): Promise<T> {
    assertUnchanged();
    const loaded = await load().catch((error: unknown) => {
      assertUnchanged();
      throw new PartError(BROKEN, { cause: error });
    });
    // Some of its files may have been read before a change, some after it.
    assertUnchanged();
    return loaded;
  }

  return () => {
    part ??= loadUnchanged().catch((error: unknown) => {
      part = undefined;
      throw error;
    });
    return part;
  };
}

/** Of the program's code where it is built; of the build that it is of; and of npm's list of the installed packages. */
function stampOfFiles(): string {
  const root = packageRoot();
  const own = fileURLToPath(import.meta.url);
  const folders = [join(root, "dist", "src"), join(root, "dist", "bundle"), join(root, "bundle")];
  const code = folders.find((folder) => own.startsWith(folder));
  const files = [
    own,
    ...(own.startsWith(join(root, "dist")) ? [join(root, "dist", ".sources")] : []),
    join(root, "node_modules", ".package-lock.json"),
  ];
  return [...files.map(stampOf), ...(code === undefined ? [] : [stampOfCode(code)])].join(" ");
}

/** Changes with each file of code below a folder. */
export function stampOfCode(folder: string): string {
  const files = namesIn(folder).filter((name) => name.endsWith(".js"));
  const stamps = files.sort().map((name) => `${name}:${stampOf(join(folder, name))}`);
  return digest("sha256", stamps.join("\n"), "hex");
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
}

function stampOf(path: string): string {
  try {
    // The time of a file's last change can be set to what it was; that of its entry cannot.
    const { ino, size, mtimeMs, ctimeMs } = statSync(path);
    return `${ino}:${size}:${mtimeMs}:${ctimeMs}`;
  } catch {
    return "none";
  }
}
