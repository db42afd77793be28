// `node bench/run.js <name> …`: builds the server and the bench where their sources have changed, then runs `bench/<name>.ts` in this
// process. The bench reads the sources of the simulator and the inspector, so it is bundled with what it imports; the server that it
// measures is what `npm start` runs.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const BUILT = join(ROOT, "dist", "bench");
/** `floor` and `repeat` are processes of their own. */
const ENTRIES = ["bench", "soak", "floor", "unpaced"];

const { build: buildServer, isBuilt } = createRequire(import.meta.url)("../bin/build.js");
if (!isBuilt()) {
  const { problem } = buildServer();
  if (problem !== undefined) throw new Error(problem);
}
const { build } = await import("rolldown");
await build({
  input: Object.fromEntries(ENTRIES.map((name) => [name, join(ROOT, "bench", `${name}.ts`)])),
  platform: "node",
  external: /^[^./]/,
  output: { dir: BUILT, format: "esm" },
  logLevel: "warn",
});
const [name = ""] = process.argv.splice(2, 1);
if (!ENTRIES.includes(name)) throw new Error(`there is no bench/${name}.ts to run`);
await import(pathToFileURL(join(BUILT, `${name}.js`)).href);
