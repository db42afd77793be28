// The licences of all that an installation brings, and of what a clone has besides: a new kind of licence is a decision, not news.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageRoot } from "../../src/server/system.ts";

/** Ask for their text and a notice, no more. What is shipped to users may have these. */
const FOR_USERS = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"];
/** Used as they are while developing, and passed on to nobody. */
const FOR_DEVELOPMENT = [...FOR_USERS, "MPL-2.0"];

interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

const read = (path: string) => readFileSync(join(packageRoot(), path), "utf8");
const { packages } = JSON.parse(read("package-lock.json")) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};

const all = Object.entries(packages)
  .filter(([path]) => path !== "")
  .map(([path, { license = "none", dev = false, devOptional = false }]) => ({
    path,
    name: path.split("node_modules/").at(-1) ?? "",
    license: license.replace(/^\((.*)\)$/, "$1"),
    isForUsers: !dev && !devOptional,
  }));

/** Whether one of those that may be chosen is among the allowed ones. What is anything but names and OR is not understood. */
function isAllowed(license: string, allowed: readonly string[]): boolean {
  return license.split(" OR ").some((choice) => allowed.includes(choice));
}

function listOf(isForUsers: boolean): string {
  const these = all.filter((each) => each.isForUsers === isForUsers);
  const kinds = [...new Set(these.map(({ license }) => license))].toSorted();
  return kinds
    .map((kind) => {
      const names = these.filter(({ license }) => license === kind).map(({ name }) => name);
      const once = [...new Set(names)].toSorted();
      return `**${kind}** (${once.length}): ${once.map((name) => `\`${name}\``).join(", ")}\n`;
    })
    .join("\n");
}

it("are all allowed: a licence that is new, unknown or missing is looked at first", () => {
  const refused = all.filter(
    ({ license, isForUsers }) => !isAllowed(license, isForUsers ? FOR_USERS : FOR_DEVELOPMENT),
  );
  expect(refused).toEqual([]);
});

it.each([
  "none",
  "UNLICENSED",
  "SEE LICENSE IN LICENSE",
  "GPL-3.0",
  "AGPL-3.0-only",
  "MIT AND GPL-2.0",
  "MPL-2.0",
])("%s would not be let in among what users get", (license) =>
  expect(isAllowed(license, FOR_USERS)).toBe(false),
);

it("are in the packages what the lock file says they are", () => {
  const other = all.filter(({ path, license }) => {
    let manifest: { readonly license?: unknown };
    try {
      manifest = JSON.parse(read(`${path}/package.json`));
    } catch {
      // For another system than this one.
      return false;
    }
    return typeof manifest.license === "string" && manifest.license.replace(/^\((.*)\)$/, "$1") !== license;
  });
  expect(other).toEqual([]);
});

it("of direct dependencies are what docs/dependencies.md says", () => {
  const entries = [...read("docs/dependencies.md").matchAll(/^- \*\*(`.+?`)\*\* \((.+?)\)/gm)];
  const said = entries.flatMap(([, names = "", license = ""]) =>
    names
      .replaceAll("`", "")
      .split(", ")
      .map((name) => [name, license.replace(" or ", " OR ")] as const),
  );
  const known = new Map(all.map(({ path, license }) => [path.replace("node_modules/", ""), license]));
  expect(said.length).toBeGreaterThan(40);
  expect(said.filter(([name, license]) => !isSame(license, known.get(name) ?? ""))).toEqual([]);
});

function isSame(a: string, b: string): boolean {
  return a.split(" OR ").toSorted().join() === b.split(" OR ").toSorted().join();
}

it("are listed in docs/licences.md", async () => {
  const page = `# Licences

Written by \`npm run docs\` from \`package-lock.json\`. \`test/unit/licences.test.ts\` has the kinds of licence that are
allowed, and fails at any other. Where a package offers a choice, one of its licences is on that list.

## What an installation brings

${listOf(true)}
## What a clone has besides

Tools and types, for every system. None of it is in the package.

${listOf(false)}`;
  await expect(page).toMatchFileSnapshot(join(packageRoot(), "docs/licences.md"));
});
