// Where a task may work and what a verification may read: folders of TASK_DIRS, named by their real paths, so that what the phone
// shows is what is meant.
import { realpath } from "node:fs/promises";
import { isAbsolute } from "node:path";
import type { TaskProblem } from "../core/ports/task-store.ts";
import { type TaskFolder, taskFolderAt } from "../domain/task-folder.ts";
import { type Evidence, isWithin, lookAtEvidence } from "./evidence.ts";

const notAllowed = (message: string): { problem: TaskProblem } => ({
  problem: { code: "not_allowed", message },
});

/** @returns the folder of TASK_DIRS that a path names, or why it names none */
export async function workingFolder(
  folders: readonly TaskFolder[],
  path: string,
): Promise<{ readonly folder: TaskFolder } | { readonly problem: TaskProblem }> {
  const found = await realOf(path);
  if ("problem" in found) return found;
  const folder = taskFolderAt(folders, path);
  return folder === undefined ? notAllowed(`${path} is no folder of TASK_DIRS.`) : { folder };
}

export interface Scope {
  /** Where Claude is started. */
  readonly folder: TaskFolder;
  readonly scope: readonly string[];
  readonly evidence: readonly Evidence[];
}

export async function scopeOf(
  folders: readonly TaskFolder[],
  paths: readonly string[],
  evidencePaths: readonly string[],
): Promise<Scope | { readonly problem: TaskProblem }> {
  for (const path of paths) {
    const found = await realOf(path);
    if ("problem" in found) return found;
    if (!folders.some((folder) => isWithin(path, folder.path)))
      return notAllowed(`${path} is no folder of TASK_DIRS, nor in one.`);
  }
  const folder = folders.find(({ path }) => isWithin(paths[0] ?? "", path));
  if (folder === undefined) return notAllowed("There is no scope.");
  const { evidence, problems } = await lookAtEvidence(evidencePaths, paths);
  return problems.length > 0 ? notAllowed(problems.join(" ")) : { folder, scope: paths, evidence };
}

/** A path that is none by itself, or leads elsewhere, is told what to be named: what the phone shows is where it runs. */
async function realOf(path: string): Promise<{ problem: TaskProblem } | { real: string }> {
  if (!isAbsolute(path)) return notAllowed(`${path} is no absolute path.`);
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) return notAllowed(`${path} does not exist, or cannot be looked at.`);
  return real === path ? { real } : notAllowed(`${path} leads elsewhere: name the folder by its real path.`);
}
