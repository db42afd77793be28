// What `npm run fuzz` is asked to do, and the words about how to ask. Decides nothing about the targets.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { Target } from "./target.ts";

const DEFAULT_CASES = 100_000;

const OPTIONS = {
  cases: { type: "string" },
  target: { type: "string", multiple: true },
  seed: { type: "string" },
  path: { type: "string" },
  workers: { type: "string" },
  minutes: { type: "string" },
  tally: { type: "string" },
  growth: { type: "boolean" },
  floods: { type: "boolean" },
  attack: { type: "string" },
  list: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

export const USAGE = `npm run fuzz -- [what] [options]

Tries hostile input against what takes it in, and prints for each failure the smallest input and the line that shows it again.
Ends with 1 where something failed.

what (default: 100,000 cases over all targets)
  --list          the targets
  --growth        whether twice the input costs far more than twice the time
  --floods        what approvals cost while a port is attacked; writes floods.json
  --help          these words

options
  --cases N       how many, over all targets together (default ${DEFAULT_CASES.toLocaleString("en")})
  --target T      only this one; may be given several times
  --seed S        the same cases as another time (default: new ones each time)
  --path P        one case of a seed, as a failure has printed it
  --workers N     processes at once (default: one a core)
  --minutes M     begins nothing new after these
  --tally FILE    goes on from this file, and keeps in it how far it came
  --attack WORD   of the floods only those with this word in their name`;

type Values = ReturnType<typeof parsed>;

export interface RunArguments {
  readonly kind: "run";
  readonly values: Values;
  readonly targets: readonly Target[];
  readonly seed: number;
  readonly cases: number;
  readonly workers: number;
  /** Infinity: until all is done. */
  readonly minutes: number;
}

/** Never throws. `said`: what is to be printed in place of a run. */
export function readArguments(
  args: readonly string[],
  all: readonly Target[],
): RunArguments | { readonly kind: "help" | "wrong"; readonly said: string } {
  const wrong = (said: string) => ({ kind: "wrong" as const, said: `${said}\n\n${USAGE}` });
  let values: Values;
  try {
    values = parsed(args);
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
  if (values.help === true) return { kind: "help", said: USAGE };
  const named = values.target ?? [];
  const unknown = named.filter((name) => !all.some((target) => target.name === name));
  if (unknown.length > 0)
    return wrong(
      `No such target: ${unknown.join(", ")}. There are ${all.map(({ name }) => name).join(", ")}.`,
    );
  const numbers = ["seed", "cases", "workers", "minutes"] as const;
  const odd = numbers.find((name) => values[name] !== undefined && !isNumber(name, values[name]));
  if (odd !== undefined) return wrong(`--${odd} is no number that it can be: ${values[odd]}`);
  return {
    kind: "run",
    values,
    targets: named.length === 0 ? all : all.filter(({ name }) => named.includes(name)),
    seed: Number(values.seed ?? Date.now() % 1_000_000_000),
    cases: Number(values.cases ?? DEFAULT_CASES),
    workers: Number(values.workers ?? availableParallelism()),
    minutes: Number(values.minutes ?? Number.POSITIVE_INFINITY),
  };
}

function parsed(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS }).values;
}

/** A seed may be negative; of everything else there is one at least, and of time a part of a minute. */
function isNumber(name: string, value: string): boolean {
  if (name === "seed") return /^-?\d{1,10}$/.test(value);
  return name === "minutes" ? /^\d+(?:\.\d+)?$/.test(value) : /^[1-9]\d{0,9}$/.test(value);
}
