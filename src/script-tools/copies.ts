// The copies of scripts that were run.
import { rmSync } from "node:fs";

/** Takes away copies, also those that a crash has left. Never throws: none of them is ever run again. */
export function removeCopies(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Somebody else's. Then nothing is run from there either.
  }
}
