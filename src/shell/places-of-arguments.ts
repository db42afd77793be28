// What the words of one command are, as far as they are not commands themselves: values of options, and operands.
import { type Invocation, leadingOptions } from "./invocation.ts";
import { DECLARES } from "./names-given.ts";
import { type TextPlace, type TextSpan, withoutQuotes } from "./place.ts";
import { programOf } from "./programs/programs.ts";
import { writesText } from "./programs/text-readers.ts";
import type { ShellWord } from "./shell-word.ts";

interface Written {
  readonly source: string;
  /** Where a word is; undefined for one that must not get a place. */
  spanOf(word: ShellWord): TextSpan | undefined;
  /** Whether nobody runs what the command puts out. */
  readonly putsOutText: boolean;
}

/** @param chain a command and what it runs through its arguments, the outermost first */
export function placesOfArguments(chain: readonly Invocation[], written: Written): readonly TextPlace[] {
  const owners = new Map<ShellWord, Invocation | undefined>();
  const places: TextPlace[] = [];
  for (const call of chain) {
    for (const word of ownWords(call)) owners.set(word, call);
    if (call.command !== undefined) owners.set(call.command, undefined);
    for (const word of call.assignments) {
      owners.set(word, undefined);
      places.push(...assignedPlace(word, written));
    }
  }
  for (const call of chain) {
    const words = call.args.filter((word) => owners.get(word) === call);
    places.push(...placesOfWords(call, words, written));
  }
  return places;
}

/** Of the shell itself: their words come back as others, `set -- rm x; "$@"`. */
const KEEPS_WORDS = new Set("set read mapfile readarray let getopts test [ coproc".split(" "));

/** Those that are not for a program that it runs. */
function ownWords(call: Invocation): readonly ShellWord[] {
  const { wraps, interprets } = programOf(call.name);
  if (interprets !== undefined || KEEPS_WORDS.has(call.name)) return [];
  // `printf -v` puts its text into a variable.
  if (writesText(call.name) && call.args[0]?.text.startsWith("-v")) return [];
  if (wraps === undefined) return call.args;
  const [first] = leadingOptions(call).operands;
  return first === undefined ? call.args : call.args.slice(0, Math.max(0, call.args.indexOf(first)));
}

function assignedPlace(word: ShellWord, { source, spanOf }: Written): readonly TextPlace[] {
  const span = spanOf(word);
  const name = /^[A-Za-z_]\w*(?==)/.exec(word.text)?.[0];
  if (span === undefined || name === undefined || !source.startsWith(`${name}=`, span.start)) return [];
  const start = span.start + name.length + 1;
  return [{ kind: "assigned", name, ...withoutQuotes(source, { start, end: span.end }) }];
}

function placesOfWords(
  call: Invocation,
  words: readonly ShellWord[],
  written: Written,
): readonly TextPlace[] {
  const { name: program } = call;
  const { source, spanOf } = written;
  const before: string[] = [];
  let option: string | undefined;
  let hasEnded = false;
  return words.flatMap((word): readonly TextPlace[] => {
    const { text } = word;
    const name = option;
    const earlier = [...before.slice(-MAX_BEFORE)];
    before.push(text);
    option = undefined;
    const span = spanOf(word);
    if (DECLARES.has(program)) return assignedPlace(word, written);
    if (writesText(program)) {
      const isText = written.putsOutText && span !== undefined && !/^-[neE]+$/.test(text);
      return isText ? [{ kind: "text", ...withoutQuotes(source, span) }] : [];
    }
    const isOption = !hasEnded && /^-./.test(text);
    if (text === "--") hasEnded = true;
    const given = isOption ? (/^-[^=]*/.exec(text)?.[0] ?? "") : "";
    if (isOption && given === text) option = text;
    if (span === undefined) return [];
    const valueFrom = (length: number) =>
      withoutQuotes(source, { start: span.start + length, end: span.end });
    const isPlain = (length: number) =>
      source.slice(span.start, span.start + length) === text.slice(0, length);
    if (isOption && text.length > given.length && isPlain(given.length + 1))
      return [
        {
          kind: "option",
          program,
          name: given,
          attached: false,
          before: earlier,
          ...valueFrom(given.length + 1),
        },
        ...attachedPlace(),
      ];
    if (isOption) return attachedPlace();
    const whole = withoutQuotes(source, span);
    if (name !== undefined)
      return [{ kind: "option", program, name, attached: false, before: earlier, ...whole }];
    return [{ kind: "operand", program, before: earlier, ...whole }];

    function attachedPlace(): readonly TextPlace[] {
      if (span === undefined || text.startsWith("--") || text.length < 3 || !isPlain(2)) return [];
      const rest = valueFrom(2);
      return [{ kind: "option", program, name: text.slice(0, 2), attached: true, before: earlier, ...rest }];
    }
  });
}

/** So many earlier words are told of; a secret's name and the subcommand stand near it. */
const MAX_BEFORE = 8;
