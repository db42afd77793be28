// The settings of Claude Code that count for every session of a person: those of the machine and those of the user. What a project
// has is not looked at: it can add a deny, but takes none away.
import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { CommandContext } from "../command.ts";
import { parseSettings } from "../hooks/settings-file.ts";

export interface ClaudeSettingsFile {
  readonly path: string;
  /** Whether Claude's own user cannot change it, as far as the place says: the machine's. */
  readonly isManaged: boolean;
  readonly deny: readonly string[];
  readonly allow: readonly string[];
  readonly defaultMode?: string | undefined;
}

export interface ClaudePlaces {
  /** What Claude Code reads for everybody on the machine. */
  readonly managed: string;
  /** Of the user. */
  readonly user: string;
}

export function claudePlaces({ env, current }: Pick<CommandContext, "env" | "current">): ClaudePlaces {
  const chosen = env["CLAUDE_CONFIG_DIR"]?.trim();
  const folder = resolve(current, chosen || join(env["HOME"] || homedir(), ".claude"));
  const managed =
    process.platform === "darwin" ? "/Library/Application Support/ClaudeCode" : "/etc/claude-code";
  return { managed: join(managed, "managed-settings.json"), user: join(folder, "settings.json") };
}

/** Those that are there. @throws ConfigError where one is no JSON object; the file system's error where it cannot be read */
export async function readClaudeSettings({
  managed,
  user,
}: ClaudePlaces): Promise<readonly ClaudeSettingsFile[]> {
  const folder = managed.replace(/\.json$/, ".d");
  const parts = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });
  const ofMachine = [
    managed,
    ...parts.filter((name) => name.endsWith(".json")).map((name) => join(folder, name)),
  ];
  const files = await Promise.all([...ofMachine.map((path) => read(path, true)), read(user, false)]);
  return files.flat();
}

async function read(path: string, isManaged: boolean): Promise<ClaudeSettingsFile[]> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
  if (text === undefined) return [];
  const { permissions } = parseSettings(path, text);
  const given = typeof permissions === "object" && permissions !== null ? permissions : {};
  const list = (name: "deny" | "allow") => {
    const value = (given as Record<string, unknown>)[name];
    return Array.isArray(value) ? value.filter((rule) => typeof rule === "string") : [];
  };
  const mode = (given as Record<string, unknown>)["defaultMode"];
  const defaultMode = typeof mode === "string" ? mode : undefined;
  return [{ path, isManaged, deny: list("deny"), allow: list("allow"), defaultMode }];
}
