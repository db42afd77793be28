// docs/performance.md, made of bench/results. `npm run docs` writes it; a test fails where the page and the results differ.
import { numberText } from "./parts/numbers.ts";
import type { BenchResult, EnduranceResult, Results, Step } from "./results.ts";
import { type Row, targetText } from "./rows.ts";

const FIGURES: readonly (readonly [figure: string, title: string, about: string])[] = [
  ["floors", "The floors by themselves", ""],
  [
    "start",
    "Start, and an idle server",
    "As somebody has it who has set nothing: the simulated phone is a part of the process.",
  ],
  [
    "inspection",
    "Looking through a call",
    "In process. Ordinary: the commands of `test/unit/shell-risk.harmless.txt`. From 4 kB on a thread of its own does it.",
  ],
  [
    "grant",
    "What a grant answers",
    "Its use is in the record before the answer leaves, so the tool alone is a floor that only a server without a record reaches: the other floor adds one commit.",
  ],
  ["policy", "What the policy allows", ""],
  ["commits", "Commits", "Counted in SQLite's write-ahead log, from the call to the confirmation."],
  [
    "verification",
    "The check of an approval",
    "`VERIFY_REPLIES` costs one GET for each approval. Everywhere else on this page it is off, so that it is counted once, here.",
  ],
  [
    "taps",
    "From the tap to the answer",
    "The request that has waited longest is tapped. Measured from the webhook's first byte to the answer at the caller, at the server and the floor in turn.",
  ],
  ["burst", "Many taps at once", "From the first tap that leaves to the last answer that comes."],
  [
    "opening",
    "Many calls at once",
    "Taken means: its row is written, and the caller has its first note of progress.",
  ],
  [
    "load",
    "Load",
    "The taps keep to their timetable whatever the server does. Every third is a denial with a reason of its own; each answer is compared with its call.",
  ],
];

/** The whole page. */
export function performancePage({ bench, soak, week, steps }: Results): string {
  return `${[
    "# Performance",
    INTRODUCTION,
    "## Reproducing it",
    REPRODUCING,
    "## How it is measured",
    METHOD,
    ...(bench === undefined ? [NOT_MEASURED] : benchParts(bench)),
    "## What each step bought",
    ...stepParts(steps),
    "## Endurance",
    ENDURANCE,
    ...enduranceParts("The soak", soak),
    ...enduranceParts("The week", week),
  ].join("\n\n")}\n`;
}

const INTRODUCTION = `What an approval costs, beside the least that it can cost on the same machine in the same minute. This page is made by \`npm run docs\`
from \`bench/results\`; do not edit it.`;

const REPRODUCING = `\`\`\`sh
npm run bench -- --json bench/results/bench.json && npm run docs
\`\`\`

\`npm run bench -- --quick\` takes a minute or two and shows the same with smaller numbers; \`--only taps,burst\` measures these
figures; \`--strict\` ends with 1 where a target is missed. Without it the exit code tells only whether the bench itself went
wrong.`;

const METHOD = `The server is the built program in a process of its own, with its database on disk. At its other end stands the simulated Twilio, in the
bench's process, over loopback. The **floor** is a second process: a tool of the same SDK behind the same HTTP stack that waits
for a signal in memory, which one POST gives. It looks at nothing, writes nothing down and sends nothing. **Ratio** is the server's number over
the floor's.

Both are measured in turn, so that whatever else the machine does hits both. A ratio stands on a busy machine longer than a time
does, and processor time longer than a ratio: where the load below is above the number of cores, trust processor time most and times
least. p99 of some hundred taps is their third or fourth worst.`;

const NOT_MEASURED = "No run is kept yet.";

const ENDURANCE = `\`npm run soak -- --minutes 30 --json bench/results/soak.json\` keeps a server busy with a steady mix (approvals, denials, expiries, grants,
the policy, cancelled calls, hooks, REST, large commands) and checks each outcome. Memory is sampled after a collection of garbage;
"flat" is judged by a line through the samples after the first third, fitted by the median of all slopes (Theil and Sen), so that
single peaks do not tilt it. \`npm run soak -- --week --json bench/results/week.json\` runs a week on a fake clock: the same gate, record, replies,
grants, modes, parked calls, reminders and looks for templates, with restarts, crashes, pauses, a change of the clocks and clocks that jump.`;

function benchParts(bench: BenchResult): string[] {
  return [
    "## Results",
    `${bench.date}, Node ${bench.node.slice(1)}, ${bench.platform}, ${bench.cores} cores (${bench.processor}), ${bench.memory} GB. Load before the run ${bench.load}, after it ${bench.loadAfter}.${bench.quick ? " A quick run." : ""} ${verdict(bench.rows)}`,
    ...FIGURES.flatMap(([figure, title, about]) => {
      const rows = bench.rows.filter((each) => each.figure === figure);
      if (rows.length === 0) return [];
      return [`### ${title}`, ...(about === "" ? [] : [about]), table(rows)];
    }),
  ];
}

function verdict(rows: readonly Row[]): string {
  const judged = rows.filter(({ met }) => met !== undefined);
  const met = judged.filter((each) => each.met);
  return `${met.length} of ${judged.length} targets are met.`;
}

function table(rows: readonly Row[]): string {
  const lines = rows.map((each) => {
    const cells = [
      each.what,
      `${numberText(each.value)} ${each.unit === "count" ? "" : each.unit}`.trim(),
      each.floor === undefined ? "" : numberText(each.floor),
      each.ratio === undefined ? "" : `${each.ratio.toFixed(2)}×`,
      each.target === undefined ? "" : `${targetText(each.target)}: ${each.met ? "met" : "**missed**"}`,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return ["| | measured | floor | ratio | target |", "| --- | ---: | ---: | ---: | --- |", ...lines].join(
    "\n",
  );
}

function stepParts(steps: readonly Step[]): string[] {
  if (steps.length === 0) return ["No step is written down yet: `bench/results/steps.json` has them."];
  const lines = steps.map(
    ({ step, figure, before, after, commit }) =>
      `- **${step}** (${commit}): ${figure} ${before} before, ${after} after.`,
  );
  return ["Each measured before and after, in turn, on one machine.", lines.join("\n")];
}

function enduranceParts(title: string, result: EnduranceResult | undefined): string[] {
  if (result === undefined) return [`### ${title}`, `${title} has no kept run yet.`];
  const lines = result.checks.map(
    ({ what, found, limit, met }) => `| ${what} | ${found} | ${limit} | ${met ? "met" : "**missed**"} |`,
  );
  return [
    `### ${title}`,
    `${result.date}, Node ${result.node.slice(1)}, ${result.cores} cores, load ${result.load}: ${result.what}, ${result.requests.toLocaleString("en")} requests.`,
    ["| | found | limit | |", "| --- | ---: | --- | --- |", ...lines].join("\n"),
  ];
}
