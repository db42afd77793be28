// Starts what is built in this process, or says in a sentence why it cannot. Read only by a Node that is new enough.
"use strict";

const { existsSync, readFileSync } = require("node:fs");
const { basename, join } = require("node:path");
const { pathToFileURL } = require("node:url");
const { UNAVAILABLE } = require("./node-problem.js");

const ROOT = join(__dirname, "..");

/** Of what is in `dist/bundle` too, as a few files, which start in less time: see build.js. */
const QUICK = ["src/main.js", "scripts/approval-server.js"];

/** What to start: a package has `bundle`, a clone and an image what was compiled. A clone may have been packed before, and its sources
 * changed since, so what it packed is never run. */
function pathOf(file, isClone) {
  const bundled = join(ROOT, "bundle", basename(file));
  if (!isClone && existsSync(bundled)) return bundled;
  const compiled = join(ROOT, "dist", file);
  const quick = join(ROOT, "dist", "bundle", basename(file));
  return QUICK.includes(file) && isOfOneBuild() && existsSync(quick) ? quick : compiled;
}

/** Whether `dist/bundle` was made of what is in `dist`. */
function isOfOneBuild() {
  try {
    const [compiled, quick] = ["dist/.sources", "dist/bundle/.sources"].map((stamp) =>
      readFileSync(join(ROOT, stamp), "utf8"),
    );
    return compiled === quick;
  } catch {
    return false;
  }
}

/** @param {string} file below dist; a module that exports `run` is run by it */
async function launch(file) {
  const isClone = existsSync(join(ROOT, "src"));
  const path = pathOf(file, isClone);
  const remedy = isClone ? `run npm install in ${ROOT}` : "install the approval server again";
  if (!existsSync(path)) return fail(`The approval server is not built, ${path} is missing: ${remedy}`);
  try {
    const { run } = await import(pathToFileURL(path).href);
    await run?.();
  } catch (error) {
    // Node would end with 1, which is a person's denial where a script asks.
    fail(
      error.code === "ERR_MODULE_NOT_FOUND"
        ? `A part of the approval server is missing: ${remedy}\n  ${error.message}`
        : error.stack,
    );
  }
}

/**
 * A script of package.json: builds where that is needed, then starts `dist/scripts/<name>.js`; `start` is the server itself.
 * `build`, `bundle` and `prepare` start nothing.
 * @param {string | undefined} name
 */
async function launchScript(name) {
  // A package has no scripts of npm, and does not bring it.
  const { BUILT, build, bundle, isBuilt } = require("./build.js");
  if (name === "build") return settle(build());
  // A server refuses to go on with other files than those of its start: what is built stays as it is.
  const buildWhereNeeded = () => (isBuilt() ? { kind: BUILT.ok } : build());
  if (name === "bundle") {
    const built = buildWhereNeeded();
    return settle(built.kind === BUILT.ok ? bundle() : built);
  }
  // npm runs it after each installation, also after one that leaves out what builds: that must not fail it. It is all that npm
  // runs when it installs from git.
  if (name === "prepare") {
    const built = buildWhereNeeded();
    if (built.kind !== BUILT.ok) return settle(built, BUILT.noCompiler);
    const bundled = bundle();
    return bundled.kind === BUILT.noCompiler ? undefined : settle(bundled);
  }
  const result = buildWhereNeeded();
  if (result.kind !== BUILT.ok) return settle(result);
  await launch(name === "start" ? "src/main.js" : `scripts/${name}.js`);
}

function settle({ kind, problem }, tolerated) {
  if (problem === undefined) return;
  fail(problem);
  if (kind === tolerated) process.exitCode = 0;
}

function fail(problem) {
  process.stderr.write(`${problem}\n`);
  process.exitCode = UNAVAILABLE;
}

module.exports = { launch, launchScript };
