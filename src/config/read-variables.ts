// Reads variables by their schema, for the server and for the commands that need only some of them. Pure; never puts a value
// into a problem.
import type { z } from "zod";
import { ConfigError } from "../domain/errors.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

export interface ReadVariables<T> {
  /** What is wrong counts as absent here, so that one reading names every problem. */
  readonly values: T;
  /** The names that are set, rightly or wrongly. A variable that is set but empty is not. */
  readonly given: ReadonlySet<string>;
  /** What is wrong, by name. */
  readonly wrong: ReadonlyMap<string, string>;
}

export function readVariables<S extends z.ZodObject>(schema: S, env: Variables): ReadVariables<z.output<S>> {
  const filled = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => {
      const value = env[name]?.trim();
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
  const issues = schema.safeParse(filled).error?.issues ?? [];
  const wrong = new Map(issues.map(({ path, message }) => [String(path[0]), message]));
  const values = schema.parse(
    Object.fromEntries(Object.entries(filled).filter(([name]) => !wrong.has(name))),
  );
  return { values, given: new Set(Object.keys(filled)), wrong };
}

/**
 * @param problems what does not fit together, each with its variable's name first; one that is wrong already is left out
 * @throws ConfigError when anything is wrong
 */
export function refuseProblems(wrong: ReadonlyMap<string, string>, problems: Iterable<string>): void {
  const all = [
    ...[...wrong].map(([name, message]) => `${name}: ${message}`),
    ...[...problems].filter((problem) => !wrong.has(problem.slice(0, problem.indexOf(":")))),
  ];
  if (all.length > 0) throw new ConfigError(all);
}
