// The folders of TASK_DIRS as this server found them at its start.
import { homedir, userInfo } from "node:os";
import type { Config } from "../config/config.ts";
import { openTaskFolders } from "../config/task-folders.ts";
import type { TaskFolder } from "../domain/task-folder.ts";
import { type GuardsOptions, policyContext } from "./guards.ts";

/** @throws ConfigError when one of them is not there, or must not be one */
export function openTaskDirs(config: Config, options: GuardsOptions): readonly TaskFolder[] {
  if (config.taskDirs.length === 0) return [];
  const { ownPaths } = policyContext(config, options);
  return openTaskFolders(config.taskDirs, {
    homes: [homedir(), userInfo().homedir],
    own: ownPaths,
    program: options.root,
  });
}
