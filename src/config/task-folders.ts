// `TASK_DIRS`: the folders that this server may start Claude in. Read with the rest of the settings; on the disk they are looked
// at when the server starts, and again each time Claude is started in one.
import { realpathSync, statSync } from "node:fs";
import { basename, isAbsolute, normalize } from "node:path/posix";
import { z } from "zod";
import { ConfigError } from "../domain/errors.ts";
import type { TaskFolder } from "../domain/task-folder.ts";

/** What a person can type on a phone and a message can show as it is. */
const NAME = /^[\p{L}\p{N}._-][\p{L}\p{N}._ -]{0,59}$/u;
/** Others may write to it. */
const WORLD_WRITABLE = 0o002;

/** `/abs/a,/abs/b`, each once, without a slash at the end. */
export const taskDirList = z
  .string()
  .transform((text) => text.split(",").map((entry) => entry.trim()))
  .pipe(
    z.array(
      z
        .string()
        .refine(isAbsolute, "must be absolute folders, separated by commas, e.g. /code/web-shop")
        .transform((path) => normalize(path).replace(/(?<=.)\/+$/, "")),
    ),
  )
  .transform((paths) => [...new Set(paths)]);

export interface TaskFolderPlaces {
  /** Home folders of people, absolute. */
  readonly homes: readonly string[];
  /** The server's own files and folders, absolute. */
  readonly own: readonly string[];
  /** The server's own program: nothing in it counts either. */
  readonly program: string;
}

/**
 * Looks at the folders as they are on the disk.
 * @param dirs absolute
 * @throws ConfigError with every problem
 */
export function openTaskFolders(dirs: readonly string[], places: TaskFolderPlaces): readonly TaskFolder[] {
  const found = dirs.map((dir) => ({ dir, ...look(dir, places) }));
  const folders = found.flatMap(({ folder }) => folder ?? []);
  const problems = found.flatMap(({ dir, problem }) => (problem === undefined ? [] : [`${dir} ${problem}`]));
  const names = new Map<string, TaskFolder>();
  for (const folder of folders) {
    const key = folder.name.toLowerCase();
    const other = names.get(key);
    if (other?.path === folder.path) problems.push(`${folder.path} is named twice`);
    else if (other !== undefined)
      problems.push(`${other.path} and ${folder.path} have the same name: rename one, or leave one out`);
    names.set(key, folder);
  }
  if (problems.length > 0) throw new ConfigError(problems.map((problem) => `TASK_DIRS: ${problem}`));
  return folders;
}

/** Whether it is still the folder that was looked at: another one, or a link to one, may have taken its place. */
export function isStillTaskFolder({ path }: TaskFolder): boolean {
  try {
    const { mode } = statSync(path);
    return realpathSync(path) === path && (mode & WORLD_WRITABLE) === 0;
  } catch {
    return false;
  }
}

function look(dir: string, places: TaskFolderPlaces): { folder?: TaskFolder; problem?: string } {
  try {
    const path = realpathSync(dir);
    const stats = statSync(path);
    if (!stats.isDirectory()) return { problem: "is no folder" };
    const problem = placeProblem(path, places);
    if (problem !== undefined) return { problem };
    if ((stats.mode & WORLD_WRITABLE) !== 0)
      return { problem: "can be written by every user of this machine" };
    const name = basename(path);
    return NAME.test(name)
      ? { folder: { name, path } }
      : { problem: "has a name with other characters than letters, digits, spaces and . _ -" };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { problem: code === "ENOENT" ? "does not exist" : `cannot be looked at (${code})` };
  }
}

function placeProblem(path: string, { homes, own, program }: TaskFolderPlaces): string | undefined {
  if (path === "/") return "is the whole machine: name a project's folder";
  if (homes.some((home) => isIn(real(home), path)))
    return "is a home folder, or has one in it: name a project's folder";
  if (own.some((place) => isIn(real(place), path)) || isIn(path, real(program)))
    return "has the approval server's own files in it: Claude could change them there";
  return undefined;
}

const isIn = (path: string, folder: string) => `${path}/`.startsWith(folder === "/" ? "/" : `${folder}/`);

/** What is not there yet stays as it is. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
