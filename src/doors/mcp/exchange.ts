// One HTTP exchange of the MCP door: what its headers say, and whether its response was written to the end.
import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Submission } from "../../core/record.ts";
import { PROJECT_HEADER, projectFolder, projectName, projectPath } from "../project.ts";
import { requesterOf } from "../requester.ts";

export interface Exchange {
  /** Last part of the caller's project path; undefined when it did not say. */
  readonly project: string | undefined;
  /** The whole path, where it is absolute. */
  readonly folder: string | undefined;
  /** Name of the token that came with it. */
  readonly requester: string | undefined;
  /** Resolves true when the response was handed to the system in full, false when the connection broke before. */
  readonly written: Promise<boolean>;
}

const storage = new AsyncLocalStorage<Exchange>();

/** Runs `work` so that `currentExchange` inside it answers for this request. */
export function withExchange<T>(req: IncomingMessage, res: ServerResponse, work: () => T): T {
  const written = new Promise<boolean>((resolve) => {
    res.once("finish", () => resolve(true));
    res.once("close", () => resolve(res.writableFinished));
  });
  const path = projectPath(req.headers[PROJECT_HEADER]);
  const exchange = {
    project: projectName(path),
    folder: projectFolder(path),
    requester: requesterOf(res),
    written,
  };
  return storage.run(exchange, work);
}

/** The exchange that the running tool call belongs to. */
export function currentExchange(): Exchange | undefined {
  return storage.getStore();
}

/** What the exchange tells about a call's origin; without one (another transport) only the door. */
export function originOf(exchange: Exchange | undefined): Omit<Submission, "call"> {
  const { project, folder: cwd, requester } = exchange ?? {};
  return {
    door: "mcp",
    ...(project === undefined ? {} : { project }),
    ...(cwd === undefined ? {} : { cwd }),
    ...(requester === undefined ? {} : { requester }),
  };
}
