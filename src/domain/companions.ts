// What lies beside the database, by what follows its name there: the one list of it. Whatever writes another file there has its row here,
// and with it what is closed to others, kept from Claude and named to a person (test/unit/companions.test.ts).

/** Files; `-journal` is SQLite's in other modes than this server's. */
export const COMPANION = {
  log: "-wal",
  index: "-shm",
  journal: "-journal",
  lock: "-lock",
  parkedKey: "-parked-key",
  chat: "-phone.json",
} as const;

export const COMPANION_FOLDER = { runs: "-runs", scripts: "-scripts" } as const;

/** A folder of this name beside the database has what tasks have left. */
export const TASK_ARTIFACTS = "task-artifacts";

export const COMPANION_FILES: readonly string[] = Object.values(COMPANION);
export const COMPANION_FOLDERS: readonly string[] = Object.values(COMPANION_FOLDER);

const KEPT_LOG = /^-wal\.[\w-]+$/;

/** @param rest what follows the database's name, or another own file's: a log that was kept, or what editors make, counts too */
export function isCompanion(rest: string): boolean {
  return (
    COMPANION_FILES.includes(rest) ||
    COMPANION_FOLDERS.includes(rest) ||
    KEPT_LOG.test(rest) ||
    /^(~|\.bak|\.swp)$/.test(rest)
  );
}
