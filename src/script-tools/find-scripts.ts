// What the folder for tools has in it: the scripts that may be offered, and what is wrong with the others.
import { lstatSync, readdirSync, statSync } from "node:fs";
import { INTERPRETERS, type LoadedScript, readScript, type ScriptPlace } from "./script-file.ts";
import { trustedPlace } from "./trusted-place.ts";

export interface FoundScripts {
  /** `none`: there is no such folder. `bad`: nothing in it counts. */
  readonly state: "none" | "good" | "bad";
  /** By name. */
  readonly scripts: ReadonlyMap<string, LoadedScript>;
  /** A sentence each, with the file's name. */
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

/** Never throws. */
export function findScripts({ path, user }: ScriptFolder): FoundScripts {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return nothing("none");
  if (user === undefined)
    return nothing("bad", `${path}: scripts as tools need a system that tells who owns a file`);
  const place = trustedPlace(path, user);
  if (!place.ok) return nothing("bad", place.problem);
  try {
    const entries = entriesOf(place.path);
    return readAll(entries, place.path, user);
  } catch (error) {
    return nothing("bad", `${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
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

function readAll({ scripts, settings }: FolderEntries, folder: string, user: number): FoundScripts {
  const found = new Map<string, LoadedScript>();
  const problems: string[] = [];
  const places: ScriptPlace[] = [];
  for (const [name, files] of scripts) {
    const [file = "", ...others] = files;
    if (!settings.has(name)) {
      problems.push(...files.filter(looksLikeScript).map((each) => `${each} has no ${name}.json beside it`));
    } else if (!NAME.test(name)) {
      problems.push(`${file} has a name that no tool can have: small letters, digits, - and _ only`);
    } else if (others.length > 0) {
      problems.push(`${files.join(" and ")} would be the same tool, scripts__${name}: rename one`);
    } else places.push({ name, file, folder });
  }
  problems.push(
    ...[...settings]
      .filter((name) => !scripts.has(name))
      .map((name) => `${name}.json has no script beside it`),
  );
  for (const place of places.slice(0, MAX_SCRIPTS)) {
    const read = readScript(place, user);
    if (read.ok) found.set(place.name, read.script);
    else problems.push(read.problem);
  }
  if (places.length > MAX_SCRIPTS)
    problems.push(`there are ${places.length} scripts, and no more than ${MAX_SCRIPTS} are offered`);
  return { state: "good", scripts: found, problems };

  function looksLikeScript(file: string): boolean {
    const ending = /\.([^.]*)$/.exec(file)?.[1];
    if (ending !== undefined && INTERPRETERS.has(ending)) return true;
    const stats = statSync(`${folder}/${file}`, { throwIfNoEntry: false });
    return stats?.isFile() === true && (stats.mode & 0o111) !== 0;
  }
}

function nothing(state: "none" | "bad", ...problems: readonly string[]): FoundScripts {
  return { state, scripts: new Map(), problems };
}
