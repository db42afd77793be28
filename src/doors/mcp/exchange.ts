// One HTTP exchange of the MCP door: what its headers say, and whether its response was written to the end.
import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage, ServerResponse } from "node:http";
import { basename, isAbsolute } from "node:path/posix";

export interface Exchange {
  /** Last part of the caller's project path; undefined when it did not say. */
  readonly project: string | undefined;
  /** The whole path, where it is absolute. */
  readonly folder: string | undefined;
  /** Resolves true when the response was handed to the system in full, false when the connection broke before. */
  readonly written: Promise<boolean>;
}

const PROJECT_HEADER = "x-approval-project";
const storage = new AsyncLocalStorage<Exchange>();

/** Runs `work` so that `currentExchange` inside it answers for this request. */
export function withExchange<T>(req: IncomingMessage, res: ServerResponse, work: () => T): T {
  const written = new Promise<boolean>((resolve) => {
    res.once("finish", () => resolve(true));
    res.once("close", () => resolve(res.writableFinished));
  });
  const path = projectPath(req.headers[PROJECT_HEADER]);
  const folder = path !== undefined && isAbsolute(path) ? path : undefined;
  return storage.run({ project: projectName(req.headers[PROJECT_HEADER]), folder, written }, work);
}

/** The exchange that the running tool call belongs to. */
export function currentExchange(): Exchange | undefined {
  return storage.getStore();
}

/** The last part of the project's path, either kind of slash. */
export function projectName(header: string | string[] | undefined): string | undefined {
  const path = projectPath(header);
  return path === undefined ? undefined : basename(path.replaceAll("\\", "/")) || undefined;
}

/** The path in the header. An unset `${PWD}` arrives as that literal text: absent. */
function projectPath(header: string | string[] | undefined): string | undefined {
  if (typeof header !== "string" || header.includes("${")) return undefined;
  // Header bytes arrive as Latin-1; the path is UTF-8.
  return Buffer.from(header, "latin1").toString("utf8").trim();
}
