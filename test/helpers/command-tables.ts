// The tables of sample commands that stand beside the tests as text, so that each command reads as it is typed.
import { readFileSync } from "node:fs";

/** One command a line, a newline written as `⏎`; `[name]` starts a table. @param file beside the tests in test/unit */
export function readTables(file: string): ReadonlyMap<string, readonly string[]> {
  const tables = new Map<string, string[]>();
  let table: string[] = [];
  for (const line of readFileSync(new URL(`../unit/${file}`, import.meta.url), "utf8").split("\n")) {
    const name = /^\[([a-z-]+)\]$/.exec(line)?.[1];
    if (name !== undefined) {
      table = tables.get(name) ?? [];
      tables.set(name, table);
    } else if (line !== "" && !line.startsWith("# ")) table.push(line.replaceAll("⏎", "\n"));
  }
  return tables;
}
