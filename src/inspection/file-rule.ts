// Session rules for one file. Claude Code reads the path as a gitignore pattern, without regard to case.
import { statSync } from "node:fs";
import { posix } from "node:path";
import { visibleLine } from "../domain/visible.ts";
import type { SessionRule, SessionRuleContext } from "./session-rule.ts";

/**
 * A rule for edits or reads of one file. `Edit` covers Write, Edit, NotebookEdit and a shell's `> file`.
 * @param path as the call gives it; only absolute and normalised paths, without `..`, can be named safely.
 */
export function fileRule(
  toolName: "Edit" | "Read",
  path: unknown,
  context: SessionRuleContext,
): SessionRule | undefined {
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
 * the end. What a screen would not show as it is stays out too, and so does a folder.
 */
function isPlainPath(path: string): boolean {
  if (!path.startsWith("/") || posix.normalize(path) !== path || path.endsWith("/")) return false;
  return !/[?\\]|\s$|^\/$/.test(path) && visibleLine(path) === path && path.normalize("NFC") === path;
}

/** In any folder: secrets, and what runs or allows something later without being asked about. Lower case. */
const PROTECTED =
  /\/(\.env[^/]*|\.envrc|\.netrc|\.npmrc|\.pypirc|\.yarnrc[^/]*|\.git-credentials|\.gitconfig|\.mcp\.json|\.claude\.json|\.(bash|zsh|k?sh|tcsh|csh|inputrc)[^/]*|\.(bash_)?(profile|login|logout|aliases)|\.z(profile|login|logout)|id_(rsa|dsa|ecdsa|ed25519)[^/]*|authorized_keys2?|[^/]*\.(pem|key|p12|pfx|kdbx|keystore))$/;
const PROTECTED_FOLDER =
  /\/(\.ssh|\.claude|\.git|\.husky|\.gnupg|\.aws|\.azure|\.kube|\.docker|\.vscode|\.idea|\.config\/(fish|git|gh|gcloud|systemd|autostart)|launchagents|launchdaemons)(\/|$)/;
const SYSTEM_FOLDER =
  /^\/(private\/)?(etc|dev|proc|sys|boot|bin|sbin|lib|lib64|usr|root|var\/(spool|run|lib|root)|system|library)\//;

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Whether a file is sensitive, the approval server's own, or the system's. @param path absolute */
export function isProtected(
  path: string,
  { home, ownPaths }: Pick<SessionRuleContext, "home" | "ownPaths">,
): boolean {
  const lower = path.toLowerCase();
  if (isSensitiveFile(path) || isOwnFile(path, ownPaths)) return true;
  return SYSTEM_FOLDER.test(lower) && !lower.startsWith(`${home.toLowerCase()}/`);
}

/** Whether a file holds secrets, or runs or allows something later. */
export function isSensitiveFile(path: string): boolean {
  const lower = path.toLowerCase();
  return PROTECTED.test(lower) || PROTECTED_FOLDER.test(lower);
}

/** Whether a file is one of the approval server's, or below one of its folders. */
export function isOwnFile(path: string, ownPaths: readonly string[]): boolean {
  const lower = path.toLowerCase();
  return ownPaths.some((own) => {
    const target = posix.normalize(own).replace(/\/+$/, "").toLowerCase();
    return lower.startsWith(target) && /^($|\/|-|~|\.bak)/.test(lower.slice(target.length));
  });
}

function shorten(path: string, cwd: string | undefined): string {
  const folder = cwd === undefined ? "" : `${cwd.replace(/\/+$/, "")}/`;
  return folder.length > 1 && path.startsWith(folder) ? path.slice(folder.length) : path;
}
