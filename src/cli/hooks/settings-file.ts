// Changes a settings file of Claude Code without disturbing the rest of it: indentation, line endings and order stay.
// A file that is not a JSON object is never touched.
import { constants } from "node:fs";
import { chmod, copyFile, lstat, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { ConfigError } from "../../domain/errors.ts";
import type { ClaudeSettings } from "./our-hooks.ts";

/** What the file was before the first change, beside it. */
export const BACKUP_SUFFIX = ".before-approval-server";
const OWNER_ONLY = 0o600;

/** `created`: there was no file before, and so no backup. */
export type Change = "none" | "created" | "changed";

/**
 * @param change returns the settings as they are to be; may throw
 * @throws ConfigError when the file is not a JSON object; the file system's error when it cannot be read or written
 */
export async function changeSettings(
  path: string,
  change: (settings: ClaudeSettings) => ClaudeSettings,
): Promise<Change> {
  const text = await readIfThere(path);
  const before = text === undefined ? {} : parseSettings(path, text);
  const after = change(before);
  if (JSON.stringify(after) === JSON.stringify(before)) return "none";
  if (text === undefined) {
    // Writing would put a file in the link's place.
    if (await isLink(path))
      throw new ConfigError([`${path} is a link to a file that is not there: it was not touched`]);
    await mkdir(dirname(path), { recursive: true });
  } else await backUp(path);
  await writeFileAtomic(path, written(after, text));
  return text === undefined ? "created" : "changed";
}

/** @throws ConfigError when the text is not a JSON object */
export function parseSettings(path: string, text: string): ClaudeSettings {
  let settings: unknown;
  try {
    settings = JSON.parse(text);
  } catch {
    throw new ConfigError([`${path} is not valid JSON: it was not touched`]);
  }
  if (typeof settings !== "object" || settings === null || Array.isArray(settings)) {
    throw new ConfigError([`${path} does not hold a JSON object: it was not touched`]);
  }
  return settings as ClaudeSettings;
}

/** In the form that the file had. */
function written(settings: ClaudeSettings, text = "{}\n"): string {
  const [, indent = "  "] = /\n([ \t]+)\S/.exec(text) ?? [];
  const isOneLine = /^\s*\{[^\n]+\}\s*$/.test(text);
  const json = JSON.stringify(settings, null, isOneLine ? 0 : indent) + (/\s*$/.exec(text)?.[0] ?? "");
  return text.includes("\r\n") ? json.replaceAll(/\r?\n/g, "\r\n") : json;
}

/** Only the first time: what was there before us. */
async function backUp(path: string): Promise<void> {
  const backup = path + BACKUP_SUFFIX;
  try {
    await copyFile(path, backup, constants.COPYFILE_EXCL);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return;
    throw error;
  }
  await chmod(backup, OWNER_ONLY);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function isLink(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined);
  return stats?.isSymbolicLink() === true;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
