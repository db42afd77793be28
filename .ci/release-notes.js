// Prints what CHANGELOG.md says of the version that a tag names, and ends with 1 where tag, package.json, changelog and repository
// do not agree: nothing may be released under a name that is not its own.
// Usage: node .ci/release-notes.js v0.1.0
import { readFileSync } from "node:fs";

const [, , tag = ""] = process.argv;
const { version, repository } = JSON.parse(readFileSync("package.json", "utf8"));
const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const changelog = readFileSync("CHANGELOG.md", "utf8");

// The heading of a version: "## [0.1.0] - 2026-11-20".
const sections = changelog.split(/^## (?=\[)/m).slice(1);
const section = sections.find((text) => text.startsWith(`[${version}] - `));
const [heading = "", ...lines] = (section ?? "").split("\n");
// Links of the whole file stand at its end.
const notes = lines
  .filter((line) => !/^\[[^\]]+\]: /.test(line))
  .join("\n")
  .trim();
const unreleased = sections
  .find((text) => text.startsWith("[Unreleased]"))
  ?.replace("[Unreleased]", "")
  .trim();

const problems = [];
if (tag !== `v${version}`) problems.push(`the tag is ${tag || "missing"}, and package.json says ${version}`);
if (lock.version !== version) problems.push(`package-lock.json says ${lock.version}: run npm install`);
if (section === undefined) problems.push(`CHANGELOG.md has no section "## [${version}] - <date>"`);
else if (!/ - \d{4}-\d{2}-\d{2}$/.test(heading))
  problems.push(`CHANGELOG.md's "${heading}" ends with no date`);
else if (notes === "") problems.push(`CHANGELOG.md says nothing of ${version}`);
if (unreleased) problems.push('CHANGELOG.md still has text under "Unreleased"');

// Provenance names the repository that the package was built in; npm compares it with this field.
const here = process.env.GITHUB_REPOSITORY;
const url = typeof repository === "string" ? repository : (repository?.url ?? "");
const named = /[/:]([^/:]+\/[^/]+?)(?:\.git)?$/.exec(url)?.[1];
if (here !== undefined && named?.toLowerCase() !== here.toLowerCase())
  problems.push(
    `package.json's "repository" names ${named ?? "nothing"}, and this is ${here}: see docs/release.md`,
  );

for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
else process.stdout.write(`${notes}\n`);
