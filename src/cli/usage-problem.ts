// What is wrong with the arguments of a command, in words that name them.
import { type CommanderError, Command as Parser } from "commander";
import { visibleLine } from "../domain/visible.ts";
import type { CommandForm, CommandOption } from "./command.ts";

/** Too few arguments, or too many. */
export function countProblem(
  { arguments: wanted = [] }: CommandForm,
  given: readonly string[],
): string | undefined {
  const missing = wanted[given.length];
  if (missing !== undefined && !missing.isOptional) return `<${missing.name}> is missing: ${missing.about}`;
  const surplus = given.slice(wanted.length);
  if (surplus.length === 0) return choiceProblem(wanted, given);
  const last = wanted.at(-1);
  const advice = last?.isSentence ? `. Put the ${last.name} into quotes: "${given.join(" ")}"` : "";
  return `unexpected ${surplus.map((word) => `'${word}'`).join(" ")}${advice}`;
}

/** An argument that is none of those that are known. */
function choiceProblem(
  wanted: NonNullable<CommandForm["arguments"]>,
  given: readonly string[],
): string | undefined {
  const at = wanted.findIndex(
    ({ choices }, index) => choices !== undefined && !choices.includes(given[index] ?? choices[0] ?? ""),
  );
  const { name, choices = [] } = wanted[at] ?? {};
  return at < 0 ? undefined : unknown(`${name}`, `${given[at]}`, choices);
}

/** One form for arguments and options: withNearest reads it. */
function unknown(what: string, given: string, choices: readonly string[]): string {
  return `unknown ${what} '${given}': choose one of ${choices.join(", ")}`;
}

/** A mistake that only commander sees, in this program's words; undefined where its own say it. */
export function optionProblem({ code, message }: CommanderError): string | undefined {
  const [, flag = ""] = /option '(\S+)[^']*'/.exec(message) ?? [];
  if (code === "commander.optionMissingArgument") return `${flag} has no value`;
  const [, given, choices] =
    /argument '([\s\S]*)' is invalid\. Allowed choices are (.*)\.$/.exec(message) ?? [];
  return given === undefined ? undefined : unknown(flag, given, choices?.split(", ") ?? []);
}

/** An option where another's value should be: commander would take it for the value. */
export function valueProblem(options: readonly CommandOption[], argv: readonly string[]): string | undefined {
  const flags = options.filter(({ flags }) => flags.endsWith(">")).map(({ flags }) => flags.split(" ")[0]);
  const at = argv.findIndex((word, index) => /^-./.test(word) && flags.includes(argv[index - 1]));
  const flag = argv[at - 1];
  return at < 0 ? undefined : `${flag} has no value; write ${flag}=… for one that begins with a dash`;
}

/**
 * Adds what was probably meant, where the reading itself has found nothing: `-json`, `json`, an option of one of the command's
 * verbs, a choice that is misspelt.
 * @param flags the options that there are
 */
export function withNearest(problem: string, flags: readonly string[]): string {
  const [, word] = /(?:unknown \S+|unexpected) '([^']+)'/i.exec(problem) ?? [];
  if (word === undefined || problem.includes("did you mean")) return problem;
  const [, listed] = /choose one of (.*?)\.?$/.exec(problem) ?? [];
  const known = listed?.split(", ") ?? flags.flatMap((each) => /--[\w-]+/.exec(each) ?? []);
  const found = nearest(
    word.replace(/^-+/, ""),
    new Map(known.map((each) => [each.replace(/^-+/, ""), each])),
  );
  return found === undefined ? problem : `${problem.replace(/\.$/, "")}; did you mean ${found}?`;
}

/** As commander finds it for its own words. */
function nearest(word: string, known: ReadonlyMap<string, string>): string | undefined {
  if (known.has(word)) return known.get(word);
  const parser = new Parser().exitOverride().configureOutput({ writeErr: () => {}, outputError: () => {} });
  for (const each of known.keys()) parser.command(each);
  try {
    parser.parse([word], { from: "user" });
  } catch (error) {
    const [, names = ""] =
      error instanceof Error ? (/Did you mean (?:one of )?(.*)\?/.exec(error.message) ?? []) : [];
    return known.get(names.split(", ")[0] ?? "");
  }
  return undefined;
}

/** "error: unknown option '--jsn'\n(Did you mean --json?)" as one line of this program's. */
export function sentence(message: string): string {
  const [, problem = "", nearest] =
    /^(?:error: )?([\s\S]*?)\.?(?:\n\(Did you mean (.*)\?\))?$/.exec(message) ?? [];
  const text = visibleLine(problem.slice(0, 1).toUpperCase() + problem.slice(1));
  return nearest === undefined ? `${text}.` : `${text}; did you mean ${nearest}?`;
}
