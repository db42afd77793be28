// Why a database cannot be used, in words, and what to do about it: one row for each error that was seen or is documented.

/** What an operator reads about an error of the file system or of SQLite. */
export interface OpenProblem {
  readonly what: string;
  readonly advice: string;
}

const ANOTHER = "or set APPROVAL_DB to a file in a folder that this user can write";
const RESTORE =
  "Move it away with its -wal and -shm, and put a backup in its place or let the server begin a new one";

/** By the code of the error; SQLite's extended codes begin with the plain one. */
const PROBLEMS: Readonly<Record<string, readonly [what: string, advice: string]>> = {
  EACCES: ["this user may not read and write it", `Give this user the right to (chmod, chown), ${ANOTHER}.`],
  EPERM: [
    "the system does not permit it",
    `Look at the file's owner and its attributes (lsattr, chflags), ${ANOTHER}.`,
  ],
  EROFS: ["its file system may only be read", `Mount it for writing, ${ANOTHER}.`],
  ENOSPC: ["the disk is full", "Free some space, then start again."],
  EDQUOT: ["this user's disk quota is used up", "Free some space, then start again."],
  ENOENT: ["it leads to a folder that does not exist", `Make that folder, ${ANOTHER}.`],
  ENOTDIR: ["a part of its path is a file, not a folder", "Correct APPROVAL_DB."],
  EEXIST: ["a part of its path is a file, not a folder", "Correct APPROVAL_DB."],
  EISDIR: ["it is a folder", "Set APPROVAL_DB to a file in it, such as approvals.db."],
  ELOOP: ["its symbolic links lead in a circle", "Correct the links or APPROVAL_DB."],
  ENAMETOOLONG: ["its name is too long", "Choose a shorter APPROVAL_DB."],
  EMFILE: ["this process has too many files open", "Raise the limit (ulimit -n), then start again."],
  EIO: ["the disk reports an error", "Look at the disk: the system's log says more."],
  ENOTFILE: ["it is no regular file", "Set APPROVAL_DB to a regular file."],
  SQLITE_NOTADB: [
    "it is not a database of this server",
    "Set APPROVAL_DB to another file; this one is left as it is.",
  ],
  SQLITE_CORRUPT: ["it is damaged", `${RESTORE}.`],
  SQLITE_BUSY: [
    "another program has locked it",
    "Close what has it open (sqlite3, a database browser, a backup), then start again.",
  ],
  SQLITE_LOCKED: ["another program has locked it", "Close what has it open, then start again."],
  SQLITE_FULL: ["the disk is full", "Free some space, then start again."],
  SQLITE_READONLY: [
    "it may only be read",
    `Give this user the right to write it and its folder, ${ANOTHER}.`,
  ],
  SQLITE_CANTOPEN: [
    "the files that SQLite keeps beside it (-wal, -shm) cannot be made",
    `Let this user write its folder, ${ANOTHER}.`,
  ],
  SQLITE_IOERR: [
    "the disk reports an error",
    "Look at the disk: the system's log says more. Network folders do not work.",
  ],
  SQLITE_PROTOCOL: ["its locks do not work", "Move it to a local disk: network folders do not work."],
  SQLITE_PERM: ["this user may not read and write it", `Give this user the right to, ${ANOTHER}.`],
  SQLITE_ERROR: [
    "it is a database of something else, or damaged",
    `${RESTORE}, or set APPROVAL_DB to another file.`,
  ],
};

/** @returns the plain words; of an error that is not known its own message */
export function openProblem(error: unknown): OpenProblem {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const row = PROBLEMS[code] ?? PROBLEMS[code.split("_").slice(0, 2).join("_")];
  if (row === undefined)
    return { what: `cannot be opened (${message})`, advice: `Look at the file, ${ANOTHER}.` };
  const [what, advice] = row;
  return { what: `cannot be opened (${message}): ${what}`, advice };
}

/** What the code of an error of the file system means, without advice about the server's own database. */
export function plainProblem(error: unknown): string | undefined {
  const code = codeOf(error);
  return code.startsWith("SQLITE_") ? undefined : PROBLEMS[code]?.[0];
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
