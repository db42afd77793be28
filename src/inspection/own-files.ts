// Whether a command touches the approval server's own files or ports. Follows `cd`, as far as a command line tells.
import type { Invocation } from "../shell/invocation.ts";
import type { Step } from "../shell/walk.ts";
import type { OwnPaths } from "./own-paths.ts";
import { touchesPort } from "./own-ports.ts";

export interface Own {
  readonly paths: OwnPaths;
  readonly ports: readonly number[];
}

/** More places to start from than any sensible command has. */
const MAX_FOLDERS = 16;

/** @param cwd where the command starts; absent when that is not known. */
export function touchesOwn(steps: readonly Step[], own: Own, cwd: string | undefined): boolean {
  const folders = { known: cwd === undefined ? [] : [cwd], others: cwd === undefined };

  function follow(call: Invocation): void {
    if (!/^(cd|chdir|pushd)$/.test(call.name)) return;
    const target = own.paths.folder(call.args.find(({ text }) => !/^-./.test(text)));
    if (target === undefined || folders.known.length >= MAX_FOLDERS) folders.others = true;
    else if (target.startsWith("/")) folders.known.push(target);
    else folders.known.push(...folders.known.map((folder) => `${folder}/${target}`).slice(0, MAX_FOLDERS));
  }

  function isTouchedBy(call: Invocation): boolean {
    const isSilent = call.name === "echo" || call.name === "printf";
    const targets = call.redirections.map(({ target }) => target);
    const words = [
      ...(call.command ? [call.command] : []),
      ...call.assignments,
      ...(isSilent ? [] : call.args),
      ...targets,
    ];
    return (
      own.paths.touches(words, call, folders) || words.some(({ text }) => touchesPort(text, call, own.ports))
    );
  }

  return steps.some((step) => {
    if (step.kind !== "code") {
      follow(step.call);
      return isTouchedBy(step.call);
    }
    const { text, shell } = step.code;
    // Shell code has steps of its own.
    if (text === undefined || shell) return false;
    return own.paths.touchesInCode(text, folders) || touchesPort(text, step.call, own.ports, true);
  });
}
