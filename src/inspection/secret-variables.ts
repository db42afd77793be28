// Whether the value of a variable may be masked: not where its name stands for a program, a path or a host, and not where the
// same command uses it as such.

import type { TextPlace, TextSpan } from "../shell/place.ts";
import { COMMAND_VARIABLES } from "../shell/programs/variables.ts";
import { secrecyOf } from "./secret-names.ts";
import { createCover } from "./spans.ts";

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
  let ofText: ((name: string) => boolean) | undefined;
  const known = new Map<string, boolean>();
  return ({ name }) => {
    ofText ??= INDIRECT.test(text) ? () => false : namesForOthers(text, places);
    const answer = known.get(name) ?? ofText(name);
    known.set(name, answer);
    return answer;
  };
}

function namesForOthers(text: string, places: readonly TextPlace[]): (name: string) => boolean {
  const words = wordsIn(text);
  const isWhole = createJoinLook(text);
  const takesSecret = createCover(places.flatMap((place) => takerOf(place, text)));

  function isHarmless(name: string, index: number): boolean {
    const next = text[index + name.length];
    const isUse = /\$\{?$/.test(text.slice(Math.max(0, index - 2), index));
    if (!isUse)
      return (
        next === "=" ||
        /(?:\bexport|\s-e|\s--env)[\w\s]{0,100}$/.test(text.slice(Math.max(0, index - 110), index))
      );
    const isPlain = text[index - 1] === "$" || next === "}";
    return isPlain && takesSecret({ start: index - 1, end: index + 1 });
  }

  return (name) => {
    if (/\W/.test(name) || NO_DATA.test(name) || COMMAND_VARIABLES.includes(name) || !isWhole(name))
      return false;
    return (words.get(name) ?? []).every((index) => isHarmless(name, index));
  };
}

/** Every word of letters, digits and underscores, with where it stands. */
function wordsIn(text: string): ReadonlyMap<string, readonly number[]> {
  const words = new Map<string, number[]>();
  for (const { 0: word, index } of text.matchAll(/\w+/g)) {
    const places = words.get(word);
    if (places === undefined) words.set(word, [index]);
    else places.push(index);
  }
  return words;
}

/**
 * The shell joins lines that end in a backslash, also in the middle of a name.
 * @returns whether a name stands in the joined text as often as in the text itself
 */
function createJoinLook(text: string): (name: string) => boolean {
  const parted = [...text.matchAll(/(?<!\w)\w*(?:\\\n\w*)+/g)].map(([words]) => words).join(" ");
  const joined = parted.replaceAll("\\\n", "");
  return (name) => !joined.includes(name) || joined.split(name).length === parted.split(name).length;
}

/** Where only the value of a secret can stand, and nothing that is opened or run. */
function takerOf(place: TextPlace, text: string): readonly TextSpan[] {
  const { start, end } = place;
  if (place.kind === "text") return [{ start, end }];
  if (place.kind !== "option" || place.attached) return [];
  if (secrecyOf(place.name) !== undefined) return [{ start, end }];
  // `-H @file` opens a file.
  const header = isHeaderOption(place.name) ? /^[\w-]+:/.exec(text.slice(start, end))?.[0] : undefined;
  return header === undefined ? [] : [{ start: start + header.length - 1, end }];
}

export function isHeaderOption(name: string): boolean {
  return /^(?:-H|--headers?|--add-header|--rpc-header)$/.test(name);
}
