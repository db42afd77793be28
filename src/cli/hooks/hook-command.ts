// The command of one hook in Claude Code's settings, and how it is recognised there: the one of today, and the http hooks of
// earlier versions. It never holds a token.

import { join } from "node:path";
import { parsedUrl } from "../../domain/parsed-url.ts";
import { HOOKS_PATH } from "../../doors/hook/hook-door.ts";

/** What earlier versions wrote, as mcp-servers.json did. */
const PROJECT_HEADER_NAME = "X-Approval-Project";
/** Below the package's folder; the plugin starts the same file. */
const PROGRAM = "plugin/hook.sh";
/** In any folder: another clone's hooks would ask the same phone a second time. */
const OURS = /^if \[ -f '.*\/plugin\/hook\.sh' \]; then exec sh '.*\/plugin\/hook\.sh' [a-z-]+ '/s;

export interface HookPlace {
  /** `http://127.0.0.1:8000` */
  readonly origin: string;
  /** Folder of package.json, absolute. */
  readonly root: string;
  /** The Node that this runs on, absolute. Another version may remove it: then the session's own is used. */
  readonly node: string;
}

/** A shell's line. Where the package is gone it only reads its input: whatever fails here would be shown after each tool. */
export function hookCommand(event: string, { origin, root, node }: HookPlace): string {
  const program = quoted(join(root, PROGRAM));
  return `if [ -f ${program} ]; then exec sh ${program} ${event} ${quoted(origin)} ${quoted(node)}; else cat >/dev/null; fi`;
}

/** Whether a hook in the settings is ours: by its command, or by where it posts to; at another port by our header as well. */
export function isOurHook(hook: unknown, origin: string): boolean {
  if (typeof hook !== "object" || hook === null) return false;
  if ("command" in hook) return typeof hook.command === "string" && OURS.test(hook.command);
  if (!("url" in hook) || typeof hook.url !== "string" || parsedUrl(hook.url) === undefined) return false;
  if (hook.url.startsWith(origin + HOOKS_PATH)) return true;
  const headers = "headers" in hook ? hook.headers : undefined;
  const hasHeader = typeof headers === "object" && headers !== null && PROJECT_HEADER_NAME in headers;
  return hasHeader && new URL(hook.url).pathname.startsWith(HOOKS_PATH);
}

/** One word for a POSIX shell, whatever it holds. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
