// Where Claude Code was started: its hooks' `cwd` moves with every `cd`, the project does not.
import { PROJECT_HEADER, projectFolder, projectPath, realPathOf } from "../project.ts";

/** Claude Code drops from an HTTP hook's headers whatever Latin-1 does not have (measured with 2.1.329). */
const ASCII = /^[\x20-\x7e]*$/;

/**
 * The folder of the hook's `X-Approval-Project: $PWD` header, without symbolic links. Only where it is certain: it exists,
 * nothing can have been dropped from it, and `cwd` is in it. Where a header cannot carry the names, the folder of the
 * session's first prompt.
 * @param cwd of the hook's body, without symbolic links
 * @param first the folder of the session's first prompt, where it is known
 */
export async function startFolder(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  cwd: string | undefined,
  first?: string,
): Promise<string | undefined> {
  const header = projectFolder(projectPath(headers[PROJECT_HEADER]));
  if (cwd === undefined) return undefined;
  const named = ASCII.test((header ?? "") + cwd) ? header : projectFolder(first);
  if (named === undefined) return undefined;
  const real = await realPathOf(named);
  return real !== undefined && (cwd === real || cwd.startsWith(`${real}/`)) ? real : undefined;
}
