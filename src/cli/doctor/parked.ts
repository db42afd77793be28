// The check of what parked calls need, where they are switched on.
import type { Config } from "../../config/config.ts";
import type { Check } from "../../doctor/check.ts";
import { parkedCallsCheck } from "../../doctor/parked-calls.ts";
import { openTaskDirs } from "../../server/task-dirs.ts";
import type { CommandContext } from "../command.ts";
import { hookOptions } from "../hooks/hooks.ts";
import { claudePrints, hookFiles } from "./claude.ts";

export function parkedChecks(config: Config, context: CommandContext): Check[] {
  if (config.parking === undefined) return [];
  const { root, home } = context;
  return [
    parkedCallsCheck({
      folders: () => openTaskDirs(config, { root, home }),
      bin: config.claudeBin,
      print: () => claudePrints(config.claudeBin, context),
      async hasHooks() {
        if (config.serverPort === 0) return true;
        const files = await hookFiles(hookOptions(config, context), context);
        return files.some(({ state }) => state !== "none");
      },
    }),
  ];
}
