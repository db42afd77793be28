// Reads policy.json from the disk. Whoever can write it decides for the person: a file that others can write is refused.
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import { type CompiledPolicy, compilePolicy } from "./compile.ts";
import type { PolicyContext } from "./policy-context.ts";

export type PolicyFile =
  | { readonly kind: "none" }
  | { readonly kind: "good"; readonly policy: CompiledPolicy }
  | { readonly kind: "bad"; readonly problems: readonly string[] };

/** Bytes; a policy is written by hand. */
const MAX_SIZE = 256 * 1024;
const OTHERS_WRITE = 0o022;
const ROOT = 0;

/** Never throws. */
export function readPolicyFile(path: string, context: PolicyContext): PolicyFile {
  let file: number;
  try {
    // Without O_NONBLOCK a pipe of this name would hold the server up.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return codeOf(error) === "ENOENT" ? { kind: "none" } : bad(`cannot be opened (${codeOf(error)})`);
  }
  try {
    // The open file is checked, not its name: a moment later, another file may have that name.
    const { mode, uid, size } = fstatSync(file);
    const problem = whyNotTrusted(mode, uid, size);
    if (problem !== undefined) return bad(problem);
    const bytes = Buffer.alloc(MAX_SIZE + 1);
    const compiled = compilePolicy(readAll(file, bytes).toString("utf8"), context);
    return compiled.ok ? { kind: "good", policy: compiled.policy } : bad(...compiled.problems);
  } catch (error) {
    return bad(`cannot be read (${codeOf(error)})`);
  } finally {
    closeSync(file);
  }
}

/** Changes whenever the file may have: its content, its mode, its owner, its place. */
export function fileStamp(path: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs, mode, uid } = statSync(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs, mode, uid].join(":");
  } catch (error) {
    return codeOf(error);
  }
}

function whyNotTrusted(mode: number, uid: number, size: number): string | undefined {
  if ((mode & constants.S_IFMT) !== constants.S_IFREG) return "is not a file";
  if (size > MAX_SIZE) return `is larger than ${MAX_SIZE} bytes`;
  const user = process.getuid?.();
  if (user === undefined) return undefined;
  if (uid !== user && uid !== ROOT) return "belongs to another user: make it your own, or root's";
  return (mode & OTHERS_WRITE) === 0 ? undefined : "can be written by others: run chmod go-w on it";
}

function readAll(file: number, bytes: Buffer): Buffer {
  let length = 0;
  for (;;) {
    const read = readSync(file, bytes, length, bytes.length - length, null);
    if (read === 0) return bytes.subarray(0, length);
    length += read;
  }
}

function bad(...problems: readonly string[]): PolicyFile {
  return { kind: "bad", problems };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}
