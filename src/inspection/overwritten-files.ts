// Whether a command overwrites a file that is there now. The only danger that needs a look at the disk: the same words
// are ordinary where the file is new. Follows `cd`, as far as a command line tells.
import { statSync } from "node:fs";
import { posix } from "node:path";
import { namedOutputs } from "../shell/effects.ts";
import { type Invocation, optionsOf } from "../shell/invocation.ts";
import type { ShellWord } from "../shell/shell-word.ts";
import type { Step } from "../shell/walk.ts";

interface RunPlace {
  /** Where the command runs, absolute; without it only absolute paths are looked at. */
  readonly cwd: string | undefined;
  readonly home: string;
}

/** More files than a sensible command overwrites; each is a look at the disk. */
const MAX_LOOKS = 16;
/** What is no file, or is there only for a while, unless the command itself runs in there. */
const PASSING_FOLDER = /^\/(dev|proc|tmp|var\/tmp|private\/tmp|var\/folders)\//;
/** What programs write anew each time. */
const PASSING_NAME = /\.(log|out|tmp)$/;
const COPIES: ReadonlySet<string> = new Set(["cp", "mv", "install"]);

export function overwritesFile(steps: readonly Step[], { cwd, home }: RunPlace): boolean {
  let folder = cwd === undefined ? undefined : folderAt(cwd);
  const isInside = (path: string) => cwd !== undefined && path.startsWith(`${cwd.replace(/\/+$/, "")}/`);
  let looks = 0;

  /** The path as it is written, from the root where it says so; undefined when only the shell knows. */
  function written({ text, fixed }: ShellWord): string | undefined {
    const path = text.replace(/^(~|\$HOME|\$\{HOME\})(?=\/|$)/, home);
    return !fixed && (path === text || /[$`*?[{]/.test(path)) ? undefined : path;
  }

  function isThere(word: ShellWord): boolean {
    if (looks >= MAX_LOOKS) return false;
    const own = written(word);
    if (own === undefined) return false;
    const path = own.startsWith("/") ? posix.normalize(own) : own === "" ? undefined : folder?.pathOf(own);
    if (path === undefined || PASSING_NAME.test(path)) return false;
    if (PASSING_FOLDER.test(path) && !isInside(path)) return false;
    looks += 1;
    try {
      const found = statSync(path, { throwIfNoEntry: false });
      return found?.isFile() === true && found.size > 0;
    } catch {
      // A file in the place of a folder, or one that may not be looked at.
      return false;
    }
  }

  return steps.some((step) => {
    if (step.kind === "code") return false;
    const { call } = step;
    if (step.kind === "run" && /^(cd|chdir|pushd)$/.test(call.name)) {
      const target = call.args.find(({ text }) => !/^-./.test(text));
      const own = target === undefined ? home : written(target);
      if (own?.startsWith("/")) folder = folderAt(own);
      else if (own === undefined || own === "") folder = undefined;
      else folder?.go(own);
    }
    return overwritten(call).some(isThere);
  });
}

/** Systems open no longer path. UTF-16 units. */
const MAX_PATH = 4_096;

interface Folder {
  go(path: string): void;
  /** @returns undefined where no file can be, because its path is too long */
  pathOf(path: string): string | undefined;
}

/** A folder that one goes on from, by names: its path is only put together where a file in it is looked for. */
function folderAt(start: string): Folder {
  const names: string[] = [];
  let length = 0;

  function go(path: string): void {
    for (const name of path.split("/")) {
      if (name === "" || name === ".") continue;
      if (name === "..") length -= (names.pop()?.length ?? -1) + 1;
      else {
        names.push(name);
        length += name.length + 1;
      }
    }
  }

  go(start);
  return {
    go,
    pathOf: (path) => (length > MAX_PATH ? undefined : posix.join("/", ...names, path)),
  };
}

/** The words that name what a call writes anew. */
function overwritten(call: Invocation): readonly ShellWord[] {
  const redirected = call.redirections.filter(({ truncates }) => truncates).map(({ target }) => target);
  if (COPIES.has(call.name)) {
    const { operands, has } = optionsOf(call);
    const isCareful = has("-n", "--no-clobber", "--update");
    if (operands.length === 2 && !isCareful) return [...redirected, ...operands.slice(1)];
  } else if (call.name === "tee") {
    const { operands, has } = optionsOf(call);
    if (!has("-a", "--append")) return [...redirected, ...operands];
  }
  const named = namedOutputs(call);
  return named.length === 0 ? redirected : [...redirected, ...named];
}
