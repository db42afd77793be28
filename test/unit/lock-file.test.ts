// What package-lock.json lets into an installation: packages of the registry that npm is set to, each with its digest, and one script.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../src/server/system.ts";

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const read = (path: string) => JSON.parse(readFileSync(join(packageRoot(), path), "utf8"));
const lock = read("package-lock.json") as {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
const { allowScripts } = read("package.json") as { readonly allowScripts: Readonly<Record<string, boolean>> };
const nameOf = (path: string) => path.split("node_modules/").at(-1) ?? "";

/** What is wrong with a package of the lock file: nothing of it may come from elsewhere, or change unnoticed. */
function problemsOf(path: string, locked: LockedPackage): string[] {
  const { version = "", resolved, integrity = "", link = false } = locked;
  return [
    // An address in the lock file wins over the registry that npm is set to, and may be anybody's.
    ...(resolved === undefined ? [] : [`${path} comes from ${resolved}`]),
    ...(link ? [`${path} is a link`] : []),
    ...(/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity) ? [] : [`${path} has no SHA-512`]),
    ...(/^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(version) ? [] : [`${path} has the version ${version}`]),
    ...(path.startsWith("node_modules/") ? [] : [`${path} is no package of the registry`]),
  ];
}

const packages = Object.entries(lock.packages).filter(([path]) => path !== "");

describe("package-lock.json", () => {
  it("has packages of the registry only, each with its digest", () => {
    expect(lock.lockfileVersion).toBe(3);
    expect(packages.length).toBeGreaterThan(300);
    expect(packages.flatMap(([path, locked]) => problemsOf(path, locked))).toEqual([]);
  });

  it("has an install script in one package, and that is the one that package.json allows", () => {
    const withScript = packages
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => nameOf(path));
    expect([...new Set(withScript)]).toEqual(["better-sqlite3"]);
    expect(allowScripts).toEqual({ "better-sqlite3": true });
  });

  it.each([
    ["git", { resolved: "git+ssh://git@example.com/a/b.git#0123456" }],
    ["plain http", { resolved: "http://example.com/a.tgz" }],
    ["another registry", { resolved: "https://registry.example.com/a/-/a-1.0.0.tgz" }],
    ["a file", { resolved: "file:../a.tgz" }],
    ["a folder", { resolved: "../a", link: true }],
    ["a digest that is broken too easily", { integrity: `sha1-${"A".repeat(27)}=` }],
    ["no digest", { integrity: undefined }],
    ["an address as its version", { version: "https://example.com/a.tgz" }],
  ])("would be refused with a package from %s", (_, changed) => {
    const good = { version: "1.0.0", integrity: `sha512-${"A".repeat(86)}==` };
    expect(problemsOf("node_modules/a", good)).toEqual([]);
    const bad = { ...good, ...changed } as LockedPackage;
    expect(problemsOf("node_modules/a", bad)).not.toEqual([]);
  });
});

describe("package.json", () => {
  it("names versions of the registry, no address", () => {
    const { dependencies, devDependencies, peerDependencies } = read("package.json");
    const ranges = Object.entries({ ...dependencies, ...devDependencies, ...peerDependencies });
    expect(ranges.filter(([, range]) => !/^\^?\d+\.\d+\.\d+$/.test(range as string))).toEqual([]);
  });

  it("runs nothing of its own at a user's installation", () => {
    const { scripts } = read("package.json") as { readonly scripts: Readonly<Record<string, string>> };
    // npm runs these three where a package from the registry is installed; "prepare" only in a clone.
    const names = ["preinstall", "install", "postinstall"];
    expect(names.filter((name) => name in scripts)).toEqual([]);
  });
});
