// Whether a call could be parked, and resumed: the folders, Claude Code's version, the hook ahead of each call.
import { ConfigError } from "../domain/errors.ts";
import { ownCommand } from "../domain/own-command.ts";
import type { TaskFolder } from "../domain/task-folder.ts";
import { type Check, type Concern, together } from "./check.ts";

export interface ParkedCallsDeps {
  /** As the server finds them at its start. @throws ConfigError when one of them must not be one */
  readonly folders: () => readonly TaskFolder[];
  /** `CLAUDE_BIN`. */
  readonly bin: string;
  /** What it prints for `--version`; undefined where there is no such program. @throws when it fails or hangs */
  readonly print: () => Promise<string | undefined>;
  /** Whether our hooks, or the plugin, are in some settings of Claude Code's. */
  readonly hasHooks: () => Promise<boolean>;
}

/** The first one that can keep a call back. */
const NEEDED = "2.1.89";

export function parkedCallsCheck({ folders, bin, print, hasHooks }: ParkedCallsDeps): Check {
  async function claude(): Promise<Concern> {
    const printed = await print().catch(() => "");
    if (printed === undefined)
      return {
        text: `there is no command ${bin}`,
        advice: "Set CLAUDE_BIN to the path of claude.",
        isError: true,
      };
    const [version] = /\d+\.\d+\.\d+/.exec(printed) ?? [];
    if (version === undefined)
      return { text: `${bin} --version names no version`, advice: "Set CLAUDE_BIN to the path of claude." };
    return version.localeCompare(NEEDED, "en", { numeric: true }) < 0
      ? {
          text: `${bin} is ${version}: it cannot keep a call back before ${NEEDED}`,
          advice: "Run: claude update",
        }
      : { text: `Claude Code ${version}` };
  }

  function places(): readonly Concern[] {
    try {
      return [
        {
          text: `resumed in ${folders()
            .map(({ path }) => path)
            .join(", ")}`,
        },
      ];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const advice = "Correct TASK_DIRS: the server does not start with it.";
      return error.problems.map((text) => ({ text, advice, isError: true }));
    }
  }

  return {
    description: "parked calls",
    async run() {
      const hook = (await hasHooks())
        ? []
        : [
            {
              text: "no hook of ours is in Claude Code's settings: nothing is parked",
              advice: `Run: ${ownCommand("hooks install")}`,
            },
          ];
      return together([...places(), await claude(), ...hook]);
    },
  };
}
