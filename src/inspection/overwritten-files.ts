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
  let folder = cwd;
  let looks = 0;

  function pathOf({ text, fixed }: ShellWord): string | undefined {
    const path = text.replace(/^(~|\$HOME|\$\{HOME\})(?=\/|$)/, home);
    if (!fixed && (path === text || /[$`*?[{]/.test(path))) return undefined;
    if (path.startsWith("/")) return posix.normalize(path);
    return folder === undefined || path === "" ? undefined : posix.join(folder, path);
  }

  function isThere(word: ShellWord): boolean {
    const path = pathOf(word);
    if (path === undefined || looks >= MAX_LOOKS || PASSING_NAME.test(path)) return false;
    const isInside = cwd !== undefined && path.startsWith(`${cwd.replace(/\/+$/, "")}/`);
    if (PASSING_FOLDER.test(path) && !isInside) return false;
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
      folder = target === undefined ? home : pathOf(target);
    }
    return overwritten(call).some(isThere);
  });
}

/** The words that name what a call writes anew. */
function overwritten(call: Invocation): readonly ShellWord[] {
  const redirected = call.redirections.filter(({ truncates }) => truncates).map(({ target }) => target);
  const { operands, has } = optionsOf(call);
  const isCareful = has("-n", "--no-clobber", "--update");
  if (COPIES.has(call.name) && operands.length === 2 && !isCareful)
    return [...redirected, ...operands.slice(1)];
  if (call.name === "tee" && !has("-a", "--append")) return [...redirected, ...operands];
  return [...redirected, ...namedOutputs(call)];
}
