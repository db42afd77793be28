// What to notice about a tool that reads or writes one file: the same places that a shell command is warned about.

import { posix } from "node:path";
import type { ToolCall } from "../domain/tool-call.ts";
import { type HostPaths, isOwnFile, isSensitiveFile } from "../shell/protected-file.ts";
import { riskText } from "../shell/risk.ts";

const WRITERS: ReadonlyMap<string, string> = new Map([
  ["Edit", "file_path"],
  ["Write", "file_path"],
  ["NotebookEdit", "notebook_path"],
]);

export interface FileWarningContext extends HostPaths {
  /** The caller's folder, absolute. */
  readonly cwd?: string | undefined;
}

/** The warnings of a file tool, in the person's words; none for other tools. */
export function fileWarnings({ toolName, input }: ToolCall, context: FileWarningContext): string[] {
  const key = toolName === "Read" ? "file_path" : WRITERS.get(toolName);
  const given = key === undefined ? undefined : input[key];
  if (typeof given !== "string") return [];
  const path = posix.resolve(context.cwd ?? "/", given.replace(/^~(?=\/|$)/, context.home));
  if (isOwnFile(path, context.ownPaths)) return [riskText("own-files")];
  return toolName !== "Read" && isSensitiveFile(path)
    ? ["changes secrets, settings or what runs later by itself"]
    : [];
}
