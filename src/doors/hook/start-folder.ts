// Where Claude Code was started: its hooks' `cwd` moves with every `cd`, the project does not.
import type { IncomingHttpHeaders } from "node:http";
import { PROJECT_HEADER, projectFolder, projectPath, realPathOf } from "../project.ts";
import { encodedFolder } from "./hook-headers.ts";

/** Claude Code drops from an HTTP hook's headers whatever Latin-1 does not have (measured with 2.1.329). */
const ASCII = /^[\x20-\x7e]*$/;

/**
 * The folder that a command hook names, or an http hook in its `X-Approval-Project: $PWD` header, without symbolic links. Only
 * where it is certain: it exists, nothing can have been dropped from it, and `cwd` is in it. Where that header cannot carry
 * the names, the folder of the session's first prompt.
 * @param cwd of the hook's body, without symbolic links
 * @param first the folder of the session's first prompt, where it is known
 */
export async function startFolder(
  headers: IncomingHttpHeaders,
  cwd: string | undefined,
  first?: string,
): Promise<string | undefined> {
  const header = projectFolder(projectPath(headers[PROJECT_HEADER]));
  if (cwd === undefined) return undefined;
  const named = encodedFolder(headers) ?? (ASCII.test((header ?? "") + cwd) ? header : projectFolder(first));
  if (named === undefined) return undefined;
  const real = await realPathOf(named);
  return real !== undefined && (cwd === real || cwd.startsWith(`${real}/`)) ? real : undefined;
}
