// Where a hook's call comes from, as the gate wants to know it: the project, the folders, the session, the subagent.
import type { Request } from "express";
import type { Submission } from "../../domain/submission.ts";
import { projectFolder, projectName, realFolder } from "../project.ts";
import { type Posted, sessionOf } from "./call-key.ts";
import { hookOf } from "./hook-headers.ts";
import type { PermissionAsk } from "./hook-input.ts";
import type { LastWords } from "./last-words.ts";
import { startFolder } from "./start-folder.ts";

/** Sessions whose first folder is remembered. */
const MAX_SESSIONS = 1_000;

export interface HookOrigins {
  of(
    ask: Posted & Pick<PermissionAsk, "call"> & Partial<Pick<PermissionAsk, "permissionMode" | "mcpSource">>,
    headers: Request["headers"],
  ): Promise<Omit<Submission, "call">>;
  /** A prompt came in: the first one of a session comes from the folder that Claude Code was started in. */
  prompted(event: Posted): void;
}

/** @param lastWords what Claude said before a call. Default: that is not looked for */
export function createHookOrigins(lastWords: LastWords = async () => undefined): HookOrigins {
  const firstFolders = new Map<string, string>();
  return {
    async of(ask, headers) {
      const { cwd, sessionId, permissionMode, mcpSource, requester, agentType } = ask;
      const folder = await realFolder(projectFolder(cwd));
      const startedIn = await startFolder(headers, folder, firstFolders.get(sessionOf(ask)));
      return {
        door: "hook",
        project: projectName(startedIn ?? cwd),
        cwd: folder,
        startedIn,
        sessionId,
        permissionMode,
        requester,
        agent: agentType,
        hookOf: hookOf(headers),
        mcpSource,
        said: await lastWords(ask),
      };
    },
    prompted(event) {
      const session = sessionOf(event);
      if (event.cwd === undefined || firstFolders.has(session)) return;
      firstFolders.set(session, event.cwd);
      const [oldest] = firstFolders.keys();
      if (firstFolders.size > MAX_SESSIONS && oldest !== undefined) firstFolders.delete(oldest);
    },
  };
}
