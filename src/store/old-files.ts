// Files beside the database that a purge takes, too: logs that were kept when a file was changed under the server, and what tasks have
// left that are no longer in the record.
import { existsSync, lstatSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type Database from "better-sqlite3";
import { TASK_ARTIFACTS } from "../domain/companions.ts";
import { keptLogs } from "./kept-log.ts";
import { keep } from "./open-database.ts";

type FileCounts = Readonly<Record<string, number>>;

interface OldFile {
  readonly kind: "kept logs" | "folders of artifacts";
  readonly path: string;
}

/** After the rows. Never throws: what cannot be removed now is found again by the next purge. @returns how many went, by kind */
export function removeOldFiles(db: Database.Database, before: number): FileCounts {
  const gone = oldFiles(db, before).filter(({ path }) => {
    try {
      rmSync(path, { recursive: true, force: true });
      return true;
    } catch {
      return false;
    }
  });
  return counted(gone);
}

/** What `removeOldFiles` would find now: rows that a purge would take first still hold theirs. */
export function countOldFiles(db: Database.Database, before: number): FileCounts {
  return counted(oldFiles(db, before));
}

function oldFiles(db: Database.Database, before: number): readonly OldFile[] {
  const logs = keptLogs(db.name).filter(({ at }) => at < before);
  const task = keep(db.prepare<[string], number>("SELECT 1 FROM tasks WHERE id = ?").pluck());
  const folders = foldersIn(join(dirname(db.name), TASK_ARTIFACTS)).filter(
    ({ name, changedAt }) => changedAt < before && task.get(name) === undefined,
  );
  return [
    ...logs.map(({ path }) => ({ kind: "kept logs" as const, path })),
    ...folders.map(({ path }) => ({ kind: "folders of artifacts" as const, path })),
  ];
}

function foldersIn(folder: string) {
  try {
    if (!existsSync(folder)) return [];
    return readdirSync(folder).map((name) => {
      const path = join(folder, name);
      return { name, path, changedAt: lstatSync(path).mtimeMs };
    });
  } catch {
    return [];
  }
}

function counted(files: readonly OldFile[]): FileCounts {
  const counts: Record<string, number> = {};
  for (const { kind } of files) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
