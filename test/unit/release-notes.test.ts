// A release is made under one name: that of its tag, its package.json, its changelog and its repository, or not at all.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../src/server/system.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const SCRIPT = join(packageRoot(), ".ci", "release-notes.js");
const CHANGELOG = [
  "# Changelog\n\nWords before.\n",
  "## [Unreleased]\n",
  "## [1.2.0] - 2026-12-01\n\n### Added\n\n- **A thing**: see [docs](docs/a.md).\n",
  "## [1.1.0] - 2026-11-01\n\n- An older thing.\n",
  "[1.2.0]: https://example.com/1.2.0\n",
].join("\n");
const REPOSITORY = { type: "git", url: "git+https://example.com/somebody/something.git" };

interface Release {
  readonly tag?: string;
  readonly version?: string;
  readonly locked?: string;
  readonly changelog?: string;
  readonly repository?: unknown;
  readonly here?: string;
}

function notesOf({
  tag = "v1.2.0",
  version = "1.2.0",
  locked = version,
  changelog = CHANGELOG,
  repository = REPOSITORY,
  here = "somebody/something",
}: Release): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "package.json"), JSON.stringify({ name: "a", version, repository }));
  writeFileSync(join(cwd, "package-lock.json"), JSON.stringify({ version: locked }));
  writeFileSync(join(cwd, "CHANGELOG.md"), changelog);
  const env = { PATH: process.env["PATH"], GITHUB_REPOSITORY: here };
  return new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT, tag], { cwd, env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

it("are what the changelog says of that version, and no more", async () => {
  expect(await notesOf({})).toEqual({
    code: 0,
    out: "### Added\n\n- **A thing**: see [docs](docs/a.md).\n",
    err: "",
  });
});

describe("nothing is released", () => {
  it.each<readonly [string, Release, RegExp]>([
    ["under another version's tag", { tag: "v1.3.0" }, /the tag is v1\.3\.0, and package\.json says 1\.2\.0/],
    ["without a tag", { tag: "" }, /the tag is missing/],
    ["with a lock file of another version", { locked: "1.1.0" }, /package-lock\.json says 1\.1\.0/],
    ["that the changelog does not know", { tag: "v1.3.0", version: "1.3.0" }, /no section "## \[1\.3\.0\]/],
    ["without a date", { changelog: CHANGELOG.replace("2026-12-01", "soon") }, /ends with no date/],
    [
      "of which nothing is said",
      { changelog: "## [1.2.0] - 2026-12-01\n\n## [1.1.0] - 2026-11-01\n" },
      /says nothing of/,
    ],
    [
      "while words are left over",
      { changelog: CHANGELOG.replace("[Unreleased]\n", "[Unreleased]\n\n- More.\n") },
      /"Unreleased"/,
    ],
    [
      "from a repository that package.json does not name",
      { here: "other/something" },
      /see docs\/release\.md/,
    ],
    ["with no repository named", { repository: null }, /names nothing, and this is somebody\/something/],
  ])("%s", async (_, release, problem) => {
    const { code, out, err } = await notesOf(release);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(problem);
  });
});
