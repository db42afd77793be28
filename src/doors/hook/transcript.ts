// The last thing that Claude said before a call, from the transcript that its hooks name (2.1.329). The path comes from whoever posts: only what
// looks like a transcript of that very session is opened, only a file of ours is read, and no more than its end. Fails quietly.

import { constants } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute } from "node:path";
import { z } from "zod";
import { readAs } from "../../core/read-as.ts";

/** Of a long session only the end is read, bytes: a call of this size stands after the words. */
const MAX_BYTES = 1_000_000;
const SESSION = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const block = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  name: z.string().optional(),
  id: z.string().optional(),
  tool_use_id: z.string().optional(),
});
const entry = z.object({
  type: z.enum(["assistant", "user"]),
  isSidechain: z.boolean().optional(),
  isMeta: z.boolean().optional(),
  message: z.object({ content: z.union([z.string(), z.array(block)]) }),
});

export interface SaidBefore {
  /** Absent where the turn has none before the call, and where the file is not what it should be. */
  readonly words?: string | undefined;
  /** The call itself is not there yet: Claude Code writes a little later than it asks (seen with 2.1.332). */
  readonly isEarly?: true;
}

/** @param toolName of the call: words count that stand before one of this tool. Never rejects. */
export async function saidBefore(toolName: string, path: string, sessionId: string): Promise<SaidBefore> {
  try {
    if (!isTranscript(path, sessionId)) return {};
    const real = await realpath(path);
    if (!isTranscript(real, sessionId)) return {};
    // Never waits for a pipe, and follows no link that was put there meanwhile.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    const file = await open(real, flags);
    try {
      return lastWords(await endOf(file), toolName);
    } finally {
      await file.close();
    }
  } catch {
    return {};
  }
}

/** `…/projects/<folder>/<session>.jsonl`, wherever Claude Code keeps its data. */
function isTranscript(path: string, sessionId: string): boolean {
  return (
    isAbsolute(path) &&
    SESSION.test(sessionId) &&
    basename(path) === `${sessionId}.jsonl` &&
    basename(dirname(dirname(path))) === "projects"
  );
}

/** The last lines, whole ones only; the newest comes last. */
async function endOf(file: FileHandle): Promise<string[]> {
  const stats = await file.stat();
  const isOwn = process.getuid === undefined || stats.uid === process.getuid();
  if (!stats.isFile() || !isOwn || stats.size === 0) return [];
  const start = Math.max(0, stats.size - MAX_BYTES);
  const { buffer, bytesRead } = await file.read({
    buffer: Buffer.alloc(stats.size - start),
    position: start,
  });
  const lines = buffer.subarray(0, bytesRead).toString("utf8").split("\n");
  return start === 0 ? lines : lines.slice(1);
}

function lastWords(lines: readonly string[], toolName: string): SaidBefore {
  let isCallSeen = false;
  /** Calls that have their result: what is asked about has none. */
  const ended = new Set<string | undefined>();
  for (const line of [...lines].reverse()) {
    const read = entryOf(line);
    if (read === undefined || read.isSidechain === true) continue;
    const { content } = read.message;
    const blocks: z.infer<typeof block>[] =
      typeof content === "string" ? [{ type: "text", text: content }] : content;
    for (const { type, tool_use_id } of blocks) if (type === "tool_result") ended.add(tool_use_id);
    const words = blocks.flatMap(textOf).findLast((text) => text.trim() !== "");
    if (read.type === "assistant") {
      isCallSeen ||= blocks.some(
        ({ type, name, id }) => type === "tool_use" && name === toolName && !ended.has(id),
      );
      if (words !== undefined) return isCallSeen ? { words } : { isEarly: true };
    } else if (words !== undefined && read.isMeta !== true) {
      // What was said before the last prompt is about something else.
      return isCallSeen ? {} : { isEarly: true };
    }
  }
  return isCallSeen ? {} : { isEarly: true };
}

function entryOf(line: string): z.infer<typeof entry> | undefined {
  if (!line.includes('"assistant"') && !line.includes('"user"')) return undefined;
  try {
    return readAs(entry, JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function textOf({ type, text = "" }: z.infer<typeof block>): string[] {
  return type === "text" ? [text] : [];
}
