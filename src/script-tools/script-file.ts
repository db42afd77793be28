// A script with its settings, as the bytes that were read: what is hashed, shown and run is this, and never the file again.
import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { readScriptSettings, type ScriptSettings } from "./script-settings.ts";
import { ownerProblem, trustedPlace } from "./trusted-place.ts";

/** The files of one tool, in the folder for tools. */
export interface ScriptPlace {
  readonly name: string;
  /** `deploy.sh` */
  readonly file: string;
  /** The folder for tools, absolute, without links. */
  readonly folder: string;
}

export interface LoadedScript extends ScriptPlace {
  readonly settings: ScriptSettings;
  readonly text: string;
  readonly settingsText: string;
  /** SHA-256 of both files, the script first, hex: what `cat deploy.sh deploy.json | sha256sum` says. */
  readonly sha256: string;
  /** The same for the same files only: the name, where the one ends, and what both hold. */
  readonly identity: string;
  /** What runs it, where its first line does not say so. */
  readonly interpreter?: string | undefined;
}

export type ReadScript =
  | { readonly ok: true; readonly script: LoadedScript }
  | { readonly ok: false; readonly problem: string };

/** Bytes. What is longer nobody reads on a phone. */
export const MAX_SCRIPT_BYTES = 64 * 1024;

const SHEBANG = /^#![ \t]*\/[^\s]+/;

/** What runs a script without `#!`, by how its name ends. */
export const INTERPRETERS: ReadonlyMap<string, string> = new Map([
  ["sh", "sh"],
  ["bash", "bash"],
  ["zsh", "zsh"],
  ["py", "python3"],
  ["rb", "ruby"],
  ["pl", "perl"],
  ["js", "node"],
  ["mjs", "node"],
  ["cjs", "node"],
]);

/** @param user the user's id @param known as it was read before. Never throws. */
export function readScript(place: ScriptPlace, user: number, known?: LoadedScript): ReadScript {
  const { name, file, folder } = place;
  const script = readTrusted(`${folder}/${file}`, folder, user, { isExecutable: true });
  if (!script.ok) return script;
  const json = readTrusted(`${folder}/${name}.json`, folder, user, { isExecutable: false });
  if (!json.ok) return json;
  const interpreter = INTERPRETERS.get(/\.([^.]*)$/.exec(file)?.[1] ?? "");
  // What the kernel would not take as a first line, the system would hand to a shell.
  const hasShebang = SHEBANG.test(script.text);
  if (!hasShebang && interpreter === undefined)
    return { ok: false, problem: `${file} does not say what runs it: begin it with #! and an absolute path` };
  const sha256 = createHash("sha256").update(script.bytes).update(json.bytes).digest("hex");
  const identity = `${file}\n${script.bytes.length}\n${sha256}`;
  // To compile a schema takes longer than all the rest.
  const read =
    known?.identity === identity
      ? { ok: true as const, settings: known.settings }
      : readScriptSettings(json.text);
  if (!read.ok) return { ok: false, problem: `${name}.json ${read.problem}` };
  return {
    ok: true,
    script: {
      ...place,
      settings: read.settings,
      text: script.text,
      settingsText: json.text,
      sha256,
      identity,
      ...(hasShebang ? {} : { interpreter }),
    },
  };
}

type ReadText =
  | { readonly ok: true; readonly bytes: Buffer; readonly text: string }
  | { readonly ok: false; readonly problem: string };

/** The open file is checked, not its name: a moment later, another file may have that name. */
function readTrusted(
  path: string,
  folder: string,
  user: number,
  { isExecutable }: { readonly isExecutable: boolean },
): ReadText {
  const place = trustedPlace(path, user);
  if (!place.ok) return place;
  if (!place.path.startsWith(`${folder}/`)) return bad(path, "is a link that leads out of the folder");
  let file: number;
  try {
    // Without O_NONBLOCK a pipe of this name would hold the server up.
    file = openSync(place.path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    return bad(path, `cannot be opened (${codeOf(error)})`);
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) return bad(path, "is not a file");
    const problem = ownerProblem(path, stats, user);
    if (problem !== undefined) return { ok: false, problem };
    if (isExecutable && (stats.mode & 0o111) === 0)
      return bad(path, "is not executable: run chmod u+x on it");
    if (stats.size > MAX_SCRIPT_BYTES) return bad(path, `is larger than ${MAX_SCRIPT_BYTES} bytes`);
    const bytes = readFileSync(file);
    if (bytes.length > MAX_SCRIPT_BYTES) return bad(path, `is larger than ${MAX_SCRIPT_BYTES} bytes`);
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    if (text.includes("\0")) return bad(path, "is not a text");
    return { ok: true, bytes, text };
  } catch (error) {
    return bad(
      path,
      error instanceof TypeError ? "is not a text in UTF-8" : `cannot be read (${codeOf(error)})`,
    );
  } finally {
    closeSync(file);
  }
}

function bad(path: string, problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem: `${path} ${problem}` };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
