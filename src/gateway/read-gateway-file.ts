// Reads gateway.json from the disk. It says which programs are started: a file that others can write is refused.
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { duplicateKeys } from "../policy/duplicate-keys.ts";
import type { EntryContext, GatewayEntry } from "./entry.ts";
import { readEntries } from "./schema.ts";

export type GatewayFile =
  | { readonly kind: "none" }
  | {
      readonly kind: "good";
      readonly entries: readonly GatewayEntry[];
      /** The permission bits, where others may read what may hold tokens. */
      readonly openMode?: number | undefined;
    }
  | { readonly kind: "bad"; readonly problems: readonly string[] };

/** Bytes; it is written by hand. */
const MAX_SIZE = 256 * 1024;
const OTHERS_WRITE = 0o022;
const OTHERS_READ = 0o044;
const ROOT = 0;

/** Never throws. */
export function readGatewayFile(path: string, context: EntryContext): GatewayFile {
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
    return parse(readFileSync(file, "utf8"), context, mode);
  } catch (error) {
    return bad(`cannot be read (${codeOf(error)})`);
  } finally {
    closeSync(file);
  }
}

function parse(text: string, context: EntryContext, mode: number): GatewayFile {
  let json: unknown;
  try {
    // Some editors put a byte order mark in front.
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    // The parser's own words quote the file, which may hold tokens.
    return bad("is not valid JSON");
  }
  const twice = duplicateKeys(text);
  if (twice.length > 0)
    return bad(
      ...twice.map((key) => `has the key ${JSON.stringify(key)} twice in one place: put them together`),
    );
  const read = readEntries(json, context);
  if (!read.ok) return bad(...read.problems);
  const isOpen = process.platform !== "win32" && (mode & OTHERS_READ) !== 0;
  return { kind: "good", entries: read.entries, ...(isOpen ? { openMode: mode & 0o777 } : {}) };
}

function whyNotTrusted(mode: number, uid: number, size: number): string | undefined {
  if ((mode & constants.S_IFMT) !== constants.S_IFREG) return "is not a file";
  if (size > MAX_SIZE) return `is larger than ${MAX_SIZE} bytes`;
  const user = process.getuid?.();
  if (user === undefined) return undefined;
  if (uid !== user && uid !== ROOT) return "belongs to another user: make it your own, or root's";
  return (mode & OTHERS_WRITE) === 0 ? undefined : "can be written by others: run chmod 600 on it";
}

function bad(...problems: readonly string[]): GatewayFile {
  return { kind: "bad", problems };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}
