// Which project a caller works in, from the path that it names.
import { realpath } from "node:fs/promises";
import { basename, isAbsolute } from "node:path/posix";
import { withDeadline } from "../core/timing.ts";

/** Far above what a path takes, ms; a share whose server is gone may take for ever, and no deadline runs yet. */
const LIMIT_MS = 2_000;

/** The last part of a path, either kind of slash; undefined when there is none. */
export function projectName(path: string | undefined): string | undefined {
  return path === undefined ? undefined : basename(path.replaceAll("\\", "/")) || undefined;
}

/** The path itself, where it is absolute; without a slash at its end. */
export function projectFolder(path: string | undefined): string | undefined {
  if (path === undefined || !isAbsolute(path)) return undefined;
  return path.replace(/(?<=.)\/+$/, "");
}

/** Without symbolic links; undefined where that is not known in time. Never rejects. */
export async function realPathOf(path: string): Promise<string | undefined> {
  return withDeadline(LIMIT_MS, () => realpath(path)).catch(() => undefined);
}

/**
 * The folder without symbolic links. Claude Code's hooks name the real folder, but `${PWD}` in its MCP header is as the
 * shell has it (measured with 2.1.329): without this, the two doors' folders would differ. A folder that is not on this
 * machine stays as it is.
 */
export async function realFolder(folder: string | undefined): Promise<string | undefined> {
  return folder === undefined ? undefined : ((await realPathOf(folder)) ?? folder);
}

/** The path in an `X-Approval-Project` header. An unset `${PWD}` arrives as that literal text: absent. */
export function projectPath(header: string | string[] | undefined): string | undefined {
  if (typeof header !== "string" || header.includes("${")) return undefined;
  return headerText(header).trim();
}

/** Header bytes arrive as Latin-1. Most callers send UTF-8 in them; Claude Code sends Latin-1 (measured with 2.1.329). */
function headerText(header: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(header, "latin1"));
  } catch {
    return header;
  }
}

export const PROJECT_HEADER = "x-approval-project";
