// Builds dist/ from the sources, and tells whether that is needed. It is when any source has come, gone or changed since the last
// build that succeeded: a list of them with their sizes and times is kept beside what was built. Reading that list takes
// milliseconds; starting the compiler to find nothing to do takes a second.
"use strict";

const { spawnSync } = require("node:child_process");
const {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} = require("node:fs");
const { dirname, join, relative, sep } = require("node:path");

const ROOT = join(__dirname, "..");
const DIST = join(ROOT, "dist");
/** Lists the sources that dist/ was built from. */
const STAMP = join(DIST, ".sources");
/** What a package has in place of dist/. */
const BUNDLE = join(ROOT, "bundle");
/** The server of a clone as a few files: the same as what the compiler made, which takes longer to start. */
const QUICK = join(DIST, "bundle");
/** Lists the sources that they were made of; launch.js compares the two. */
const QUICK_STAMP = join(QUICK, ".sources");
const CONFIG = "rolldown.config.js";
const SOURCES = ["src", "scripts"];
const SETTINGS = ["tsconfig.json", "tsconfig.build.json"];
const BUILT = { ok: "built", noCompiler: "no compiler", failed: "failed" };

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** One line a source. */
function sourceList() {
  const files = [
    ...SOURCES.flatMap((name) => filesIn(join(ROOT, name))),
    ...SETTINGS.map((name) => join(ROOT, name)),
    ...[join(ROOT, CONFIG)].filter((file) => existsSync(file)),
  ];
  const line = (file) => {
    const { size, mtimeMs } = statSync(file);
    return `${relative(ROOT, file)} ${size} ${mtimeMs}\n`;
  };
  return files.sort().map(line).join("");
}

/** Whether dist/ is what the sources make; an installed package has no sources, and is. */
function isBuilt() {
  let known;
  try {
    known = readFileSync(STAMP, "utf8");
  } catch {
    known = undefined;
  }
  try {
    return sourceList() === known;
  } catch (error) {
    if (error.code === "ENOENT") return true;
    throw error;
  }
}

/** Runs the compiler. @returns how it went, and where it went wrong a sentence; what the compiler says goes to standard error */
function build() {
  const compiler = toolFile("typescript", "tsc");
  if (compiler === undefined) {
    if (isBuilt()) return { kind: BUILT.ok };
    const problem = `The approval server is not built, or its sources have changed, and TypeScript, which builds it, is not installed: run npm install in ${ROOT} (without --omit=dev)`;
    return { kind: BUILT.noCompiler, problem };
  }
  const sources = sourceList();
  try {
    mkdirSync(DIST, { recursive: true });
    rmSync(QUICK_STAMP, { force: true });
    rmSync(STAMP, { force: true });
    // Standard output is the command's own.
    const { status } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.build.json"], {
      cwd: ROOT,
      stdio: ["ignore", 2, 2],
    });
    if (status !== 0) return { kind: BUILT.failed, problem: "The approval server could not be built." };
    removeLeftovers();
    writeFileSync(STAMP, sources);
    makeQuick(sources);
    return { kind: BUILT.ok };
  } catch (error) {
    return { kind: BUILT.failed, problem: `The approval server could not be built: ${error.message}` };
  }
}

/** What the compiler made runs as well, so a clone without the bundler, or with one that fails, starts too. */
function makeQuick(sources) {
  const bundler = toolFile("rolldown", "rolldown");
  if (bundler === undefined || !existsSync(join(ROOT, CONFIG))) return;
  // Readable: what a stack names are lines of this.
  if (runBundler(bundler, ["--dir", QUICK, "--no-minify"])) writeFileSync(QUICK_STAMP, sources);
  else
    process.stderr.write(
      "The few files that start faster could not be made: what was compiled runs all the same.\n",
    );
}

/** Makes bundle/ of dist/. @returns as build does; `noCompiler` without the bundler */
function bundle() {
  const bundler = toolFile("rolldown", "rolldown");
  if (bundler === undefined)
    return {
      kind: BUILT.noCompiler,
      problem: `rolldown, which packs the approval server, is not installed: run npm install in ${ROOT}`,
    };
  // Nothing old is packed where it fails.
  rmSync(BUNDLE, { recursive: true, force: true });
  if (runBundler(bundler, [])) return { kind: BUILT.ok };
  return { kind: BUILT.failed, problem: "The approval server could not be bundled." };
}

function runBundler(bundler, more) {
  const { status } = spawnSync(process.execPath, [bundler, "-c", CONFIG, "--log-level", "warn", ...more], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", 2],
  });
  return status === 0;
}

/** The program of a package that builds; undefined where it is not installed. */
function toolFile(name, program) {
  try {
    const file = require.resolve(`${name}/package.json`, { paths: [ROOT] });
    return join(dirname(file), require(file).bin[program]);
  } catch {
    return undefined;
  }
}

/** The compiler leaves what it has made of a source that is no longer there, and a package would take it along. */
function removeLeftovers() {
  const sourceOf = (file) => relative(DIST, file).split(sep).join("/").replace(/\.js$/, ".ts");
  const sources = new Set(
    SOURCES.flatMap((name) => filesIn(join(ROOT, name))).map((file) =>
      relative(ROOT, file).split(sep).join("/"),
    ),
  );
  for (const file of SOURCES.flatMap((name) => filesIn(join(DIST, name)))) {
    if (!sources.has(sourceOf(file))) rmSync(file);
  }
}

module.exports = { BUILT, build, bundle, isBuilt };
