// The tables of docs/floods.md.
import type { FloodResults, Measured } from "./flood-results.ts";

export function floodTables(results: FloodResults): string {
  const { date, node, platform, cores, load, approvals, limited, unlimited } = results;
  const times = (of: Measured | undefined) => {
    if (of === undefined) return "";
    return of.through === 0 ? "none" : `${of.p50.toFixed(1)} / ${of.p99.toFixed(1)}`;
  };
  const lost = ({ through }: Measured) => (through === approvals ? "0" : `**${approvals - through}**`);
  const rows = limited.rows.map((row) => {
    const open = unlimited.rows.find(({ attack, port }) => attack === row.attack && port === row.port);
    return { ...row, name: `${row.attack}, ${row.port}`, open };
  });
  const [before, after] = load.map((each) => each.toFixed(1));
  return [
    `${date}, Node ${node}, ${platform}, ${cores} cores, load ${before} before and ${after} after; ${approvals} approvals each time.`,
    "",
    "Approvals, from the call to its answer: p50 / p99 in ms, and how many were lost during the attack.",
    "",
    "| attack, port | during | after | lost | no limits: during | lost |",
    "| --- | --- | --- | --- | --- | --- |",
    `| nothing else | ${times(limited.before)} | | | ${times(unlimited.before)} | |`,
    ...rows.map(
      ({ name, during, after: then, open }) =>
        `| ${name} | ${times(during)} | ${times(then)} | ${lost(during)} |` +
        (open === undefined ? " | |" : ` ${times(open.during)} | ${lost(open.during)} |`),
    ),
    "",
    "Memory in MB, of the server, its simulated phone and whoever asks in one process: what is held after a collection, and the most",
    "that was resident.",
    "",
    "| attack, port | held before | held after | resident during | after | no limits: during |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows.map(
      ({ name, before: held, during, after: then, open }) =>
        `| ${name} | ${held.toFixed(1)} | ${then?.heap.toFixed(1) ?? ""} | ${during.rss.toFixed(0)} | ${then?.rss.toFixed(0) ?? ""} | ${open?.during.rss.toFixed(0) ?? ""} |`,
    ),
  ].join("\n");
}
