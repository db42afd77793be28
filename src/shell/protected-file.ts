// Files that nobody should change or read unasked: secrets, what runs or allows something later without being asked about,
// the system's, and the approval server's own. Knows names only, and looks at no disk.
import { posix } from "node:path";
import { SENSITIVE_FOLDER, SENSITIVE_NAME, SYSTEM_FOLDER } from "./programs/sensitive-places.ts";

/** The paths of this machine that are the person's and the approval server's. */
export interface HostPaths {
  /** The person's home folder, absolute. */
  readonly home: string;
  /** Absolute paths of the approval server's files and folders. */
  readonly ownPaths: readonly string[];
}

/** Whether a file is sensitive, the approval server's own, or the system's. @param path absolute */
export function isProtected(path: string, { home, ownPaths }: HostPaths): boolean {
  const lower = path.toLowerCase();
  if (isSensitiveFile(path) || isOwnFile(path, ownPaths)) return true;
  return SYSTEM_FOLDER.test(lower) && !lower.startsWith(`${home.toLowerCase()}/`);
}

/** Whether a file holds secrets, or runs or allows something later. */
export function isSensitiveFile(path: string): boolean {
  const lower = path.toLowerCase();
  return SENSITIVE_NAME.test(lower) || SENSITIVE_FOLDER.test(lower);
}

/** Whether a file is one of the approval server's, or below one of its folders. */
export function isOwnFile(path: string, ownPaths: readonly string[]): boolean {
  const lower = path.toLowerCase();
  return ownPaths.some((own) => {
    const target = posix.normalize(own).replace(/\/+$/, "").toLowerCase();
    return lower.startsWith(target) && /^($|\/|-|~|\.bak)/.test(lower.slice(target.length));
  });
}
