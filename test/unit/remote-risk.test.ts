// What must be seen, and must not, of commands to clouds, clusters, databases and services. The tables stand beside this file:
// remote-risk.risky.txt by kind, remote-risk.harmless.txt.
import { describe, expect, test } from "vitest";
import { analyse } from "../../src/shell/analyse.ts";
import { findingTexts } from "../../src/shell/risk.ts";
import { readTables } from "../helpers/command-tables.ts";

const RISKY = readTables("remote-risk.risky.txt");
const HARMLESS = readTables("remote-risk.harmless.txt").get("harmless") ?? [];

describe("dangers of servers and services", () => {
  for (const [risk, commands] of RISKY) {
    test.each(commands)(`include ${risk}: %s`, (command) => {
      expect([...analyse(command).risks]).toContain(risk);
    });
  }
});

describe("of ordinary work with servers and services", () => {
  test.each(HARMLESS)("nothing is said: %s", (command) => {
    expect(findingTexts(analyse(command).findings)).toEqual([]);
  });
});
