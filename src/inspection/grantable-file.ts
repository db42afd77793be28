// A grant for one file: the file itself, wherever links lead, and only where that is certain.
import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, normalize, resolve } from "node:path/posix";
import { type Grantable, named } from "../domain/grant.ts";
import { text } from "../domain/text.ts";
import { visibleLine } from "../domain/visible.ts";
import { type HostPaths, isProtected } from "../shell/protected-file.ts";

export interface FileContext extends HostPaths {
  /** The caller's folder, absolute. */
  readonly cwd?: string | undefined;
}

/** How much of a path is named: its end. UTF-16 units. */
const MAX_SHOWN = 56;

/** @param path as the call gives it @returns undefined where the file is not to be allowed, or not certain. Never rejects. */
export async function grantableFile(
  access: "edit" | "read",
  path: unknown,
  context: FileContext,
): Promise<Grantable | undefined> {
  if (typeof path !== "string" || !isPlainPath(path)) return undefined;
  const { cwd } = context;
  const needsFolder = !isAbsolute(path);
  if (needsFolder && cwd === undefined) return undefined;
  const full = resolve(cwd ?? "/", path);
  if (isProtected(full, context)) return undefined;
  const real = await realFile(full);
  // Some file systems take one spelling for another: to a person they are two names.
  const isRespelled = real !== full && real?.toLowerCase() === full.toLowerCase();
  if (real === undefined || isRespelled || isProtected(real, context)) return undefined;
  const folder = cwd === undefined ? undefined : await realpath(cwd).catch(() => cwd);
  const name = named(shorten(real, folder));
  return {
    subject: { kind: "file", access, path: real },
    what: access === "edit" ? text`edits of ${name}` : text`reads of ${name}`,
    needsFolder,
  };
}

/** What a screen would not show as it is stays out, and so does a name that another one looks like. */
function isPlainPath(path: string): boolean {
  if (path === "" || path.endsWith("/") || /^(~|\.\.(\/|$))/.test(path) || normalize(path) !== path)
    return false;
  return !/\\|\s$/.test(path) && visibleLine(path) === path && path.normalize("NFC") === path;
}

/**
 * The path without links, of a file that is there or is to be made. Undefined for folders, devices, a link as the last
 * name, and a file that has a second name elsewhere: an edit would reach what the person has not read.
 */
async function realFile(path: string): Promise<string | undefined> {
  try {
    const found = await lstat(path);
    return found.isFile() && found.nlink === 1 ? await realpath(path) : undefined;
  } catch (error) {
    if (!isMissing(error)) return undefined;
  }
  try {
    return await realPathToBe(path);
  } catch {
    return undefined;
  }
}

/** The first folder above that exists, without links, and what is missing below it. */
async function realPathToBe(path: string): Promise<string | undefined> {
  const missing = [basename(path)];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    try {
      await lstat(folder);
    } catch (error) {
      if (!isMissing(error)) return undefined;
      missing.unshift(basename(folder));
      continue;
    }
    // Fails for a link to nothing.
    return join(await realpath(folder), ...missing);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function shorten(path: string, folder: string | undefined): string {
  const start = folder === undefined ? "" : `${folder.replace(/\/+$/, "")}/`;
  const shown = start.length > 1 && path.startsWith(start) ? path.slice(start.length) : path;
  if (shown.length <= MAX_SHOWN) return shown;
  const end = shown.slice(-MAX_SHOWN);
  const slash = end.indexOf("/");
  return slash < 0 ? shown : `…${end.slice(slash)}`;
}
