// What narrows a list of the record or of the event log, read from a command's options.
import { type CommandInput, UsageError } from "../command.ts";
import { whenOf } from "./when.ts";

export type GivenOptions = CommandInput["options"];

/** @returns undefined where the option is not given, or is a flag */
export function textOf(options: GivenOptions, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}

/** `--since` and `--until`. @param now epoch ms @returns epoch ms @throws UsageError */
export function spanOf(
  options: GivenOptions,
  now: number,
): { since: number | undefined; until: number | undefined } {
  const when = (name: string) => {
    const value = textOf(options, name);
    return value === undefined ? undefined : whenOf(value, `--${name}`, now);
  };
  return { since: when("since"), until: when("until") };
}

/** `--limit`. @param most the most that may be asked for @returns undefined where it is not given @throws UsageError */
export function limitOf(options: GivenOptions, most: number): number | undefined {
  const given = options["limit"];
  if (given === undefined) return undefined;
  const limit = Number(given);
  if (typeof given === "string" && /^\d+$/.test(given) && limit >= 1 && limit <= most) return limit;
  throw new UsageError(`--limit must be a whole number from 1 to ${most.toLocaleString("en-US")}.`);
}
