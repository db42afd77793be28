// Whether the value of a variable may be masked: not where its name stands for a program, a path or a host, and not where the
// same command uses it as such.

import type { TextPlace } from "../shell/place.ts";
import { COMMAND_VARIABLES } from "../shell/programs/variables.ts";
import { secrecyOf } from "./secret-names.ts";

/** The ends of names whose value is run, opened or connected to. */
const NO_DATA =
  /(?:^|_)(?:PATH|FILE|FILES|DIR|DIRS|DIRECTORY|FOLDER|ROOT|HOME|COMMAND|CMD|EXEC|EDITOR|VISUAL|PAGER|SHELL|BROWSER|PRELOAD|LIBRARY|LIBRARIES|HOST|HOSTS|HOSTNAME|SERVER|ADDR|ADDRESS|PROXY|ASKPASS|OPTS|OPTIONS|OPT|FLAGS|ARGS|BIN|EXE|PROGRAM|SCRIPT|HOOK|HOOKS|WRAPPER|LAUNCHER|ENV|RC|CONFIG|SOCK|SOCKET|STARTUP|CC|CXX|LD|AR|MAKE|IFS|PS\d|PROMPT|LESSOPEN|LESSCLOSE|TARGET|IMAGE|REPO|BRANCH|URL|URI)$|PATH$|^(?:OLD)?PWD$|^LD_|^DYLD_|^BASH_|^GIT_CONFIG/i;
/** What reads variables without naming them with a dollar. */
const INDIRECT =
  /\$\{!|\b(?:declare|typeset|local)\s+-\w*n|\b(?:printenv|compgen|indirect|envsubst)\b|environ\.(?:items|values|copy)|\(process\.env\)|\b(?:export|declare|typeset|readonly)\s+-p|\benv\s*(?:[|)>;&`]|$)|\bset\s*[|)>`]|\/proc\/\w+\/environ|\$\(\(|\blet\b|\(P\)/m;

type Assigned = Extract<TextPlace, { kind: "assigned" }>;

/** @returns of a value that is assigned somewhere in the text, whether nothing but other programs gets it */
export function valuesForOthers(text: string, places: readonly TextPlace[]): (place: Assigned) => boolean {
  // Of the whole text, for all its variables.
  let isIndirect: boolean | undefined;
  return (place) => {
    isIndirect ??= INDIRECT.test(text);
    return !isIndirect && isForOthers(place, text, places);
  };
}

function isForOthers({ name }: Assigned, text: string, places: readonly TextPlace[]): boolean {
  if (NO_DATA.test(name) || COMMAND_VARIABLES.includes(name)) return false;
  // The shell joins lines that end in a backslash, also in the middle of a name.
  const isWhole =
    !text.includes("\\\n") || text.replace(/\\\n/g, "").split(name).length === text.split(name).length;
  if (!isWhole) return false;
  const word = new RegExp(`(?<!\\w)${name}(?!\\w)`, "g");
  return [...text.matchAll(word)].every(({ index }) => {
    const next = text[index + name.length];
    const isUse = /\$\{?$/.test(text.slice(Math.max(0, index - 2), index));
    if (!isUse)
      return (
        next === "=" ||
        /(?:\bexport|\s-e|\s--env)[\w\s]{0,100}$/.test(text.slice(Math.max(0, index - 110), index))
      );
    const isPlain = text[index - 1] === "$" || next === "}";
    return (
      isPlain &&
      places.some(
        (place) =>
          index > place.start && index < place.end && takesSecret(place, text.slice(place.start, index)),
      )
    );
  });
}

/** Where only the value of a secret can stand, and nothing that is opened or run. */
function takesSecret(place: TextPlace, front: string): boolean {
  if (place.kind === "text") return true;
  if (place.kind !== "option" || place.attached) return false;
  // `-H @file` opens a file.
  return secrecyOf(place.name) !== undefined || (isHeaderOption(place.name) && /^[\w-]+:/.test(front));
}

export function isHeaderOption(name: string): boolean {
  return /^(?:-H|--headers?|--add-header|--rpc-header)$/.test(name);
}
