// Where a path leads once links are followed, also one whose last names do not exist yet.
import { lstatSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path/posix";

/** @param path absolute @returns undefined when that cannot be told: a link to nothing, a folder that may not be read */
export function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    if (!isMissing(error) || dirname(path) === path || isThere(path)) return undefined;
    const parent = realPath(dirname(path));
    return parent === undefined ? undefined : join(parent, basename(path));
  }
}

function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    // Anything but "missing" is a doubt.
    return !isMissing(error);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
