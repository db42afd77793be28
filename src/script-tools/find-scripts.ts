// What the folder for tools has in it: the scripts that may be offered, and what is wrong with the others.
import { lstatSync, readdirSync, statSync } from "node:fs";
import { visibleLine } from "../domain/visible.ts";
import {
  INTERPRETERS,
  type LoadedScript,
  type ReadScript,
  readScript,
  type ScriptPlace,
} from "./script-file.ts";
import { trustedPlace } from "./trusted-place.ts";

export interface FoundScripts {
  /** `none`: there is no such folder. `bad`: nothing in it counts. */
  readonly state: "none" | "good" | "bad";
  /** By name. */
  readonly scripts: ReadonlyMap<string, LoadedScript>;
  /** A sentence each, with the file's name; safe to print. */
  readonly problems: readonly string[];
}

/** More would not help a model to choose. */
const MAX_SCRIPTS = 100;
const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;

export interface ScriptFolder {
  /** Absolute. */
  readonly path: string;
  /** Whose files count; undefined where the system does not tell owners. */
  readonly user: number | undefined;
}

/** Scripts by name that were read before: what has not changed is not compiled again. */
type Known = ReadonlyMap<string, LoadedScript>;

/** Never throws. */
export function findScripts(folder: ScriptFolder, known: Known = new Map()): FoundScripts {
  if (lstatSync(folder.path, { throwIfNoEntry: false }) === undefined) return nothing("none");
  const found = lookInto(folder);
  if (!found.ok) return nothing("bad", found.problem);
  const { places, user } = found;
  const scripts = new Map<string, LoadedScript>();
  const problems = [...found.problems];
  for (const place of places.slice(0, MAX_SCRIPTS)) {
    const read = readScript(place, user, known.get(place.name));
    if (read.ok) scripts.set(place.name, read.script);
    else problems.push(read.problem);
  }
  if (places.length > MAX_SCRIPTS)
    problems.push(`there are ${places.length} scripts, and no more than ${MAX_SCRIPTS} are offered`);
  return { state: "good", scripts, problems: problems.map(visibleLine) };
}

/** One of them, from the disk. Never throws. @returns undefined where none of that name is offered */
export function loadScript(
  folder: ScriptFolder,
  name: string,
  known: Known = new Map(),
): ReadScript | undefined {
  const found = lookInto(folder);
  if (!found.ok) return found;
  const place = found.places.slice(0, MAX_SCRIPTS).find((each) => each.name === name);
  return place && readScript(place, found.user, known.get(name));
}

type FolderLook =
  | {
      readonly ok: true;
      readonly places: readonly ScriptPlace[];
      readonly problems: readonly string[];
      readonly user: number;
    }
  | { readonly ok: false; readonly problem: string };

function lookInto({ path, user }: ScriptFolder): FolderLook {
  if (user === undefined)
    return { ok: false, problem: `${path}: scripts as tools need a system that tells who owns a file` };
  const place = trustedPlace(path, user);
  if (!place.ok) return place;
  try {
    return { ok: true, user, ...placesIn(entriesOf(place.path), place.path) };
  } catch (error) {
    return { ok: false, problem: `${path} cannot be read (${(error as NodeJS.ErrnoException).code})` };
  }
}

/** Changes whenever a script may have: its content, its mode, its owner, its place. Never throws. */
export function folderStamp({ path }: Pick<ScriptFolder, "path">): string {
  try {
    return [path, ...readdirSync(path).map((name) => `${path}/${name}`)].map(stampOf).join("\n");
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

function stampOf(path: string): string {
  const own = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  const aim = own?.isSymbolicLink() ? statSync(path, { bigint: true, throwIfNoEntry: false }) : own;
  return [
    path,
    own?.ino,
    aim?.dev,
    aim?.ino,
    aim?.size,
    aim?.mtimeNs,
    aim?.ctimeNs,
    aim?.mode,
    aim?.uid,
  ].join(":");
}

interface FolderEntries {
  /** Files that may be scripts, by the name before the first dot of their ending. */
  readonly scripts: ReadonlyMap<string, readonly string[]>;
  readonly settings: ReadonlySet<string>;
}

function entriesOf(folder: string): FolderEntries {
  const scripts = new Map<string, string[]>();
  const settings = new Set<string>();
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const { name: file } = entry;
    // What editors and systems leave behind, and folders, in which a script may keep what it needs.
    if (file.startsWith(".") || file.endsWith("~") || entry.isDirectory()) continue;
    if (file.endsWith(".json")) settings.add(file.slice(0, -".json".length));
    else {
      const base = file.replace(/\.[^.]*$/, "");
      scripts.set(base, [...(scripts.get(base) ?? []), file]);
    }
  }
  return { scripts, settings };
}

/** The files that may be tools, and what is wrong with the others. */
function placesIn({ scripts, settings }: FolderEntries, folder: string) {
  const problems: string[] = [];
  const places: ScriptPlace[] = [];
  for (const [name, files] of scripts) {
    const likely = files.filter((file) => looksLikeScript(file, folder));
    const [file = ""] = [...likely, ...files];
    if (!settings.has(name)) {
      problems.push(...likely.map((each) => `${each} has no ${name}.json beside it`));
    } else if (!NAME.test(name)) {
      problems.push(`${file} has a name that no tool can have: small letters, digits, - and _ only`);
    } else if (likely.length > 1) {
      problems.push(`${likely.join(" and ")} would be the same tool, scripts__${name}: rename one`);
    } else places.push({ name, file, folder });
  }
  const lost = [...settings].filter((name) => !scripts.has(name));
  problems.push(...lost.map((name) => `${name}.json has no script beside it`));
  return { places, problems };
}

function looksLikeScript(file: string, folder: string): boolean {
  const ending = /\.([^.]*)$/.exec(file)?.[1];
  if (ending !== undefined && INTERPRETERS.has(ending)) return true;
  const stats = statSync(`${folder}/${file}`, { throwIfNoEntry: false });
  return stats?.isFile() === true && (stats.mode & 0o111) !== 0;
}

function nothing(state: "none" | "bad", ...problems: readonly string[]): FoundScripts {
  return { state, scripts: new Map(), problems: problems.map(visibleLine) };
}
