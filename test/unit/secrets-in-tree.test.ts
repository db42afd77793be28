// No file that is committed holds what a stranger could use: looked for with the detectors that mask secrets on the phone.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findTokens } from "../../src/inspection/secret-findings.ts";
import { packageRoot } from "../../src/server/system.ts";

/** How many files a test takes: a slow machine must not run out of one test's time. */
const AT_ONCE = 200;

const listed = execFileSync("git", ["ls-files", "-z"], { cwd: packageRoot(), encoding: "utf8" });
const files = listed.split("\0").filter((file) => file !== "" && !/\.(png|ico)$/.test(file));
const groups = Array.from({ length: Math.ceil(files.length / AT_ONCE) }, (_, group) =>
  files.slice(group * AT_ONCE, (group + 1) * AT_ONCE),
).map((group) => [group[0] ?? "", group] as const);

/** Where a file has what looks like a secret; the whole file where it could not be looked through. */
function placesIn(file: string): readonly string[] {
  const text = readFileSync(join(packageRoot(), file), "utf8");
  const { findings, complete } = findTokens(text);
  if (!complete) return [file];
  return findings.map(({ parts }) => `${file}:${text.slice(0, parts[0]?.start).split("\n").length}`);
}

it("sees the files of the tree", () => {
  expect(files.length).toBeGreaterThan(1_000);
  expect(files).toContain("test/unit/secrets-in-tree.test.ts");
});

it.each(groups)("no file from %s on holds a token that is known by its form", (_, group) => {
  expect(group.flatMap(placesIn)).toEqual([]);
});
