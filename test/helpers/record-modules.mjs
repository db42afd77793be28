// Preloaded into a program (NODE_OPTIONS=--import …): writes the address of each module that it loads to the file MODULES_FILE.
import { appendFileSync } from "node:fs";
import { createRequire, register } from "node:module";
import { pathToFileURL } from "node:url";

const file = process.env.MODULES_FILE;
const hook = `import { appendFileSync } from "node:fs";
export async function load(url, context, next) {
  appendFileSync(${JSON.stringify(file)}, url + "\\n");
  return next(url, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
// What CommonJS requires by itself never goes through the hook.
const { cache } = createRequire(import.meta.url);
process.on("exit", () => {
  for (const path of Object.keys(cache)) appendFileSync(file, `${pathToFileURL(path)}\n`);
});
