// `npm run fuzz`: tries hostile input against what takes it in. What it can be asked, its usage text says.
import { packageRoot } from "../../src/server/system.ts";
import { type RunArguments, readArguments } from "./arguments.ts";
import { floodsFile, problemsOf, writeFloods } from "./flood-results.ts";
import { floods } from "./floods.ts";
import { growth } from "./growth.ts";
import { run, type TargetRun } from "./run.ts";
import { byCost, byShares, readTally, writeTally } from "./tally.ts";
import { TARGETS } from "./targets.ts";
import { runInWorkers } from "./workers.ts";

const PROGRESS_MS = 60_000;
const say = (line: string) => void process.stdout.write(`${line}\n`);

const read = readArguments(process.argv.slice(2), TARGETS);

if (read.kind !== "run") {
  say(read.said);
  process.exitCode = read.kind === "help" ? 0 : 64;
} else await start(read);

async function start({ values, targets, seed, cases, workers, minutes }: RunArguments): Promise<void> {
  if (values.list) {
    for (const { name, about } of TARGETS) say(`${name}: ${about}`);
  } else if (values.floods) {
    const results = await floods(say, values.attack);
    // A part of them is no run to keep.
    if (values.attack === undefined) writeFloods(floodsFile(packageRoot()), results);
    const problems = problemsOf(results);
    if (problems.length > 0) {
      say(`\nnot got through:\n${problems.join("\n")}`);
      process.exitCode = 1;
    }
  } else if (values.growth) {
    const found = await growth(targets, say);
    if (found.length > 0) {
      say(`\nfaster than their input grow:\n${found.join("\n")}`);
      process.exitCode = 1;
    }
  } else if (values.path !== undefined) {
    const runs = await run({ targets, cases: 1, seed, path: values.path, say });
    if (runs.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
  } else {
    const tally = readTally(values.tally, targets, seed);
    const kept = tally.targets.map(({ failures }) => failures.length);
    say(`seed ${tally.seed}, ${number(cases)} cases over ${targets.map(({ name }) => name).join(", ")}`);
    const choose = values.tally === undefined && values.minutes === undefined ? byShares : byCost;
    const begun = performance.now();
    const progress = setInterval(() => {
      say(`… ${tally.targets.map((each) => `${each.name} ${number(each.cases)}`).join(", ")}`);
    }, PROGRESS_MS);
    await runInWorkers({
      tally,
      next: choose(tally, targets, cases),
      workers,
      end: begun + minutes * 60_000,
      say,
      counted: () => writeTally(values.tally, tally),
    });
    clearInterval(progress);
    table(
      tally.targets,
      `seed ${tally.seed}, ${((performance.now() - begun) / 1_000).toFixed(0)} s by the clock`,
    );
    if (tally.targets.some(({ failures }, at) => failures.length > (kept[at] ?? 0))) process.exitCode = 1;
  }
}

function table(runs: readonly TargetRun[], note: string): void {
  const line = (name: string, count: number, rest: string) =>
    say(`${name.padEnd(13)} ${number(count).padStart(12)} cases  ${rest}`);
  for (const { name, cases: done, cpuMs, failures } of runs) {
    const each = ((cpuMs * 1_000) / Math.max(done, 1)).toFixed(0);
    const end = failures.length === 0 ? "held" : `FAILED ${failures.length} times`;
    line(name, done, `${each.padStart(7)} µs each  ${end}`);
  }
  const cpu = runs.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  const all = runs.reduce((sum, { cases: done }) => sum + done, 0);
  line("all", all, `${(cpu / 1_000).toFixed(1)} s of processor time, ${note}`);
}

function number(value: number): string {
  return value.toLocaleString("en");
}
