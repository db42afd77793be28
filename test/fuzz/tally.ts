// How far a run has come, target by target, in a file where one is named: a run that was stopped goes on from there. What comes
// next is chosen from it alone, so that the same tally leads to the same cases.
import { existsSync, readFileSync } from "node:fs";
import writeFileAtomic from "write-file-atomic";
import { BATCH, MAX_FAILURES, sharesOf, type TargetRun } from "./run.ts";
import type { Target } from "./target.ts";

interface Counted extends TargetRun {
  /** How many batches were begun: the next one's seed is so much above the tally's. */
  batches: number;
}

export interface Tally {
  readonly seed: number;
  readonly targets: Counted[];
}

/** Processor time of one batch where the cases follow the time, ms. */
const BATCH_MS = 2_000;
const [FIRST_BATCH, MOST_BATCH] = [50, 20_000];

/** @param file undefined: nothing is kept */
export function readTally(file: string | undefined, targets: readonly Target[], seed: number): Tally {
  const kept =
    file !== undefined && existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Tally) : undefined;
  const known = kept?.targets ?? [];
  const added = targets.filter(({ name }) => !known.some((each) => each.name === name));
  const begun = added.map(({ name }) => ({ name, cases: 0, cpuMs: 0, failures: [], batches: 0 }));
  return { seed: kept?.seed ?? seed, targets: [...known, ...begun] };
}

export function writeTally(file: string | undefined, tally: Tally): void {
  if (file !== undefined) writeFileAtomic.sync(file, `${JSON.stringify(tally, undefined, 2)}\n`);
}

function casesOf({ targets }: Tally): number {
  return targets.reduce((sum, { cases }) => sum + cases, 0);
}

/** A target and how many cases of it come next; undefined where all is done. */
export type Chooser = () => { readonly of: Counted; readonly cases: number } | undefined;

/** Each target gets its share of the cases. For a number that every machine can do. */
export function byShares(tally: Tally, targets: readonly Target[], cases: number): Chooser {
  const left = new Map(sharesOf(targets, cases).map((count, at) => [targets[at]?.name, count]));
  return () => {
    const of = tally.targets.find((each) => (left.get(each.name) ?? 0) > 0 && !hasFailedOften(each, 0));
    if (of === undefined) return undefined;
    const count = Math.min(BATCH, left.get(of.name) ?? 0);
    left.set(of.name, (left.get(of.name) ?? 0) - count);
    return { of, cases: count };
  };
}

/** Each target gets the same time, so that the cheap ones make most of the cases, until there are enough of all together. */
export function byTime(tally: Tally, targets: readonly Target[], cases: number): Chooser {
  const before = new Map(tally.targets.map((each) => [each.name, each.failures.length]));
  const mine = tally.targets.filter(({ name }) => targets.some((target) => target.name === name));
  /** What was handed out and is not counted yet, ms: two workers take two targets. */
  const begun = new Map<Counted, number>();
  return () => {
    if (casesOf(tally) >= cases) return undefined;
    const open = mine.filter((each) => !hasFailedOften(each, before.get(each.name) ?? 0));
    const spent = (each: Counted) => Math.max(each.cpuMs, begun.get(each) ?? 0);
    const [of] = open.toSorted((a, b) => spent(a) - spent(b));
    if (of === undefined) return undefined;
    begun.set(of, spent(of) + BATCH_MS);
    const each = of.cases === 0 ? undefined : of.cpuMs / of.cases;
    const fitting = each === undefined ? FIRST_BATCH : Math.round(BATCH_MS / Math.max(each, 0.01));
    return { of, cases: Math.min(MOST_BATCH, Math.max(FIRST_BATCH, fitting)) };
  };
}

function hasFailedOften({ failures }: Counted, before: number): boolean {
  return failures.length - before >= MAX_FAILURES;
}
