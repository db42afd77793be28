// The context of one HTTP request to the MCP door: what its address and headers say, and whether its response was written to the end.

import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Submission } from "../../domain/submission.ts";
import { PROJECT_HEADER, projectFolder, projectName, projectPath, realFolder } from "../project.ts";
import { type CallerPlace, placeOf, projectPaths } from "../project-in-url.ts";
import { requesterOf } from "../requester.ts";
import { whenWritten } from "../written.ts";

export interface RequestContext {
  /** The folder that the caller works in, by its name; undefined when it did not say. Never rejects. */
  readonly project: Promise<string | undefined>;
  /** The whole path without symbolic links, where it is absolute. Never rejects. */
  readonly folder: Promise<string | undefined>;
  /** Name of the token that came with it. */
  readonly requester: string | undefined;
  /** The session that the client was given, where it speaks 2025-11-25; its own word. */
  readonly session?: string | undefined;
  /** The tool that it calls, where it is one call and no more. */
  readonly tool?: string | undefined;
  /** Resolves true when the response was handed to the system in full, false when the connection broke before. */
  readonly written: Promise<boolean>;
}

export const SESSION_HEADER = "mcp-session-id";
/** Characters: ours are 36. */
const MAX_SESSION = 100;

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work` so that `currentRequestContext` inside it answers for this request. */
export function withRequestContext<T>(req: Parsed, res: ServerResponse, work: () => T): T {
  return runWithContext(
    { ...startOfContext(req, res), tool: toolOf(req.body), written: whenWritten(res) },
    work,
  );
}

/** A request whose body was parsed; anything may be in it. */
type Parsed = IncomingMessage & { readonly body?: unknown };

function toolOf(body: unknown): string | undefined {
  const { method, params } = (body ?? {}) as { readonly method?: unknown; readonly params?: unknown };
  const { name } = (params ?? {}) as { readonly name?: unknown };
  return method === "tools/call" && typeof name === "string" ? name : undefined;
}

/** The same for a call whose answer is no response of its own. */
export function runWithContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** All that is known when a request, or the stream for many, begins. */
export function startOfContext(req: IncomingMessage, res: ServerResponse): Omit<RequestContext, "written"> {
  const place = placeOfRequest(req);
  const session = req.headers[SESSION_HEADER];
  return {
    session: typeof session === "string" && session.length <= MAX_SESSION ? session : undefined,
    project: place.then(({ project }) => project),
    folder: place.then(({ folder }) => folder),
    requester: requesterOf(res),
  };
}

/** The address says it; where it does not, the header of earlier versions' configuration. */
async function placeOfRequest({ url, headers }: IncomingMessage): Promise<CallerPlace> {
  const paths = projectPaths(url);
  if (paths.length > 0) return placeOf(paths);
  const path = projectPath(headers[PROJECT_HEADER]);
  return { project: projectName(path), folder: await realFolder(projectFolder(path)) };
}

/** The context of the running tool call. */
export function currentRequestContext(): RequestContext | undefined {
  return storage.getStore();
}

/** What the context tells about a call's origin; without one (another transport), only the door. */
export async function originOf(context: RequestContext | undefined): Promise<Omit<Submission, "call">> {
  const [project, cwd] = await Promise.all([context?.project, context?.folder]);
  return { door: "mcp", project, cwd, requester: context?.requester };
}
