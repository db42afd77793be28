// `npm run fuzz -- --cases N --target T --seed S --minutes M`, `--growth`, `--floods`: tries hostile input against what takes it in, and prints
// for each failure the smallest input and the line that shows it again. Ends with 1 where something failed.
import { parseArgs } from "node:util";
import { floods } from "./floods.ts";
import { growth } from "./growth.ts";
import { run } from "./run.ts";
import { TARGETS } from "./targets.ts";

const DEFAULT_CASES = 100_000;
const say = (line: string) => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    cases: { type: "string" },
    target: { type: "string", multiple: true },
    seed: { type: "string" },
    path: { type: "string" },
    minutes: { type: "string" },
    growth: { type: "boolean", default: false },
    floods: { type: "boolean", default: false },
    attack: { type: "string" },
    list: { type: "boolean", default: false },
  },
});

const named = values.target ?? [];
const unknown = named.filter((name) => !TARGETS.some((target) => target.name === name));
const targets = named.length === 0 ? TARGETS : TARGETS.filter(({ name }) => named.includes(name));
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
const cases = Number(values.cases ?? DEFAULT_CASES);
const minutes = values.minutes === undefined ? undefined : Number(values.minutes);

if (unknown.length > 0 || ![seed, cases, minutes ?? 1].every(Number.isFinite)) {
  say(`No such target or number. Targets: ${TARGETS.map(({ name }) => name).join(", ")}`);
  process.exitCode = 64;
} else if (values.list) {
  for (const { name, about } of TARGETS) say(`${name}: ${about}`);
} else if (values.floods) {
  const problems = await floods(say, values.attack);
  if (problems.length > 0) process.exitCode = 1;
} else if (values.growth) {
  const found = await growth(targets, say);
  if (found.length > 0) {
    say(`\nfaster than their input grow:\n${found.join("\n")}`);
    process.exitCode = 1;
  }
} else {
  say(`seed ${seed}, ${cases.toLocaleString("en")} cases over ${targets.map(({ name }) => name).join(", ")}`);
  const limitMs = minutes === undefined ? undefined : minutes * 60_000;
  const progress = setInterval(() => say(`… ${line()}`), 60_000).unref();
  const counted: { readonly name: string; readonly cases: number }[] = [];
  const line = () => counted.map((each) => `${each.name} ${each.cases.toLocaleString("en")}`).join(", ");
  const runs = await run({
    targets,
    cases,
    seed,
    limitMs,
    path: values.path,
    say,
    watch: (all) => {
      counted.splice(0, counted.length, ...all);
    },
  });
  clearInterval(progress);
  for (const { name, cases: done, cpuMs, failures } of runs) {
    const each = ((cpuMs * 1_000) / Math.max(done, 1)).toFixed(0);
    const end = failures.length === 0 ? "held" : `FAILED ${failures.length} times`;
    say(
      `${name.padEnd(12)} ${done.toLocaleString("en").padStart(12)} cases  ${each.padStart(7)} µs each  ${end}`,
    );
  }
  const all = runs.reduce((sum, { cases: done }) => sum + done, 0);
  const cpu = runs.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  say(
    `${"all".padEnd(12)} ${all.toLocaleString("en").padStart(12)} cases  ${(cpu / 1_000).toFixed(1)} s of CPU, seed ${seed}`,
  );
  if (runs.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
}
