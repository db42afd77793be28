// Reads a file that decides for the person, or says which programs are started: one that others can write is refused.
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs";

export type OwnFile =
  | { readonly kind: "none" }
  | { readonly kind: "good"; readonly text: string /** Of its permissions. */; readonly mode: number }
  /** A sentence without its subject. */
  | { readonly kind: "bad"; readonly problem: string };

const OTHERS_WRITE = 0o022;
const ROOT = 0;

export interface OwnFileOptions {
  /** Bytes; it is written by hand. */
  readonly maxSize: number;
  /** What to run on one that others can write: `chmod go-w`. */
  readonly mend: string;
}

/** Never throws. */
export function readOwnFile(path: string, options: OwnFileOptions): OwnFile {
  let file: number;
  try {
    // Without O_NONBLOCK a pipe of this name would hold the server up.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") return bad(`cannot be opened (${codeOf(error)})`);
    return leadsNowhere(path) ? bad("is a link to a file that is not there") : { kind: "none" };
  }
  try {
    // The open file is checked, not its name: a moment later, another file may have that name.
    const { mode, uid, size } = fstatSync(file);
    const problem = whyNotTrusted({ mode, uid, size }, options);
    if (problem !== undefined) return bad(problem);
    const bytes = readAll(file, Buffer.alloc(options.maxSize + 1));
    if (bytes.length > options.maxSize) return bad(tooLarge(options));
    return { kind: "good", text: bytes.toString("utf8"), mode: mode & 0o777 };
  } catch (error) {
    return bad(`cannot be read (${codeOf(error)})`);
  } finally {
    closeSync(file);
  }
}

interface FileFacts {
  readonly mode: number;
  readonly uid: number;
  readonly size: number;
}

function whyNotTrusted({ mode, uid, size }: FileFacts, options: OwnFileOptions): string | undefined {
  if ((mode & constants.S_IFMT) !== constants.S_IFREG) return "is not a file";
  if (size > options.maxSize) return tooLarge(options);
  const user = process.getuid?.();
  if (user === undefined) return undefined;
  if (uid !== user && uid !== ROOT) return "belongs to another user: make it your own, or root's";
  return (mode & OTHERS_WRITE) === 0 ? undefined : `can be written by others: run ${options.mend} on it`;
}

function readAll(file: number, bytes: Buffer): Buffer {
  let length = 0;
  for (;;) {
    const read = readSync(file, bytes, length, bytes.length - length, null);
    if (read === 0) return bytes.subarray(0, length);
    length += read;
  }
}

const tooLarge = ({ maxSize }: OwnFileOptions) => `is larger than ${maxSize} bytes`;

function bad(problem: string): OwnFile {
  return { kind: "bad", problem };
}

/** Whether it is a link whose file is gone, or not mounted: somebody meant that file to count. @param path of what cannot be found */
export function leadsNowhere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}
