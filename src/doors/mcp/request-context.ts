// The context of one HTTP request to the MCP door: what its headers say, and whether its response was written to the end.

import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Submission } from "../../domain/submission.ts";
import { PROJECT_HEADER, projectFolder, projectName, projectPath, realFolder } from "../project.ts";
import { requesterOf } from "../requester.ts";
import { whenWritten } from "../written.ts";

export interface RequestContext {
  /** Last part of the caller's project path; undefined when it did not say. */
  readonly project: string | undefined;
  /** The whole path without symbolic links, where it is absolute. Never rejects. */
  readonly folder: Promise<string | undefined>;
  /** Name of the token that came with it. */
  readonly requester: string | undefined;
  /** Resolves true when the response was handed to the system in full, false when the connection broke before. */
  readonly written: Promise<boolean>;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work` so that `currentRequestContext` inside it answers for this request. */
export function withRequestContext<T>(req: IncomingMessage, res: ServerResponse, work: () => T): T {
  const path = projectPath(req.headers[PROJECT_HEADER]);
  const context = {
    project: projectName(path),
    folder: realFolder(projectFolder(path)),
    requester: requesterOf(res),
    written: whenWritten(res),
  };
  return storage.run(context, work);
}

/** The context of the running tool call. */
export function currentRequestContext(): RequestContext | undefined {
  return storage.getStore();
}

/** What the context tells about a call's origin; without one (another transport), only the door. */
export async function originOf(context: RequestContext | undefined): Promise<Omit<Submission, "call">> {
  const { project, requester } = context ?? {};
  const cwd = await context?.folder;
  return {
    door: "mcp",
    project,
    cwd,
    requester,
  };
}
