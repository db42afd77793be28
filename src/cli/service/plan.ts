// What the service is to run: the same Node and the same copy of this package that run this command, with the same home. All
// paths are absolute, because a service manager has no folder and no PATH of its own.
import { existsSync, realpathSync } from "node:fs";
import { isAbsolute, join, sep } from "node:path";
import { HOME_VARIABLE, type Home } from "../../config/home.ts";
import { ConfigError } from "../../domain/errors.ts";
import { ownCommand } from "../../domain/own-command.ts";
import { visibleLine } from "../../domain/visible.ts";
import type { CommandContext } from "../command.ts";

export interface ServicePlan {
  /** Node, then the file that it runs and its words. */
  readonly command: readonly [node: string, ...args: string[]];
  /** What the service must know beside its .env: where that is. Never a secret. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Homebrew's Node by version: `…/Cellar/node/22.1.0/bin/node`. */
const CELLAR = /^(.*)\/Cellar\/([^/]+)\/[^/]+\/bin\/node$/;
/** npx keeps what it has fetched below a folder of this name, and may remove it at any time. */
const NPX = `${sep}_npx${sep}`;

/** @param execPath `process.execPath` @throws ConfigError when there is nothing lasting to run */
export function servicePlan(
  { root, env, home }: Pick<CommandContext, "root" | "env" | "home">,
  execPath: string,
): ServicePlan {
  if (root.includes(NPX)) {
    throw new ConfigError([
      "This copy was fetched by npx into a cache that npm may empty. Install it first: npm install -g <the package>, then: approval-server service install",
    ]);
  }
  const command: ServicePlan["command"] = [
    lastingNode(execPath),
    join(root, "bin", "approval-server.js"),
    "start",
  ];
  const environment = homeVariables(home, env);
  for (const text of [...command, ...Object.values(environment)]) {
    if (/\p{Cc}|\ufffd/u.test(text)) {
      throw new ConfigError([
        `"${visibleLine(text)}" cannot be written into a service's file: it has a line break, a control character or one that is not UTF-8. Move it to another folder, then: ${ownCommand("service install")}`,
      ]);
    }
  }
  return { command, environment };
}

/** What makes the service find the same home, where that does not go without saying. */
function homeVariables({ kind, folder }: Home, env: CommandContext["env"]): Record<string, string> {
  if (kind === "chosen") return { [HOME_VARIABLE]: folder };
  // A clone's home is its folder. Elsewhere the platform's folders count, and a service manager may not have these variables.
  const moved = kind === "clone" ? [] : ["XDG_CONFIG_HOME", "XDG_DATA_HOME"];
  return Object.fromEntries(
    moved.flatMap((name) => {
      const value = env[name];
      return value !== undefined && isAbsolute(value) ? [[name, value]] : [];
    }),
  );
}

/** The path that stays when Homebrew updates Node, where it is the same program now. */
function lastingNode(execPath: string): string {
  const [, prefix, formula] = CELLAR.exec(execPath) ?? [];
  if (prefix === undefined || formula === undefined) return execPath;
  const lasting = join(prefix, "opt", formula, "bin", "node");
  return existsSync(lasting) && realpathSync(lasting) === realpathSync(execPath) ? lasting : execPath;
}
