// What is wrong with the Node.js that runs this. Written so that any Node can read it, however old: no word of a language
// younger than 2015, and no module of Node's.
"use strict";

/** EX_UNAVAILABLE of sysexits.h: the program cannot run here. No exit code of an answer. */
exports.UNAVAILABLE = 69;

/**
 * @param version `process.versions.node`
 * @param wanted `engines.node` of package.json: ">=20.20"
 * @returns one sentence; undefined when it is new enough
 */
exports.nodeProblem = (version, wanted) => {
  var least = wanted.replace(/[^\d.]/g, "");
  var found = version.split(".").map(Number);
  var needed = least.split(".").map(Number);
  var at;
  for (at = 0; at < needed.length; at += 1) {
    if (found[at] > needed[at]) return undefined;
    if (found[at] !== needed[at]) {
      return (
        "The approval server needs Node.js " +
        least +
        " or newer, and this is " +
        version +
        ": install a newer one, from https://nodejs.org or with your version manager.\n"
      );
    }
  }
  return undefined;
};
