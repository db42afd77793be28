// The table of docs/hostile-input.md: what the run by hand has tried, target by target.
import type { Tally } from "./tally.ts";

const count = (value: number) => value.toLocaleString("en");

export function tallyTable({ date, node, seed, targets }: Tally): string {
  const sum = (of: (each: Tally["targets"][number]) => number) =>
    targets.reduce((all, each) => all + of(each), 0);
  const failures = targets.flatMap(({ failures }) => failures);
  return [
    `Until ${date}: ${count(sum(({ cases }) => cases))} cases in ${count(Math.round(sum(({ cpuMs }) => cpuMs) / 60_000))} minutes of processor time, Node ${node}, seeds from ${seed} on.`,
    "",
    "| target | cases | µs a case |",
    "| --- | --- | --- |",
    ...targets.map(
      ({ name, cases, cpuMs }) =>
        `| ${name} | ${count(cases)} | ${count(Math.round((cpuMs * 1_000) / Math.max(cases, 1)))} |`,
    ),
    "",
    failures.length === 0
      ? "Nothing was found after the last finding was mended."
      : `Found, and mended since, by the line that shows it where it is not:\n\n${failures.map((again) => `- \`${again}\``).join("\n")}`,
  ].join("\n");
}
