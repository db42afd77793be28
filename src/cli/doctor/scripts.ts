// The check of the scripts that are tools: what is found of them, and in whose project they lie.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { Config } from "../../config/config.ts";
import type { Check } from "../../doctor/check.ts";
import { scriptsCheck } from "../../doctor/scripts.ts";
import { findScripts } from "../../script-tools/find-scripts.ts";
import { toolsFolderPath } from "../../server/guards.ts";
import { realPath } from "../../shell/real-path.ts";
import type { CommandContext } from "../command.ts";

export type ScriptsContext = Pick<CommandContext, "env" | "home" | "root">;

/** What a folder has in it that somebody works in. */
const MARKS = [".git", ".claude", ".mcp.json", "CLAUDE.md", "package.json"];

export function scriptsFolderCheck(config: Config, context: ScriptsContext): Check {
  const path = toolsFolderPath(config, context.home.folder);
  return scriptsCheck({
    path,
    isNamed: config.toolsPath !== undefined,
    find() {
      const { state, scripts, problems } = findScripts({ path, user: process.getuid?.() });
      return { state, names: [...scripts.keys()], problems };
    },
    projects: () => projectsAround(path, context),
  });
}

/** The nearest project around it; none where that is the server's own folder, which every call that touches it names. */
function projectsAround(path: string, { env, home, root }: ScriptsContext): string[] {
  const real = (each: string) => realPath(each) ?? each;
  const persons = real(env["HOME"] || homedir());
  const own = [home.folder, root].map(real);
  for (let folder = real(path); dirname(folder) !== folder && folder !== persons; folder = dirname(folder)) {
    if (own.includes(folder)) return [];
    if (MARKS.some((mark) => existsSync(join(folder, mark)))) return [folder];
  }
  return [];
}
