// How a command gets its process: a Node that is too old, sources that were never built, have changed or are gone.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../src/server/system.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const ROOT = packageRoot();
const { nodeProblem } = createRequire(import.meta.url)("../../bin/node-problem.js") as {
  nodeProblem: (version: string, wanted: string) => string | undefined;
};

function node(folder: string, args: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    env: { PATH: process.env["PATH"], ...env },
    encoding: "utf8",
  });
  return { code: status, out: stdout, err: stderr };
}

describe("a Node that is too old", () => {
  it.each([
    ["20.20.0", true],
    ["20.21.3", true],
    ["22.0.0", true],
    ["100.1.0", true],
    ["20.20.0-rc.1", true],
    ["21.0.0-nightly20230801d396a041f7", true],
    ["20.19.5", false],
    ["20.2.0", false],
    ["18.99.0", false],
    ["4.9.1", false],
    ["0.12.18", false],
  ])("is %s: %s", (version, isGood) => {
    expect(nodeProblem(version, ">=20.20") === undefined).toBe(isGood);
  });

  it.each([
    ["bin/approval-server.js", "--help"],
    ["bin/approval-server.js", "ask", "Deploy?"],
    ["bin/npm.js", "start"],
    ["bin/npm.js", "prepare"],
    ["bin/npm.js", "ask", "Deploy?"],
  ])("is told in one sentence, and no answer: %s %s", (...args) => {
    const preload = join(temporaryFolder(), "old.cjs");
    writeFileSync(preload, 'Object.defineProperty(process.versions, "node", { value: "18.20.8" });');
    const { code, out, err } = node(ROOT, ["-r", preload, ...args]);
    expect({ code, out }).toEqual({ code: 69, out: "" });
    expect(err).toMatch(
      /^The approval server needs Node\.js 20\.20 or newer, and this is 18\.20\.8: .*\.\n$/,
    );
  });

  it("can read what it is started with: no word that is younger than 2015", () => {
    // What cannot be tried without an old Node is at least not written.
    for (const file of ["approval-server.js", "npm.js", "node-problem.js"]) {
      const source = readFileSync(join(ROOT, "bin", file), "utf8");
      expect(source).not.toMatch(/\bimport\b\s*[({'"]|\bawait\b|\?\.|\?\?|\basync\b|"node:/);
    }
  });
});

/** A clone with one command that prints a word. */
function clone({ compiler = true } = {}): string {
  const folder = temporaryFolder();
  for (const name of ["bin", "package.json", "tsconfig.json", "tsconfig.build.json"]) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  for (const name of ["src", "scripts"]) mkdirSync(join(folder, name));
  write(folder, "one");
  if (compiler) symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return folder;
}

function write(folder: string, word: string): void {
  writeFileSync(join(folder, "src/word.ts"), `export const word: string = "${word}";\n`);
  writeFileSync(
    join(folder, "scripts/say.ts"),
    'import { word } from "../src/word.ts";\nprocess.stdout.write([word, ...process.argv.slice(2)].join(" ") + "\\n");\n',
  );
}

const say = (folder: string, ...more: string[]) => node(folder, ["bin/npm.js", "say", ...more]);

describe("a clone", () => {
  it("builds at the first start and after each change, hands on its arguments, and says nothing of it", () => {
    const folder = clone();
    expect(say(folder, "a", "--b")).toEqual({ code: 0, out: "one a --b\n", err: "" });
    write(folder, "two");
    expect(say(folder)).toEqual({ code: 0, out: "two\n", err: "" });
    // As a checkout of an older commit with its old times, and the same length.
    write(folder, "six");
    utimesSync(join(folder, "src/word.ts"), new Date(0), new Date(0));
    expect(say(folder).out).toBe("six\n");
  });

  it("runs what is built without the compiler while nothing has changed", () => {
    const folder = clone();
    say(folder);
    rmSync(join(folder, "node_modules"));
    expect(say(folder)).toEqual({ code: 0, out: "one\n", err: "" });
    expect(node(folder, ["bin/npm.js", "prepare"])).toEqual({ code: 0, out: "", err: "" });
  });

  it("forgets what was made of a source that is gone", () => {
    const folder = clone();
    writeFileSync(join(folder, "src/gone.ts"), "export {};\n");
    say(folder);
    expect(existsSync(join(folder, "dist/src/gone.js"))).toBe(true);
    rmSync(join(folder, "src/gone.ts"));
    expect(say(folder).code).toBe(0);
    expect(existsSync(join(folder, "dist/src/gone.js"))).toBe(false);
  });

  it("builds anew with other settings of the compiler", () => {
    const folder = clone();
    say(folder);
    writeFileSync(join(folder, "tsconfig.build.json"), "{ not json");
    expect(say(folder).code).toBe(69);
  });

  it("starts nothing that does not compile, nor what was built before: no answer", () => {
    const folder = clone();
    say(folder);
    writeFileSync(join(folder, "src/word.ts"), "export const word: string = 1;\n");
    for (const _ of ["first", "again"]) {
      const { code, out, err } = say(folder);
      expect({ code, out }).toEqual({ code: 69, out: "" });
      expect(err).toContain("could not be built");
    }
  });

  it("without the compiler (npm install --omit=dev) is installed all the same, and says what to do", () => {
    const folder = clone({ compiler: false });
    const words = /TypeScript.* is not installed: run npm install in \S+ \(without --omit=dev\)\n$/;
    expect(node(folder, ["bin/npm.js", "prepare"])).toEqual({
      code: 0,
      out: "",
      err: expect.stringMatching(words),
    });
    expect(say(folder)).toEqual({ code: 69, out: "", err: expect.stringMatching(words) });
  });

  it("that lacks a package ends with no answer, and says what to do", () => {
    const folder = clone();
    writeFileSync(join(folder, "src/word.ts"), 'export { word } from "./other.js";\n');
    writeFileSync(join(folder, "src/other.ts"), "export const word: string = '';\n");
    say(folder);
    rmSync(join(folder, "dist/src/other.js"));
    const { code, err } = say(folder);
    expect(code).toBe(69);
    expect(err).toMatch(
      /A part of the approval server is missing: run npm install in \S+\n {2}Cannot find module/,
    );
  });

  describe("with the bundler", () => {
    /** Prints which file runs it: the program is the smallest that the bundler's settings take. */
    function bundledClone(): string {
      const folder = clone();
      cpSync(join(ROOT, "rolldown.config.js"), join(folder, "rolldown.config.js"));
      mkdirSync(join(folder, "src/server"));
      writeFileSync(join(folder, "src/server/look-worker.ts"), "export {};\n");
      const program = (word: string) =>
        `import { word } from "${word}";\nconst file: string = import.meta.url;\nprocess.stdout.write(word + " " + file + "\\n");\n`;
      writeFileSync(join(folder, "src/main.ts"), program("./word.ts"));
      writeFileSync(join(folder, "scripts/approval-server.ts"), program("../src/word.ts"));
      return folder;
    }
    const start = (folder: string) => {
      const { code, out, err } = node(folder, ["bin/npm.js", "start"]);
      const [word = "", url = ""] = out.trim().split(" ");
      return { code, err, word, file: url.slice(url.indexOf("/dist/")) };
    };

    it("starts the few files that it made of the sources, and makes them anew after a change", () => {
      const folder = bundledClone();
      const quick = { code: 0, err: "", file: "/dist/bundle/main.js" };
      expect(start(folder)).toEqual({ ...quick, word: "one" });
      write(folder, "two");
      expect(start(folder)).toEqual({ ...quick, word: "two" });
      expect(node(folder, ["bin/approval-server.js"]).out).toMatch(
        /^two \S+\/dist\/bundle\/approval-server\.js\n$/,
      );
    });

    it("starts what was compiled where they are of other sources, incomplete, or could not be made", () => {
      const folder = bundledClone();
      const compiled = { code: 0, err: "", word: "one", file: "/dist/src/main.js" };
      start(folder);
      const stamp = join(folder, "dist/bundle/.sources");
      const current = readFileSync(stamp, "utf8");
      writeFileSync(stamp, `${current}src/other.ts 1 1\n`);
      expect(start(folder)).toEqual(compiled);
      // The stamp is written last: a build that was cut off leaves none.
      rmSync(stamp);
      expect(start(folder)).toEqual(compiled);
      writeFileSync(join(folder, "rolldown.config.js"), "export default {");
      const { err, ...started } = start(folder);
      expect({ ...started, err: "" }).toEqual(compiled);
      expect(err).toContain(
        "The few files that start faster could not be made: what was compiled runs all the same.",
      );
      expect(start(folder)).toEqual(compiled);
    });
  });
});
