// Whether the database can be written by the server and read by nobody else. Never creates it.
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { ConfigError } from "../domain/errors.ts";
import { type Check, type CheckResult, failure, ok, warning } from "./check.ts";

export interface DatabaseDeps {
  readonly path: string;
  /** Opens the existing file as the server does, makes it private, and closes it again. @throws ConfigError */
  readonly open: () => Promise<void>;
  /** Whether modes mean anything here; not on Windows. */
  readonly hasModes: boolean;
}

const OTHERS = 0o077;

export function databaseCheck({ path, open, hasModes }: DatabaseDeps): Check {
  return {
    description: "database",
    async run() {
      const before = await stat(path).catch((error: NodeJS.ErrnoException) => error);
      if ("code" in before && before.code === "ENOENT") return futureFile(path);
      try {
        // What cannot even be looked at cannot be opened either, and that error has its own words.
        await open();
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return failure(
          error.problems.join("\n"),
          "Until then the server does not start, or records nothing.",
        );
      }
      if (hasModes && "mode" in before && (before.mode & OTHERS) !== 0) {
        return warning(
          `${path}: others on this machine could read it; it is private now`,
          "What was asked so far may have been read: the file holds commands and their outcomes.",
        );
      }
      return ok(`${path}: writable${hasModes ? ", private" : ""}`);
    },
  };
}

async function futureFile(path: string): Promise<CheckResult> {
  let folder = dirname(path);
  while (!(await exists(folder)) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    await access(folder, constants.W_OK);
    return ok(`${path}: made at the first start`);
  } catch {
    return failure(
      `${path} cannot be made: ${folder} is not writable`,
      "Set APPROVAL_DB to a file in a folder that this user can write.",
    );
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
