// Starts what is built in this process, or says in a sentence why it cannot. Read only by a Node that is new enough.
"use strict";

const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");
const { BUILT, build, isBuilt } = require("./build.js");
const { UNAVAILABLE } = require("./node-problem.js");

const ROOT = join(__dirname, "..");

/** @param {string} file below dist */
async function launch(file) {
  const path = join(ROOT, "dist", file);
  const remedy = existsSync(join(ROOT, "src"))
    ? `run npm install in ${ROOT}`
    : "install the approval server again";
  if (!existsSync(path)) return fail(`The approval server is not built, ${path} is missing: ${remedy}`);
  try {
    await import(pathToFileURL(path).href);
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
 * `build` and `prepare` do nothing else than build.
 * @param {string | undefined} name
 */
async function launchScript(name) {
  if (name === "build") return settle(build());
  // npm runs it after each installation, also after one that leaves out what builds: that must not fail it.
  if (name === "prepare") return settle(build(), BUILT.noCompiler);
  if (!isBuilt()) {
    const result = build();
    if (result.kind !== "built") return settle(result);
  }
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
