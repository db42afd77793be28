// How the rows of the dangers find, and which of their words a person reads.
import { describe, expect, test } from "vitest";
import { found } from "../../src/domain/warnings.ts";
import { analyse } from "../../src/shell/analyse.ts";
import { createDangerBook, type Danger } from "../../src/shell/programs/dangers/danger.ts";
import { DANGERS } from "../../src/shell/programs/dangers/dangers.ts";
import { findingTexts, RISKS, riskText } from "../../src/shell/risk.ts";

/** What is read of a command, by rows that are given here and know nothing else. */
function read(rows: readonly Danger[], command: string): readonly string[] {
  const book = createDangerBook(rows);
  const calls = analyse(command).steps.flatMap((step) => (step.kind === "run" ? [step.call] : []));
  return findingTexts(calls.flatMap(book));
}

const ROWS: readonly Danger[] = [
  { risk: "delete-remote", programs: "cloud" },
  { risk: "delete-remote", says: "deletes a thing", programs: "cloud", on: /^\w+ delete/, otherwise: true },
  {
    risk: "delete-remote",
    says: "deletes a box with all that is in it",
    programs: "cloud",
    on: "box delete",
  },
  { risk: "delete-data", says: "deletes a table", programs: "cloud", on: "box delete", options: "--table" },
];

describe("of one call", () => {
  test("the words of a row stand in place of its kind's, which stand where no row has words", () => {
    expect(read(ROWS, "cloud ls")).toEqual([riskText("delete-remote")]);
    expect(read(ROWS, "cloud box delete x")).toEqual(["deletes a box with all that is in it"]);
  });

  test("a pattern over many subcommands counts only where no other row of its kind does", () => {
    expect(read(ROWS, "cloud lid delete x")).toEqual(["deletes a thing"]);
  });

  test("other kinds are told beside it, worst first", () => {
    expect(read(ROWS, "cloud box delete x --table t")).toEqual([
      "deletes a table",
      "deletes a box with all that is in it",
    ]);
  });
});

describe("of several calls", () => {
  test("the words of one never replace those of another, and are told once", () => {
    expect(read(ROWS, "cloud ls; cloud box delete x; cloud box delete y; cloud lid delete z")).toEqual([
      riskText("delete-remote"),
      "deletes a box with all that is in it",
      "deletes a thing",
    ]);
  });
});

describe("an option that takes the danger away", () => {
  const rows: readonly Danger[] = [
    { risk: "delete-remote", programs: "cloud", on: "rm", unless: "--dry-run -n" },
  ];

  test.each([
    "cloud rm x --dry-run",
    "cloud rm --dry-run=client x",
    "cloud rm -f --dry-run x",
    "cloud rm -n x",
  ])("does so: %s", (command) => {
    expect(read(rows, command)).toEqual([]);
  });

  test.each([
    "cloud rm x",
    "cloud rm x --dry-run=false",
    "cloud rm x --dry-run=none",
    "cloud rm x -- --dry-run",
    "cloud rm x --description --dry-run",
    "cloud rm x '--dry-run '",
    "cloud rm x --dry",
  ])("does not where it may be off, or another option's value: %s", (command) => {
    expect(read(rows, command)).toEqual([riskText("delete-remote")]);
  });
});

describe("the words", () => {
  const said = DANGERS.flatMap(({ says }) => (says === undefined ? [] : [says]));

  test("of a row are a short sentence without its subject, and not those of a kind", () => {
    for (const words of new Set(said)) {
      expect(words.length, words).toBeLessThanOrEqual(100);
      expect(words, words).toMatch(/^[a-z][a-z-]*s,? .*[^.]$/);
      expect(words, words).not.toMatch(/[*_~`\n·]| {2}/);
      expect(RISKS.map(riskText)).not.toContain(words);
    }
  });
});

describe("of very many dangers", () => {
  const inspection = (count: number) => ({
    shown: { toolName: "Bash", input: {} },
    secrets: 0,
    warnings: Array.from({ length: count }, (_, index) => `does thing ${index}`),
  });

  test("the worst nine places are read, and the rest is counted", () => {
    expect(found(inspection(9))).toHaveLength(9);
    const read = found(inspection(14));
    expect(read).toHaveLength(9);
    expect(read[0]).toBe("does thing 0");
    expect(read.at(-1)).toBe("has 6 more dangers than are named here");
  });
});
