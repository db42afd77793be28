// The file that describes the service: whether it is there, and whether it is ours to change.
import { readFile } from "node:fs/promises";
import { ServerError } from "../local-client.ts";
import { MARK } from "./manager.ts";

/** @returns its text; undefined when there is none @throws ServerError when somebody else has written it */
export async function readOurFile(path: string): Promise<string | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined || text.includes(MARK)) return text;
  throw new ServerError(
    `${path} was not written by this command, so that it is left alone.`,
    "Move it away, or manage that service as it was set up.",
  );
}
