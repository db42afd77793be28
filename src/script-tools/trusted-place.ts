// Whether nobody but this user and root can put something else in a file's place: every folder on the way to it is looked at,
// links included, as ssh does with its keys.
import { constants, lstatSync, readlinkSync, type Stats } from "node:fs";
import { dirname, isAbsolute, join, parse } from "node:path";

export type TrustedPlace =
  | { readonly ok: true /** Without links. */; readonly path: string }
  | { readonly ok: false; readonly problem: string };

/** As many as Linux follows. */
const MAX_LINKS = 40;
const OTHERS_WRITE = 0o022;
const STICKY = 0o1000;
const ROOT = 0;

/** @param path absolute @param user the user's id @returns where it leads, once nobody else could change that */
export function trustedPlace(path: string, user: number): TrustedPlace {
  let names = partsOf(path);
  let there = parse(path).root;
  let links = 0;
  try {
    for (;;) {
      const problem = folderProblem(there, lstatSync(there), user, names.length > 0);
      if (problem !== undefined) return { ok: false, problem };
      const [name, ...rest] = names;
      if (name === undefined) return { ok: true, path: there };
      if (name === "..") {
        there = dirname(there);
        names = rest;
        continue;
      }
      const next = join(there, name);
      const stats = lstatSync(next);
      if (stats.isSymbolicLink()) {
        links += 1;
        if (links > MAX_LINKS) return { ok: false, problem: `${path} has too many links on its way` };
        if (!isTrusted(stats.uid, user)) return foreignOwner(next);
        const target = readlinkSync(next);
        if (isAbsolute(target)) there = parse(target).root;
        names = [...partsOf(target), ...rest];
      } else if (rest.length > 0 || stats.isDirectory()) {
        there = next;
        names = rest;
      } else {
        return { ok: true, path: next };
      }
    }
  } catch (error) {
    return { ok: false, problem: `${path} cannot be found (${(error as NodeJS.ErrnoException).code})` };
  }
}

/** What is wrong with the owner or the mode of a file or a folder; undefined where only this user and root can write it. */
export function ownerProblem(path: string, { uid, mode }: Pick<Stats, "uid" | "mode">, user: number) {
  if (!isTrusted(uid, user)) return `${path} belongs to another user: make it your own, or root's`;
  return (mode & OTHERS_WRITE) === 0 ? undefined : `${path} can be written by others: run chmod go-w on it`;
}

/** @param isOnTheWay a sticky folder, as /tmp, lets nobody replace what is another's in it; the last one must not be shared */
function folderProblem(path: string, stats: Stats, user: number, isOnTheWay: boolean): string | undefined {
  if ((stats.mode & constants.S_IFMT) !== constants.S_IFDIR) return `${path} is not a folder`;
  const isShared = isOnTheWay && (stats.mode & STICKY) !== 0 && isTrusted(stats.uid, user);
  return isShared ? undefined : ownerProblem(path, stats, user);
}

function foreignOwner(path: string): TrustedPlace {
  return { ok: false, problem: `the link ${path} belongs to another user` };
}

const isTrusted = (uid: number, user: number) => uid === user || uid === ROOT;

const partsOf = (path: string) => path.split("/").filter((part) => part !== "" && part !== ".");
