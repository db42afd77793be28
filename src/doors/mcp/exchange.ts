// One HTTP exchange of the MCP door: what its headers say, and whether its response was written to the end.
import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Submission } from "../../core/record.ts";
import { PROJECT_HEADER, projectFolder, projectName, projectPath, realFolder } from "../project.ts";
import { requesterOf } from "../requester.ts";
import { whenWritten } from "../written.ts";

export interface Exchange {
  /** Last part of the caller's project path; undefined when it did not say. */
  readonly project: string | undefined;
  /** The whole path without symbolic links, where it is absolute. Never rejects. */
  readonly folder: Promise<string | undefined>;
  /** Name of the token that came with it. */
  readonly requester: string | undefined;
  /** Resolves true when the response was handed to the system in full, false when the connection broke before. */
  readonly written: Promise<boolean>;
}

const storage = new AsyncLocalStorage<Exchange>();

/** Runs `work` so that `currentExchange` inside it answers for this request. */
export function withExchange<T>(req: IncomingMessage, res: ServerResponse, work: () => T): T {
  const path = projectPath(req.headers[PROJECT_HEADER]);
  const exchange = {
    project: projectName(path),
    folder: realFolder(projectFolder(path)),
    requester: requesterOf(res),
    written: whenWritten(res),
  };
  return storage.run(exchange, work);
}

/** The exchange that the running tool call belongs to. */
export function currentExchange(): Exchange | undefined {
  return storage.getStore();
}

/** What the exchange tells about a call's origin; without one (another transport) only the door. */
export async function originOf(exchange: Exchange | undefined): Promise<Omit<Submission, "call">> {
  const { project, requester } = exchange ?? {};
  const cwd = await exchange?.folder;
  return {
    door: "mcp",
    ...(project === undefined ? {} : { project }),
    ...(cwd === undefined ? {} : { cwd }),
    ...(requester === undefined ? {} : { requester }),
  };
}
