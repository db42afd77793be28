// `npm run soak`: endurance, by hand. See docs/performance.md.
import { parseArgs } from "node:util";
import { keepResult, runProgram } from "./parts/program.ts";
import { createScreen } from "./parts/screen.ts";
import { runSoak } from "./soak/run-soak.ts";
import { runWeek } from "./week/run-week.ts";

const USAGE = `npm run soak -- [options]
  --minutes N   how long, default 30
  --rate N      pieces of traffic a second, default 4
  --week        a week on a fake clock instead, in minutes; with --days and --requests (a day) shorter, --seed another
  --json FILE   keeps the result
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "30" },
      rate: { type: "string", default: "4" },
      week: { type: "boolean", default: false },
      days: { type: "string", default: "7" },
      requests: { type: "string", default: "3000" },
      seed: { type: "string", default: "1" },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const [minutes, rate, days, requestsADay, seed] = [
    values.minutes,
    values.rate,
    values.days,
    values.requests,
    values.seed,
  ].map(Number) as [number, number, number, number, number];
  if (values.help || ![minutes, rate, days, requestsADay, seed].every((number) => number > 0)) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 2;
  }
  const screen = createScreen(process.stdout, process.stderr);
  const { say } = screen;
  const result = values.week
    ? await runWeek({ days, requestsADay, seed, say })
    : await runSoak({ minutes, rate, say });
  keepResult(values.json, result);
  screen.checks(result);
  return result.checks.every(({ met }) => met) ? 0 : 1;
}

runProgram("soak", main);
