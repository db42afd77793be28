// What is wrong with the arguments of a command, in words that name them.
import { visibleLine } from "../domain/visible.ts";
import type { CommandForm, CommandOption } from "./command.ts";

/** Too few arguments, or too many. */
export function countProblem(
  { arguments: wanted = [] }: CommandForm,
  given: readonly string[],
): string | undefined {
  const missing = wanted[given.length];
  if (missing !== undefined && !missing.isOptional) return `${missing.about} is missing`;
  const surplus = given.slice(wanted.length);
  if (surplus.length === 0) return undefined;
  const last = wanted.at(-1);
  const advice = last?.isSentence ? `. Put the ${last.name} into quotes: "${given.join(" ")}"` : "";
  return `unexpected ${surplus.map((word) => `'${word}'`).join(" ")}${advice}`;
}

/** An option where another's value should be: commander would take it for the value. */
export function valueProblem(options: readonly CommandOption[], argv: readonly string[]): string | undefined {
  const flags = options.filter(({ flags }) => flags.endsWith(">")).map(({ flags }) => flags.split(" ")[0]);
  const at = argv.findIndex((word, index) => /^-./.test(word) && flags.includes(argv[index - 1]));
  const flag = argv[at - 1];
  return at < 0 ? undefined : `${flag} has no value; write ${flag}=… for one that begins with a dash`;
}

/** "error: unknown option '--jsn'\n(Did you mean --json?)" as one line of this program's. */
export function sentence(message: string): string {
  const [, problem = "", nearest] =
    /^(?:error: )?([\s\S]*?)\.?(?:\n\(Did you mean (.*)\?\))?$/.exec(message) ?? [];
  const text = visibleLine(problem.slice(0, 1).toUpperCase() + problem.slice(1));
  return nearest === undefined ? `${text}.` : `${text}; did you mean ${nearest}?`;
}
