// No file that is committed holds what a stranger could use: looked for with the detectors that mask secrets on the phone.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findTokens } from "../../src/inspection/secret-findings.ts";
import { packageRoot } from "../../src/server/system.ts";

const git = (...args: string[]) => execFileSync("git", args, { cwd: packageRoot(), encoding: "utf8" });

it("no file of the tree holds a token that is known by its form", () => {
  const files = git("ls-files", "-z")
    .split("\0")
    .filter((file) => file !== "" && !/\.(png|ico)$/.test(file));
  const found = files.flatMap((file) => {
    const text = readFileSync(join(packageRoot(), file), "utf8");
    const { findings, complete } = findTokens(text);
    return complete
      ? findings.map(({ parts }) => `${file}:${text.slice(0, parts[0]?.start).split("\n").length}`)
      : [file];
  });
  expect(files.length).toBeGreaterThan(1_000);
  expect(found).toEqual([]);
});
