// `npm run fuzz`: builds the targets with the sources that they try, and runs them in this process. Arguments as main.ts reads
// them; decides nothing.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const { resolve } = createRequire(import.meta.url);
const folder = import.meta.dirname;
const compiler = join(dirname(resolve("typescript/package.json")), "bin", "tsc");
const { status } = spawnSync(process.execPath, [compiler, "-p", join(folder, "tsconfig.json")], {
  stdio: ["ignore", 2, 2],
});
if (status === 0) await import(join(folder, "..", "..", "dist", "fuzz", "test", "fuzz", "main.js"));
else process.exitCode = 1;
