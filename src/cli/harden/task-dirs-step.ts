// How wide TASK_DIRS is: whoever has the phone, and whoever may ask for tasks, has Claude started in any folder of it.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../config/config.ts";
import { count } from "../../domain/names.ts";
import { done, type HardenStep, notPossible, toDo } from "./step.ts";

/** More than one thinks of when a request names one. */
const MAX_FOLDERS = 5;
/** Folders that are looked into for projects of their own. */
const MAX_LOOKED = 500;

export function taskDirsStep(config: Config | undefined): HardenStep {
  return {
    id: "task-dirs",
    title: "Claude is started in few folders, each one project",
    why: "its settings and hooks run when Claude starts there, and with the phone it can be started in any of them",
    async look() {
      if (config === undefined) return notPossible("the settings cannot be read by you");
      const { taskDirs, tasks, parking } = config;
      if (tasks === undefined && parking === undefined) return done("tasks and parked calls are off");
      const wide = taskDirs.filter(holdsProjects);
      const now = [
        ...wide.map((folder) => `${folder} is no project, but holds several`),
        ...(taskDirs.length > MAX_FOLDERS ? [`TASK_DIRS names ${taskDirs.length} folders`] : []),
      ];
      return now.length === 0
        ? done(count(taskDirs.length, "folder"))
        : toDo(now, ["TASK_DIRS=<the projects that you really want to reach from the phone>    # in .env"]);
    },
  };
}

/** No repository itself, with two or more in it. */
function holdsProjects(folder: string): boolean {
  if (existsSync(join(folder, ".git"))) return false;
  try {
    const names = readdirSync(folder).slice(0, MAX_LOOKED);
    return names.filter((name) => existsSync(join(folder, name, ".git"))).length > 1;
  } catch {
    return false;
  }
}
