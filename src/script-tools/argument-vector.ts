// Arguments as the words that a script gets: `--name value`, one word each, no shell. A value that a script could take for an
// option is refused, not passed: what a person has read as a value must not become a switch.

import { sortedJson } from "../domain/sorted-json.ts";
import { type ArgumentForm, isArgumentName } from "./script-settings.ts";

export type ArgumentVector =
  | { readonly ok: true; readonly words: readonly string[] }
  | { readonly ok: false; readonly problem: string };

type Arguments = Readonly<Record<string, unknown>>;

class UnfitError extends Error {}

/** @param given checked against the schema */
export function argumentVector(given: Arguments, form: ArgumentForm): ArgumentVector {
  try {
    const { declared, positional, doubleDash } = form;
    const others = Object.keys(given).filter((name) => !declared.includes(name));
    const pairs = [...declared, ...others].filter(
      (name) => Object.hasOwn(given, name) && !positional.includes(name),
    );
    return {
      ok: true,
      words: [
        ...pairs.flatMap((name) => pairWords(name, given[name], form)),
        ...(doubleDash ? ["--"] : []),
        ...positionalWords(given, form),
      ],
    };
  } catch (error) {
    if (error instanceof UnfitError) return { ok: false, problem: error.message };
    throw error;
  }
}

function pairWords(name: string, value: unknown, { equals }: ArgumentForm): string[] {
  if (!isArgumentName(name)) throw new UnfitError(`${JSON.stringify(name)} cannot be an argument's name`);
  return valuesOf(value).flatMap((each) => {
    const word = wordOf(name, each);
    if (equals) return [`--${name}=${word}`];
    // The number -5 is what it looks like, and no option.
    if (word.startsWith("-") && typeof each !== "number") throw new UnfitError(optionLike(name));
    return [`--${name}`, word];
  });
}

function positionalWords(given: Arguments, { positional, doubleDash }: ArgumentForm): string[] {
  // A word that is left out would move those behind it.
  const missing = positional.findIndex((name) => !Object.hasOwn(given, name));
  const moved =
    missing < 0 ? undefined : positional.slice(missing).find((name) => Object.hasOwn(given, name));
  if (moved !== undefined)
    throw new UnfitError(`${moved} needs ${positional[missing]}, which comes before it`);
  const last = positional.at(-1);
  return positional.flatMap((name) => {
    if (!Object.hasOwn(given, name)) return [];
    const value = given[name];
    if (Array.isArray(value) && name !== last)
      throw new UnfitError(`${name} is a list and would move what comes after it`);
    return valuesOf(value).map((each) => {
      const word = wordOf(name, each);
      if (word.startsWith("-") && !doubleDash) throw new UnfitError(optionLike(name));
      return word;
    });
  });
}

/** A list is each of its items; none of them is nothing. */
function valuesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** What one value is as a word: a text as it stands, anything else as JSON. */
function wordOf(name: string, value: unknown): string {
  if (value === undefined) throw new UnfitError(`${name} has no value`);
  const word = typeof value === "string" ? value : sortedJson(value, 0);
  if (word.includes("\0")) throw new UnfitError(`${name} has a NUL character in it`);
  // The script would get another character than the one that was approved.
  if (/\p{Surrogate}/u.test(word)) throw new UnfitError(`${name} has half a character in it`);
  return word;
}

const optionLike = (name: string) =>
  `${name} begins with -, and the script could take it for an option: nothing was passed`;
