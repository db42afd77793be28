// The check of what tasks need on this machine.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Config } from "../../config/config.ts";
import type { Check } from "../../doctor/check.ts";
import { tasksCheck } from "../../doctor/tasks.ts";
import { ConfigError } from "../../domain/errors.ts";
import { openTaskDirs } from "../../server/task-dirs.ts";
import type { CommandContext } from "../command.ts";

/** How long `claude --version` may take, ms: it starts a large program. */
const VERSION_LIMIT_MS = 10_000;

export function tasks(
  config: Config,
  { env, root, home }: Pick<CommandContext, "env" | "root" | "home">,
): Check {
  return tasksCheck({
    isOn: config.tasks !== undefined,
    bin: config.claudeBin,
    print: async () => {
      const limits = { env: { ...env }, timeout: VERSION_LIMIT_MS, killSignal: "SIGKILL" } as const;
      return (await promisify(execFile)(config.claudeBin, ["--version"], limits)).stdout;
    },
    folderProblems: () => {
      try {
        openTaskDirs(config, { root, home });
        return [];
      } catch (error) {
        return error instanceof ConfigError ? error.problems : [String(error)];
      }
    },
  });
}
