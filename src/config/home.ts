// Where the person's own files live: .env, policy.json, a template_config.json of one's own, and the database. In a clone that is
// its folder; an installed command keeps them in the platform's folders, never in node_modules, which the next installation
// replaces. Never the folder that a command happens to be called in: a project must not choose who approves.
import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import envPaths from "env-paths";
import { ConfigError } from "../domain/errors.ts";
import { type Installation, installationOf, PROGRAM } from "../domain/own-command.ts";
import { visibleLine } from "../domain/visible.ts";
import type { Variables } from "./read-variables.ts";

/** All paths are absolute; none of them need be there. */
export interface Home {
  /** `chosen`: by `--dir` or `APPROVAL_HOME`. */
  readonly kind: "clone" | "installed" | "chosen";
  /** Has .env and policy.json; relative paths in the settings start here. */
  readonly folder: string;
  readonly envFile: string;
  /** Has the database, where `APPROVAL_DB` names no other. */
  readonly dataFolder: string;
}

/** Has the variable's value where `--dir` is not given. Read from the real environment only: it says where .env is. */
export const HOME_VARIABLE = "APPROVAL_HOME";

export interface HomeSearch {
  /** What `--dir` was given, as it was typed. */
  readonly dir?: string | undefined;
  readonly env: Variables;
  /** The folder that the person is in: a relative `--dir` starts there. */
  readonly current: string;
  /** The clone's own folder, where this is one. */
  readonly clone: string;
  /** Default: as this file is. */
  readonly installation?: Installation | undefined;
  /** Default: the platform's, for this user. */
  readonly platform?: { readonly config: string; readonly data: string } | undefined;
}

/** @throws ConfigError when what was chosen, or the platform, names no absolute folder */
export function findHome({ dir, env, current, clone, ...found }: HomeSearch): Home {
  if (dir !== undefined) {
    if (dir.trim() === "") throw new ConfigError(["--dir: the folder's name is empty"]);
    return homeIn(folderOrNone("--dir", resolve(current, withoutTilde(dir))));
  }
  const chosen = env[HOME_VARIABLE]?.trim();
  if (chosen) return homeIn(folderOrNone(HOME_VARIABLE, absolute(HOME_VARIABLE, withoutTilde(chosen))));
  const { installation = installationOf(import.meta.url) } = found;
  if (installation === "clone") return homeIn(clone, "clone");
  const { config, data } = found.platform ?? envPaths(PROGRAM, { suffix: "" });
  const folder = absolute("the folder for settings (HOME, XDG_CONFIG_HOME)", config);
  const dataFolder = absolute("the folder for data (HOME, XDG_DATA_HOME)", data);
  return { kind: "installed", folder, envFile: join(folder, ".env"), dataFolder };
}

/** Everything in one folder. @param folder absolute */
export function homeIn(folder: string, kind: Home["kind"] = "chosen"): Home {
  return { kind, folder, envFile: join(folder, ".env"), dataFolder: join(folder, "data") };
}

/** A file of the package that a person may replace by one of their own. @param root folder of package.json */
export function ownOrPackaged({ folder }: Pick<Home, "folder">, root: string, name: string): string {
  const own = join(folder, name);
  return existsSync(own) ? own : join(root, name);
}

/** One that a relative path would make depend on where a command is called. */
function absolute(what: string, path: string): string {
  if (isAbsolute(path)) return resolve(path);
  throw new ConfigError([`${what}: must be an absolute path, such as ${join(homedir(), PROGRAM)}`]);
}

/** It may be made later; another thing of its name would leave every setting unread without a word. */
function folderOrNone(what: string, path: string): string {
  if (isSomethingElse(path)) throw new ConfigError([`${what}: ${visibleLine(path)} is not a folder`]);
  return path;
}

function isSomethingElse(path: string): boolean {
  try {
    return !statSync(path).isDirectory();
  } catch (error) {
    // Whatever else cannot be looked at is named by what reads it.
    return error instanceof Error && "code" in error && error.code === "ENOTDIR";
  }
}

/** `--dir=~/x` reaches a program as it is written. */
function withoutTilde(path: string): string {
  return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path;
}
