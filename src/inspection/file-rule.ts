// Session rules for one file. Claude Code reads the path as a gitignore pattern, without regard to case.
import { statSync } from "node:fs";
import { posix } from "node:path";
import type { SessionOffer } from "../domain/inspection.ts";
import { visibleLine } from "../domain/visible.ts";
import { type HostPaths, isProtected } from "../shell/protected-file.ts";

export interface FileRuleContext extends HostPaths {
  /** The caller's folder, absolute; only shortens what is shown. */
  readonly cwd?: string | undefined;
  /** Whether there is a folder of this name. Default: asks the file system. */
  readonly isFolder?: ((path: string) => boolean) | undefined;
}

/**
 * A rule for edits or reads of one file. `Edit` covers Write, Edit, NotebookEdit and a shell's `> file`.
 * @param path as the call gives it; only absolute and normalised paths, without `..`, can be named safely.
 */
export function fileRule(
  toolName: "Edit" | "Read",
  path: unknown,
  context: FileRuleContext,
): SessionOffer | undefined {
  if (typeof path !== "string" || !isPlainPath(path) || isProtected(path, context)) return undefined;
  // A rule that names a folder covers everything below it.
  if ((context.isFolder ?? isFolder)(path)) return undefined;
  // `//` is the root of the file system; one slash would be the settings file's folder.
  const ruleContent = `/${path.replace(/[[\]*]/g, "\\$&")}`;
  const shown = shorten(path, context.cwd);
  return { rule: { toolName, ruleContent }, text: `${toolName === "Edit" ? "edits" : "reads"} of ${shown}` };
}

/**
 * `[ ] *` can be escaped. `?` and `\` cannot: with the CLI no spelling of them matches the file; nor can blanks at
 * the end. Whatever a screen would not show as it is also stays out, and so does a folder.
 */
function isPlainPath(path: string): boolean {
  if (!path.startsWith("/") || posix.normalize(path) !== path || path.endsWith("/")) return false;
  return !/[?\\]|\s$|^\/$/.test(path) && visibleLine(path) === path && path.normalize("NFC") === path;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function shorten(path: string, cwd: string | undefined): string {
  const folder = cwd === undefined ? "" : `${cwd.replace(/\/+$/, "")}/`;
  return folder.length > 1 && path.startsWith(folder) ? path.slice(folder.length) : path;
}
