// What a run finds: one row for each number, with its floor, its target and whether that is met.

type Unit = "ms" | "s" | "per second" | "kB" | "MB" | "%" | "count";

export interface Target {
  /** What is compared: the value, or its ratio to the floor. */
  readonly of: "value" | "ratio";
  readonly is: "at most" | "at least";
  readonly limit: number;
}

export interface Row {
  /** Stable: `tap.5000.p99`. */
  readonly id: string;
  /** The figure that it is a part of, for `--only`. */
  readonly figure: string;
  readonly what: string;
  readonly unit: Unit;
  readonly value: number;
  /** The same of the floor, in the same unit. */
  readonly floor?: number | undefined;
  readonly ratio?: number | undefined;
  readonly target?: Target | undefined;
  readonly met?: boolean | undefined;
  /** How many measurements are behind it. */
  readonly samples?: number | undefined;
  readonly note?: string | undefined;
}

/** Completes a row: its ratio, and whether its target is met. @throws Error where a target has nothing to be compared with */
export function row(given: Omit<Row, "ratio" | "met">): Row {
  const ratio = given.floor === undefined || given.floor === 0 ? undefined : given.value / given.floor;
  const { target } = given;
  if (target === undefined) return { ...given, ratio };
  const compared = target.of === "ratio" ? ratio : given.value;
  if (compared === undefined) throw new Error(`${given.id} has a target and no floor`);
  const met = target.is === "at most" ? compared <= target.limit : compared >= target.limit;
  return { ...given, ratio, met };
}

/** "≤ 2×", "≥ 1000". */
export function targetText({ of, is, limit }: Target): string {
  return `${is === "at most" ? "≤" : "≥"} ${limit}${of === "ratio" ? "×" : ""}`;
}

/** What a figure gets. */
export interface Run {
  /** Smaller, in a minute or two. */
  readonly quick: boolean;
  /** Says what is being done. */
  say(text: string): void;
  /** Keeps a row. */
  add(row: Row): void;
}

export interface Figure {
  readonly name: string;
  readonly about: string;
  run(run: Run): Promise<void>;
}
