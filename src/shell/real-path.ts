// Where a path leads once links are followed, also one whose last names do not exist yet.
import { lstatSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path/posix";

/** @param path absolute @returns undefined when that cannot be told: a link to nothing, a folder that may not be read */
export function realPath(path: string): string | undefined {
  const missing: string[] = [];
  let there = resolve(path);
  try {
    // Errors are slow to make, and a command may name thousands of files that do not exist.
    while (lstatSync(there, { throwIfNoEntry: false }) === undefined) {
      if (dirname(there) === there) return undefined;
      missing.push(basename(there));
      there = dirname(there);
    }
    if (missing.length > 0 && !statSync(there).isDirectory()) return undefined;
    return join(realpathSync(there), ...missing.reverse());
  } catch {
    return undefined;
  }
}
