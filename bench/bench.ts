// `npm run bench`: see docs/performance.md.
import { parseArgs } from "node:util";
import { audit } from "./figures/audit.ts";
import { burst } from "./figures/burst.ts";
import { commits } from "./figures/commits.ts";
import { floors } from "./figures/floors.ts";
import { inspection } from "./figures/inspection.ts";
import { load } from "./figures/load.ts";
import { opening } from "./figures/opening.ts";
import { starting } from "./figures/start.ts";
import { taps } from "./figures/taps.ts";
import { grant, policy } from "./figures/unasked.ts";
import { verification } from "./figures/verification.ts";
import { machine } from "./parts/machine.ts";
import { keepResult, runProgram } from "./parts/program.ts";
import { createScreen } from "./parts/screen.ts";
import type { BenchResult } from "./results.ts";
import type { Figure, Row } from "./rows.ts";

const FIGURES: readonly Figure[] = [
  floors,
  starting,
  inspection,
  audit,
  grant,
  policy,
  commits,
  verification,
  taps,
  burst,
  opening,
  load,
];

const USAGE = `npm run bench -- [options]
  --only NAME[,NAME]  these figures: ${FIGURES.map(({ name }) => name).join(", ")}
  --quick             smaller, in a minute or two
  --json FILE         keeps the result
  --strict            exit code 1 when a target is missed, not only when the bench fails
  --help
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      strict: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const names = values.only?.split(",") ?? FIGURES.map(({ name }) => name);
  const unknown = names.filter((name) => !FIGURES.some((figure) => figure.name === name));
  if (unknown.length > 0) throw new Error(`there is no figure ${unknown.join(", ")}\n${USAGE}`);
  const screen = createScreen(process.stdout, process.stderr);
  const started = machine();
  const rows: Row[] = [];
  for (const figure of FIGURES.filter(({ name }) => names.includes(name))) {
    const mine: Row[] = [];
    await figure.run({ quick: values.quick, say: screen.say, add: (row) => void mine.push(row) });
    screen.table(figure.about, mine);
    rows.push(...mine);
  }
  const result: BenchResult = { ...started, loadAfter: machine().load, quick: values.quick, rows };
  keepResult(values.json, result);
  const missed = rows.filter(({ met }) => met === false);
  screen.summary(rows, missed);
  return values.strict && missed.length > 0 ? 1 : 0;
}

runProgram("bench", main);
