// No regular expression here can be made to try exponentially many ways: thirty signs in a command kept the whole server busy.
// Whoever reads this test after it has failed: a part that repeats must not be able to match the same text in two ways,
// as in `(\S*:)*` or `([-_.]+x?)*`.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { analyse } from "scslre";
import { describe, expect, it } from "vitest";
import { visibleLine } from "../../src/domain/visible.ts";
import { isCredential } from "../../src/inspection/secret-names.ts";
import { analyse as analyseCommand } from "../../src/shell/analyse.ts";

const ROOT = join(import.meta.dirname, "../..");
const FOLDERS = ["src", "plugin", "bin", "public"];

/** What looks like a literal: some are none, and then they most often are no pattern either. */
const LITERAL =
  /(?<=[=(,:?!&|[{};\n]\s*|return )\/(?![*/])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+)\/([dgimsuy]*)/g;

interface Found {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

function literals(): Found[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(?:ts|js)$/.test(name))
      .flatMap((name) => {
        const text = readFileSync(join(ROOT, folder, name), "utf8");
        return [...text.matchAll(LITERAL)].map(([, source = "", flags = ""]) => ({
          file: `${folder}/${name}`,
          source,
          flags: flags.replace("d", ""),
        }));
      })
      .filter(isPattern),
  );
}

function isPattern({ source, flags }: Found): boolean {
  try {
    return new RegExp(source, flags) !== undefined;
  } catch {
    return false;
  }
}

function isExponential({ source, flags }: Found): boolean {
  const { reports } = analyse({ source, flags }, { reportTypes: { Move: false, Self: true, Trade: true } });
  return reports.some(({ exponential }) => exponential);
}

describe("regular expressions", () => {
  it("that this test would find are found", () => {
    expect(isExponential({ file: "", source: "^(\\S*:)*x", flags: "" })).toBe(true);
    expect(isExponential({ file: "", source: "^[a-z]+(?:[-_.]+[a-z]*\\d{0,3})*$", flags: "i" })).toBe(true);
    expect(isExponential({ file: "", source: "^(\\S*:)?x", flags: "" })).toBe(false);
  });

  it("try no text in exponentially many ways", () => {
    const found = literals();
    expect(found.length).toBeGreaterThan(1_000);
    expect(found.filter(isExponential).map(({ file, source }) => `${file}: /${source}/`)).toEqual([]);
  });
});

// With ` +$` it takes minutes.
it("a gap of a million spaces inside a line is made visible", () => {
  const gap = " ".repeat(1_000_000);
  expect(visibleLine(`  a${gap}b `)).toBe("⟨U+0020×2⟩a⟨U+0020×1000000⟩b⟨U+0020⟩");
  expect(visibleLine(gap)).toBe("⟨U+0020×1000000⟩");
  expect(visibleLine("")).toBe("");
});

// Each of these would still be under way when the test's own time is over.
describe("a command that was made to be slow", () => {
  it.each([
    ["a subcommand of twilio", `twilio ${":".repeat(200)}x`],
    ["empty lines to Redis", `redis-cli <<E\n${"\n ".repeat(15_000)}x\nE\n`],
    ["empty lines to SQLite", `sqlite3 x '${"\n".repeat(30_000)}x'`],
    ["a credential of a request", `curl -H "Authorization: Bearer a${"-".repeat(60)}! x"`],
  ])("with %s is read all the same", (_, command) => {
    expect(analyseCommand(command).extent).toBe("whole");
  });

  it("is told from a credential", () => {
    expect(isCredential(`aB${"-".repeat(60)}!1`)).toBe(true);
    expect(isCredential("my-service_token.v12")).toBe(false);
  });

  it("still deletes keys of Redis, behind spaces and empty lines", () => {
    for (const said of ["del x", "get y\n\n \t del x", "get y\r\n\r\ndel x"])
      expect(analyseCommand(`redis-cli <<E\n${said}\nE\n`).risks).toContain("delete-data");
  });

  it("still deletes something at Twilio", () => {
    for (const subcommand of ["api:core:messages:remove", "remove", "a:b:delete x"])
      expect(analyseCommand(`twilio ${subcommand}`).risks).toContain("delete-remote");
    expect(analyseCommand("twilio phone-numbers:list").risks).not.toContain("delete-remote");
  });
});
