// What is started: the compiler's output as a few files, without the packages that npm installs. See decisions 0023 and 0062.
import { isBuiltin } from "node:module";
import { join } from "node:path";

const DIST = join(import.meta.dirname, "dist");
const COMMANDS = join(DIST, "scripts", "approval-server.js");
const SERVER = join(DIST, "src", "main.js");

/**
 * What a start loads anyway lies in few files: each costs it most of a millisecond. Never more than these packages come with such a
 * file, so that a command that shares a module with the server does not load what only the server needs.
 */
const TOGETHER = [
  { name: "words", of: COMMANDS, packages: [] },
  { name: "plain", of: SERVER, packages: [] },
  { name: "checked", of: SERVER, packages: ["zod"] },
];

/** All that a module imports, and what that imports, without what is loaded when it is used. */
const imported = new Map();
function importedBy(id, context) {
  const known = imported.get(id);
  if (known !== undefined) return known;
  const all = new Set([id]);
  for (const next of all) for (const each of context.getModuleInfo(next)?.importedIds ?? []) all.add(each);
  imported.set(id, all);
  return all;
}

function fileOf(id, context) {
  const packages = [...importedBy(id, context)].filter((each) => !each.startsWith(DIST) && !isBuiltin(each));
  return (
    TOGETHER.find(
      (file) =>
        importedBy(file.of, context).has(id) && packages.every((each) => file.packages.includes(each)),
    )?.name ?? null
  );
}

export default {
  input: {
    "approval-server": "dist/scripts/approval-server.js",
    // What `npm start` starts in a clone.
    main: "dist/src/main.js",
    // src/server/look.ts starts it by its name, from the folder that it is in itself: all files of the bundle lie in one.
    "look-worker": "dist/src/server/look-worker.js",
  },
  platform: "node",
  // A file may have to give more than its entry does: what lies in few files is shared by them.
  preserveEntrySignatures: "allow-extension",
  external: /^[^./]/,
  output: {
    dir: "bundle",
    cleanDir: true,
    format: "esm",
    chunkFileNames: "[name].js",
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ name: fileOf, debugName: "together" }],
    },
    // What a stack names stays readable.
    minify: { compress: true, mangle: { keepNames: true }, codegen: { removeWhitespace: true } },
    comments: false,
  },
};
