#!/usr/bin/env node
// The command's entry, in git with its executable bit, so that linking it needs no build; what it starts is built. Any Node can
// read this file: one that is too old is told so in a sentence.
"use strict";

var node = require("./node-problem.js");
var problem = node.nodeProblem(process.versions.node, require("../package.json").engines.node);
if (problem === undefined) {
  require("./launch.js").launch("scripts/approval-server.js");
} else {
  process.stderr.write(problem);
  process.exitCode = node.UNAVAILABLE;
}
