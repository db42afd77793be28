// What a Write replaces, so that the phone can show what changes. Reads the file as it is when the call is asked: regular
// files of text only, never one that may hold secrets or is the server's own, and never for long.
import { constants } from "node:fs";
import { type FileHandle, lstat, open, realpath } from "node:fs/promises";
import { posix } from "node:path";
import { withDeadline } from "../core/timing.ts";
import type { Inspection } from "../domain/inspection.ts";
import type { ToolCall } from "../domain/tool-call.ts";
import { type HostPaths, isProtected } from "../shell/protected-file.ts";

/** Bytes; a larger file has more lines than are compared, or lines that nobody reads. */
const MAX_SIZE = 1_000_000;
/** ms; a share whose server is gone may take for ever. */
const LIMIT_MS = 1_000;
/** Reads that never came back hold threads that everything else needs. */
const MAX_STUCK = 2;

export type Replaced = NonNullable<Inspection["replaces"]>;

interface ReplacedFileContext extends HostPaths {
  /** The caller's folder, absolute, where it is known. */
  readonly cwd?: string | undefined;
}

/** Undefined where nothing is replaced, or where that is not known; the text is not masked yet. Never rejects. */
export type ReadReplacedFile = (
  call: ToolCall,
  context: ReplacedFileContext,
) => Promise<Replaced | undefined>;

export function createReplacedFileReader(): ReadReplacedFile {
  let running = 0;
  return async ({ toolName, input }, context) => {
    const { file_path: given, content } = input;
    if (toolName !== "Write" || typeof given !== "string" || typeof content !== "string") return undefined;
    const path = given.replace(/^~(?=\/|$)/, context.home);
    if (!path.startsWith("/") && context.cwd === undefined) return undefined;
    if (running >= MAX_STUCK) return { unknown: "which was not read: earlier reads hang" };
    running += 1;
    const read = replaced(posix.resolve(context.cwd ?? "/", path), context).finally(() => {
      running -= 1;
    });
    return withDeadline(LIMIT_MS, () => read).catch(() => ({ unknown: "which could not be read" }));
  };
}

async function replaced(path: string, paths: HostPaths): Promise<Replaced | undefined> {
  const real = await realpath(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  });
  if (real === undefined) return undefined;
  if (isProtected(path, paths) || isProtected(real, paths))
    return { unknown: "which is not read because of where it is" };
  // A device is not even opened.
  if (!(await lstat(real)).isFile()) return { unknown: "which is no regular file" };
  // What is there now may differ from what was there a moment ago: no link is followed, no pipe is waited for.
  const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) return { unknown: "which is no regular file" };
    const bytes = await readUpTo(handle, MAX_SIZE + 1);
    if (bytes.length > MAX_SIZE) return { unknown: "which is too large to be compared" };
    return textOf(bytes);
  } finally {
    await handle.close();
  }
}

/** However large the file says it is, or grows. */
async function readUpTo(handle: FileHandle, max: number): Promise<Buffer> {
  const buffer = Buffer.alloc(max);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, max - length, length);
    length += bytesRead;
    if (bytesRead === 0 || length === max) return buffer.subarray(0, length);
  }
}

function textOf(bytes: Buffer): Replaced {
  const isNoText = { unknown: "which is no text" };
  if (bytes.includes(0)) return isNoText;
  try {
    // A byte order mark is kept: whether it goes is a change as well.
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return isNoText;
  }
}
