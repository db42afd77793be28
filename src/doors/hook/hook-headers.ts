// What the program behind our command hooks (plugin/hook.js) says in headers: what Claude Code's own body does not hold. It
// decides how long to wait and what is one call with another, never whether a call may run.
import type { IncomingHttpHeaders } from "node:http";
import { projectFolder } from "../project.ts";

/** The folder that Claude Code was started in, percent-encoded, so that every name arrives whole. */
const FOLDER_HEADER = "x-approval-folder";
/** `no`: the session has no terminal, as in `claude -p` (measured with 2.1.329). */
const ATTENDED_HEADER = "x-approval-attended";
/** `plugin`: the hook is the plugin's. */
const HOOK_OF_HEADER = "x-approval-hook-of";
/** The process of Claude Code. */
const PID_HEADER = "x-approval-claude-pid";

/** Whether a person may be at the session's terminal; in doubt one is. */
export function isAttended(headers: IncomingHttpHeaders): boolean {
  return headers[ATTENDED_HEADER] !== "no";
}

/** Which of our hooks this is: see `hookOf` in domain/submission.ts. */
export function hookOf(headers: IncomingHttpHeaders): string | undefined {
  return headers[HOOK_OF_HEADER] === "plugin" ? "plugin" : undefined;
}

/** Claude Code's process; undefined where it is not said. */
export function claudePid(headers: IncomingHttpHeaders): number | undefined {
  const text = headers[PID_HEADER];
  return typeof text === "string" && /^[1-9]\d{0,8}$/.test(text) && text !== "1" ? Number(text) : undefined;
}

/** Where Claude Code was started; undefined where it is not said, or not absolute. */
export function encodedFolder(headers: IncomingHttpHeaders): string | undefined {
  const encoded = headers[FOLDER_HEADER];
  if (typeof encoded !== "string") return undefined;
  try {
    return projectFolder(decodeURIComponent(encoded));
  } catch {
    return undefined;
  }
}
