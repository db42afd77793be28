// Whether a word names one of the approval server's own files. When the folder is not known, a matching name counts:
// a warning too many costs less than an agent that reads the token or edits the database unseen.
import { posix } from "node:path";
import { isCompanion as isCompanionName } from "../domain/companions.ts";
import type { Invocation } from "../shell/invocation.ts";
import { programOf } from "../shell/programs/programs.ts";
import type { ShellWord } from "../shell/shell-word.ts";

export interface OwnPathsOptions {
  /** Absolute paths of files and folders. */
  readonly paths: readonly string[];
  /** The person's home folder, for `~` and `$HOME`. */
  readonly home: string;
}

/** Where relative names may start from, as far as a command line tells. */
interface Folders {
  /** Absolute. */
  readonly known: readonly string[];
  /** Whether there may be others. */
  readonly others: boolean;
}

export interface OwnPaths {
  /** Whether any of the words of an invocation names one of the server's files or folders. */
  touches(words: readonly ShellWord[], call: Invocation, folders: Folders): boolean;
  /** The same for anything in a program's text that looks like a path. */
  touchesInCode(text: string, folders: Folders): boolean;
  /** The folder that `cd` goes to; undefined when that is only known when it runs. */
  folder(word: ShellWord | undefined): string | undefined;
}

/** Stand for what a glob or an expansion puts in; both are private-use characters, which nobody has in a path. */
const GLOB = "\uE000";
const UNKNOWN = "\uE001";
/** Between the paths inside a word: `--file=/x`, `host:/x`, `@/x`, and quotes and brackets of code. */
const SEPARATORS = /[=@:,;|&<>'"`()[\]{}\s]+/;
/** The option of `-f/path`, where the value follows at once. */
const OPTION_LETTER = /^-[a-zA-Z](?=[~/.])/;

export function createOwnPaths({ paths, home }: OwnPathsOptions): OwnPaths {
  const own = paths.map((path) => namesOf(path.replace(/\/+$/, "")));
  /** Of each command's folders, whether it may lead to one of the server's by names below it. */
  const leading = new WeakMap<Folders, Map<string, boolean>>();

  function leadsToOwn(base: string, folders: Folders): boolean {
    const known = leading.get(folders) ?? new Map<string, boolean>();
    if (known.size === 0) leading.set(folders, known);
    const answer = known.get(base);
    if (answer !== undefined) return answer;
    const names = namesOf(base);
    const isLeading = own.some((wanted) =>
      names.every((name, at) => at >= wanted.length || isAlike(name, at, wanted)),
    );
    known.set(base, isLeading);
    return isLeading;
  }

  function spell(word: ShellWord): string {
    const text = word.pieces.map((piece) => {
      if (piece.kind === "text") return piece.text;
      if (piece.kind === "glob") return GLOB;
      return /^\$(HOME|\{HOME\})$/.test(piece.text) ? home : UNKNOWN;
    });
    return text.join("");
  }

  function expandHome(path: string): string {
    return path === "~" || path.startsWith("~/") ? home + path.slice(1) : path;
  }

  function resolvesToOwn(candidate: string, folders: Folders, wholeFolders: boolean): boolean {
    const path = expandHome(candidate);
    const isReachedBy = (absolute: string) => {
      const names = namesOf(absolute);
      return own.some((wanted) => reaches(names, wanted, wholeFolders));
    };
    if (path.startsWith("/")) return isReachedBy(path);
    // Most folders are others than those of the server, and only `..` leads out of them.
    const isInside = !path.includes("..");
    const mayLead = (base: string) => !isInside || leadsToOwn(base, folders);
    if (folders.known.some((base) => mayLead(base) && isReachedBy(`${base}/${path}`))) return true;
    return (folders.others || path.includes(UNKNOWN)) && own.some((wanted) => endsLike(wanted, path));
  }

  return {
    touches(words, call, folders) {
      const whole =
        programOf(call.name).wholeFolders === true ||
        call.args.some(({ text }) => /^-(delete|exec(dir)?)$/.test(text));
      return words.some((word) => {
        const text = spell(word);
        // Found by the PATH, or an option without a value: neither names a file of the folder, wherever that is.
        if ((word === call.command && !text.includes("/")) || /^-[\w-]*$/.test(text)) return false;
        const prose = /\s/.test(text);
        const candidates = text
          .split(SEPARATORS)
          .filter((part) => part !== "" && (!prose || part.startsWith("/")));
        return candidates.some((part) => resolvesToOwn(part.replace(OPTION_LETTER, ""), folders, whole));
      });
    },
    touchesInCode(text, folders) {
      const candidates = text
        .replaceAll(/\$(HOME\b|\{HOME\})/g, home)
        .split(SEPARATORS)
        .filter(Boolean);
      return candidates.some((candidate) => resolvesToOwn(candidate, folders, false));
    },
    folder(word) {
      if (word === undefined) return home;
      const path = expandHome(spell(word));
      return path === "-" || path.includes(UNKNOWN) || path.includes(GLOB) ? undefined : path;
    },
  };
}

/** The names of a path, from the root on. */
function namesOf(path: string): readonly string[] {
  return posix.normalize(path).split("/").filter(Boolean);
}

/** Whether a path is the wanted one, in it, beside it by habit, or, where whole folders count, above it. */
function reaches(names: readonly string[], wanted: readonly string[], wholeFolders: boolean): boolean {
  if (names.length < wanted.length)
    return wholeFolders && names.every((name, at) => matches(name, wanted[at] ?? ""));
  return wanted.every((_, at) => isAlike(names[at] ?? "", at, wanted));
}

/** Whether a name can be the wanted path's at that place. */
function isAlike(name: string, at: number, wanted: readonly string[]): boolean {
  const own = wanted[at] ?? "";
  return matches(name, own) || isCompanion(name, own, at, wanted);
}

function isCompanion(name: string, own: string, at: number, wanted: readonly string[]): boolean {
  return at === wanted.length - 1 && name.startsWith(own) && isCompanionName(name.slice(own.length));
}

/** Whether a name with globs can stand for `own`. Without backtracking: the pieces must follow each other. */
function matches(name: string, own: string): boolean {
  const [first = "", ...pieces] = name.split(GLOB);
  const last = pieces.pop();
  if (last === undefined) return name === own;
  if (!own.startsWith(first) || !own.endsWith(last)) return false;
  let from = first.length;
  for (const piece of pieces) {
    const at = own.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return from + last.length <= own.length;
}

/** Whether a relative path, its start unknown, may be the wanted one: its last names agree, and it looks like a file's. */
function endsLike(own: readonly string[], path: string): boolean {
  const tail = posix.normalize(path.slice(path.lastIndexOf(UNKNOWN) + 1)).replace(/^(\.\.?\/|\/)+/, "");
  if (!/[./]/.test(tail) || tail.includes(GLOB)) return false;
  const names = tail.split("/");
  // The root's empty name stands for what a longer path would need in front.
  const wanted = ["", ...own].slice(-names.length);
  return wanted.every((name, at) => name === names[at] || isCompanion(names[at] ?? "", name, at, wanted));
}
