// Whether the hooks in Claude Code's settings are those that would be installed now, and have a server to ask.
import { ownCommand } from "../domain/own-command.ts";
import { type Check, type Concern, ok, together, warning } from "./check.ts";

export interface HookSettings {
  readonly path: string;
  /** `stale`: ours, but other ones than would be installed. */
  readonly state: "none" | "current" | "stale" | "plugin" | "plugin and hooks";
  /** Where stale ones ask instead: `http://127.0.0.1:9000`. */
  readonly elsewhere?: string | undefined;
  /** Why it cannot be told; then the state is `none`. */
  readonly problem?: string | undefined;
}

export interface HooksDeps {
  readonly read: () => Promise<readonly HookSettings[]>;
  /** Where they must ask. */
  readonly origin: string;
  readonly isServerUp: () => Promise<boolean>;
  /** Puts those that would be installed now in the place of ours. */
  readonly renew: (path: string) => Promise<void>;
}

export function hooksCheck({ read, origin, isServerUp, renew }: HooksDeps): Check {
  return {
    description: "hooks",
    async run() {
      const files = await read();
      const inUse = files.filter(({ state, problem }) => state !== "none" || problem !== undefined);
      if (inUse.length === 0) {
        return warning(
          "not installed: interactive sessions do not ask the phone",
          `Run: ${ownCommand("hooks install")} (print mode, claude -p, needs none)`,
        );
      }
      const concerns = inUse.map((file) => concernOf(file, origin));
      const stale = inUse.filter(({ state }) => state === "stale");
      if (stale.length === 0 && !(await isServerUp())) {
        concerns.push({
          text: `no server answers at ${origin}: interactive sessions ask at the terminal only`,
          advice: `Start it with: ${ownCommand("start")}`,
        });
      }
      const fix = async () => {
        for (const { path } of stale) await renew(path);
        return stale.map(({ path }) => `put the current hooks in the place of the old ones in ${path}`);
      };
      return together(concerns, stale.length === 0 ? undefined : fix);
    },
  };
}

/** A line for what has to know the port, when that is another one at each start. */
export function noPortCheck(description: string): Check {
  return {
    description,
    run: async () => ok("not looked at: SERVER_PORT is 0, so that nobody can know the port before"),
  };
}

function concernOf({ path, state, elsewhere, problem }: HookSettings, origin: string): Concern {
  if (problem !== undefined) {
    return { text: problem, advice: "Correct the file: Claude Code reads it too." };
  }
  switch (state) {
    case "none":
    case "current":
      return { text: `${path}: as they would be installed now` };
    case "plugin":
      return { text: `${path}: by the plugin` };
    case "plugin and hooks":
      return { text: `${path}: by the plugin, and by hooks beside it; one of the two is enough` };
    case "stale":
      return {
        text:
          elsewhere === undefined
            ? `${path}: older than this version or its settings, or some are missing`
            : `${path}: they ask ${elsewhere}, and the server is at ${origin}`,
        advice: `Run: ${ownCommand("hooks install")}`,
      };
  }
}
