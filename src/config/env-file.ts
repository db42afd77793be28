// Writes settings into a .env file without disturbing what a person wrote there: comments, order, line endings, strange
// lines. Every change is read back with dotenv before it counts. Never puts a value into an error.
import { lstat, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { parse } from "dotenv";
import writeFileAtomic from "write-file-atomic";
import { ConfigError } from "../domain/errors.ts";

const OWNER_ONLY = 0o600;
const FOLDER_OWNER_ONLY = 0o700;
const KEY = /^[A-Za-z_]\w*$/;
/** Needs no quotes, neither for dotenv nor for a shell that sources the file. */
const PLAIN = /^[\w./:@%+,=-]*$/;
// dotenv's own pattern, with the part before the value in a group.
export const ASSIGNMENT =
  /(^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?))(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?(?=\s*(?:#.*)?$)/gm;

/**
 * Sets values in the text of a .env file: in place where the key is assigned, otherwise at the end.
 * @throws ConfigError for a key or value that a .env file cannot hold (a newline, NUL).
 */
export function mergeEnv(text: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((merged, [key, value]) => setValue(merged, key, value), text);
}

/**
 * Merges values into a .env file, readable by its owner only; a missing file is created, with its folder.
 * @throws ConfigError as mergeEnv does; the file system's error when reading or writing fails; an error where it is a dead link.
 */
export async function writeEnvFile(path: string, values: Readonly<Record<string, string>>): Promise<void> {
  const merged = mergeEnv(await readIfThere(path), values);
  await mkdir(dirname(path), { recursive: true, mode: FOLDER_OWNER_ONLY });
  await writeFileAtomic(path, merged, { mode: OWNER_ONLY });
}

/** The settings in a .env file; none when there is no file. @throws the file system's error when reading fails, or it is a dead link. */
export async function readEnvFile(path: string): Promise<Record<string, string>> {
  return parse(await readIfThere(path));
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    // What it says is not known, and nothing in its place may count: the simulated phone would answer.
    const found = await lstat(path).catch(() => undefined);
    if (found?.isSymbolicLink()) throw new Error("it is a link to a file that is not there");
    return "";
  }
}

function setValue(text: string, key: string, value: string): string {
  if (!KEY.test(key)) throw new ConfigError([`${JSON.stringify(key)} cannot be the name of a variable`]);
  if (/[\r\n\0]/.test(value)) throw new ConfigError([`${key}: a value must not hold a newline or NUL`]);
  const wanted = { ...parse(text), [key]: value };
  for (const written of spellings(value)) {
    const merged = assign(text, key, written);
    if (sameValues(parse(merged), wanted)) return merged;
  }
  throw new ConfigError([`${key}: this value cannot be written so that it reads back the same`]);
}

/** The ways to write a value, nicest first. */
function spellings(value: string): string[] {
  const quoted = ["'", '"', "`"]
    .filter((mark) => !value.includes(mark))
    .map((mark) => `${mark}${value}${mark}`);
  return PLAIN.test(value) ? [value, ...quoted] : [...quoted, value, `'${value}'`];
}

function assign(text: string, key: string, written: string): string {
  let found = false;
  const replaced = text.replace(
    ASSIGNMENT,
    (whole: string, head: string, name: string, old: string | undefined, offset: number) => {
      if (name !== key) return whole;
      found = true;
      const space = /^[^\S\r\n]*/.exec(old ?? "")?.[0] ?? "";
      const beforeComment =
        text[offset + whole.length] === "#" ? (/[^\S\r\n]*$/.exec(old ?? "")?.[0] ?? "") : "";
      return `${head}${space}${written}${beforeComment}`;
    },
  );
  if (found) return replaced;
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const separator = text === "" || /[\r\n]$/.test(text) ? "" : end;
  return `${text}${separator}${key}=${written}${end}`;
}

function sameValues(
  actual: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): boolean {
  const keys = Object.keys(wanted);
  return (
    Object.keys(actual).length === keys.length &&
    keys.every((key) => Object.hasOwn(actual, key) && actual[key] === wanted[key])
  );
}
