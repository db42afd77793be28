// `node bin/npm.js <name> …`: what package.json's scripts run in a clone. Builds first where the sources have changed. Any Node can
// read this file: one that is too old is told so in a sentence.
"use strict";

var node = require("./node-problem.js");
var problem = node.nodeProblem(process.versions.node, require("../package.json").engines.node);
if (problem === undefined) {
  require("./launch.js").launchScript(process.argv.splice(2, 1)[0]);
} else {
  process.stderr.write(problem);
  process.exitCode = node.UNAVAILABLE;
}
