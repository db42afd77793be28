// Tables of test cases that stand beside a test as text, so that each reads as it is typed.
import { readFileSync } from "node:fs";
import { decodeVisible } from "../../src/domain/visible.ts";

/** One case a line, a newline written as `⏎`, hidden signs as `⟨U+200B⟩`; `[name]` starts a table. Lines in front of the first have no name. */
export function readTables(file: URL): ReadonlyMap<string, readonly string[]> {
  const tables = new Map<string, string[]>();
  let table: string[] = [];
  tables.set("", table);
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const name = /^\[([^\]]+)\]$/.exec(line)?.[1];
    if (name !== undefined) {
      table = [];
      tables.set(name, table);
    } else if (line !== "") table.push(decodeVisible(line.replaceAll("⏎", "\n")));
  }
  return tables;
}
