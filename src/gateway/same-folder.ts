// Whether two paths are one folder, whatever links or letters lead there.
import { statSync } from "node:fs";
import { resolve } from "node:path";

/** Never throws: of what cannot be looked at, the paths are compared. */
export function isSameFolder(one: string, other: string): boolean {
  if (resolve(one) === resolve(other)) return true;
  try {
    const [a, b] = [one, other].map((path) => statSync(path, { bigint: true }));
    return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
  } catch {
    return false;
  }
}
