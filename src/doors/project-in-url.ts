// The caller's folder in the address that it posts to: `/mcp?project=${PWD}`. A header cannot carry every folder's name.
// Claude Code puts the path in as it is and has it parsed as a URL: what no URL may hold arrives percent-encoded, what a
// query may hold (& ? + = %) as it is, and what follows a # does not arrive at all (measured with 2.1.329).
import { readdir } from "node:fs/promises";
import { basename, dirname, normalize } from "node:path/posix";
import { withDeadline } from "../core/timing.ts";
import { projectFolder, projectName, realPathOf } from "./project.ts";

/** Far above what looking for a folder takes, ms; a share whose server is gone may take for ever. */
const LIMIT_MS = 2_000;
/** Everything after it is the path: it is the last parameter. */
const PARAMETER = /[?&]project=(.*)$/s;
/** What a URL parser encodes in a query: controls, blanks, quotes, < and >, and whatever ASCII does not have. */
const BY_URL_PARSER = /(?:%(?:[01][0-9a-f]|2[027]|3[ce]|7f|[89a-f][0-9a-f]))+/gi;
const ANY = /(?:%[0-9a-f]{2})+/gi;

/** Where a caller works. */
export interface CallerPlace {
  /** The folder's name, as the phone shows it. */
  readonly project: string | undefined;
  /** The whole path without symbolic links, where it is absolute. */
  readonly folder: string | undefined;
}

/**
 * The paths that an address may mean, the likeliest first; none where it names none. An unset `${PWD}` arrives as that
 * literal text.
 */
export function projectPaths(url: string | undefined): readonly string[] {
  const [, raw = ""] = PARAMETER.exec(url ?? "") ?? [];
  // Written by a program that encodes everything: other parameters may follow, and + is a blank.
  const paths = /[/\\]/.test(raw)
    ? [decoded(raw, BY_URL_PARSER), decoded(raw, ANY), raw]
    : [decoded(raw.replace(/&.*$/s, "").replaceAll("+", " "), ANY)];
  const given = paths.map((path) => path.trim()).filter((path) => path !== "");
  return given.some((path) => path.includes("${")) ? [] : given;
}

/** The first of the paths that is there; where none is, or that is not known in time, as they are written. Never rejects. */
export async function placeOf(paths: readonly string[]): Promise<CallerPlace> {
  const found = await withDeadline(LIMIT_MS, () => firstThere(paths)).catch(() => undefined);
  if (found !== undefined) return found;
  // Percent-encoding in full is what a caller on another machine would use.
  const [first, second = first] = paths;
  return { project: nameOf(second, undefined), folder: projectFolder(second) };
}

async function firstThere(paths: readonly string[]): Promise<CallerPlace | undefined> {
  for (const path of paths) {
    const folder = projectFolder(path);
    const real =
      folder === undefined ? undefined : ((await realPathOf(folder)) ?? (await withItsEnd(folder)));
    if (real !== undefined) return { project: nameOf(path, real), folder: real };
  }
  return undefined;
}

/** The name as the caller has it, also where its folder is a link; of a path with .. at its end, where that leads. */
function nameOf(path: string | undefined, real: string | undefined): string | undefined {
  const isRest = real !== undefined && basename(real).startsWith(`${projectName(path)}#`);
  return projectName(isRest ? real : path?.startsWith("/") ? normalize(path) : path);
}

/** A folder whose name goes on with a #, where only one does. */
async function withItsEnd(folder: string): Promise<string | undefined> {
  const start = `${basename(folder)}#`;
  const entries = await readdir(dirname(folder), { withFileTypes: true }).catch(() => []);
  const [only, ...others] = entries.filter((entry) => entry.isDirectory() && entry.name.startsWith(start));
  return only === undefined || others.length > 0 ? undefined : realPathOf(`${dirname(folder)}/${only.name}`);
}

/** What is no UTF-8 stays as it was written. */
function decoded(text: string, escapes: RegExp): string {
  return text.replace(escapes, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}
