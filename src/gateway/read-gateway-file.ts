// Reads gateway.json from the disk. It says which programs are started: a file that others can write is refused.
import { duplicateKeys } from "../policy/duplicate-keys.ts";
import { readOwnFile } from "../policy/own-file.ts";
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
const OTHERS_READ = 0o044;

/** Never throws. */
export function readGatewayFile(path: string, context: EntryContext): GatewayFile {
  const file = readOwnFile(path, { maxSize: MAX_SIZE, mend: "chmod 600" });
  if (file.kind === "none") return file;
  return file.kind === "bad" ? bad(file.problem) : parse(file.text, context, file.mode);
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
  return { kind: "good", entries: read.entries, ...(isOpen ? { openMode: mode } : {}) };
}

function bad(...problems: readonly string[]): GatewayFile {
  return { kind: "bad", problems };
}
