// Where Claude Code was started: its hooks' `cwd` moves with every `cd`, the project does not.
import { PROJECT_HEADER, projectFolder, projectPath, realPathOf } from "../project.ts";

/** Claude Code drops from an HTTP hook's headers whatever Latin-1 does not have (measured with 2.1.329). */
const ASCII = /^[\x20-\x7e]*$/;

/**
 * The folder of the hook's `X-Approval-Project: $PWD` header, without symbolic links. Only where it is certain: it exists,
 * nothing can have been dropped from it, and `cwd` is in it.
 * @param cwd of the hook's body, without symbolic links
 */
export async function startFolder(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  cwd: string | undefined,
): Promise<string | undefined> {
  const named = projectFolder(projectPath(headers[PROJECT_HEADER]));
  if (named === undefined || cwd === undefined || !ASCII.test(named + cwd)) return undefined;
  const real = await realPathOf(named);
  return real !== undefined && (cwd === real || cwd.startsWith(`${real}/`)) ? real : undefined;
}
