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
  /** When it was counted last, `2026-01-31`. */
  date?: string;
  /** Node's version. */
  node?: string;
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
  return { ...kept, seed: kept?.seed ?? seed, targets: [...known, ...begun] };
}

export function writeTally(file: string | undefined, tally: Tally): void {
  if (file === undefined) return;
  const kept: Tally = { ...tally, date: new Date().toISOString().slice(0, 10), node: process.version };
  writeFileAtomic.sync(file, `${JSON.stringify(kept, undefined, 2)}\n`);
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

/**
 * Each target gets a hundredth of the cases; of the others most are made where one costs least. All come closer to their part at the
 * same pace, so that a run which ends early has tried some of everything.
 */
export function byCost(tally: Tally, targets: readonly Target[], cases: number): Chooser {
  const before = new Map(tally.targets.map((each) => [each.name, each.failures.length]));
  const mine = tally.targets.filter(({ name }) => targets.some((target) => target.name === name));
  /** What was handed out and is not counted yet: two workers take two targets. */
  const begun = new Map<Counted, number>();
  return () => {
    if (casesOf(tally) >= cases) return undefined;
    const open = mine.filter((each) => !hasFailedOften(each, before.get(each.name) ?? 0));
    const done = (each: Counted) => Math.max(each.cases, begun.get(each) ?? 0);
    const weights = open.map((each) => 1 / msOf(each) ** 2);
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    const least = cases / 100;
    const goals = new Map(
      open.map((each, at) => [
        each,
        least + (Math.max(0, cases - least * open.length) * (weights[at] ?? 0)) / all,
      ]),
    );
    const part = (each: Counted) => done(each) / (goals.get(each) ?? 1);
    const [of] = open.toSorted((a, b) => part(a) - part(b));
    if (of === undefined) return undefined;
    const fitting = of.cases === 0 ? FIRST_BATCH : Math.round(BATCH_MS / msOf(of));
    const count = Math.min(MOST_BATCH, Math.max(FIRST_BATCH, fitting));
    begun.set(of, done(of) + count);
    return { of, cases: count };
  };
}

/** What a case costs, ms. Before the first one, as much as the dearest: a guess that gives it few. */
function msOf({ cases, cpuMs }: Counted): number {
  return cases === 0 ? 10 : Math.max(cpuMs / cases, 0.01);
}

function hasFailedOften({ failures }: Counted, before: number): boolean {
  return failures.length - before >= MAX_FAILURES;
}
