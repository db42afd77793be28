// A folder that this server may start Claude in, as TASK_DIRS names it. A project's own settings run when Claude starts there:
// no other folder counts, not one below it either.
export interface TaskFolder {
  /** The last part of its path: what a person types and reads. No two have the same. */
  readonly name: string;
  /** Absolute, without symbolic links. */
  readonly path: string;
}

/** @param path absolute, without symbolic links @returns undefined where it is none of them */
export function taskFolderAt(
  folders: readonly TaskFolder[],
  path: string | undefined,
): TaskFolder | undefined {
  return folders.find((folder) => folder.path === path);
}
