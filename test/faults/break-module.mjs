// Breaks the server on purpose, as a mistake would: one line of the built program is another one while it is loaded. Preloaded by
// those servers only by which test/faults/mutations.faults.ts shows that each invariant can fail.
import { register } from "node:module";

const hooks = `
let broken;
export const initialize = (data) => { broken = data; };
export async function load(url, context, next) {
  const module = await next(url, context);
  if (!url.endsWith("/dist/src/" + broken.file)) return module;
  const source = String(module.source);
  if (!source.includes(broken.from)) throw new Error("there is no such line in " + broken.file);
  return { ...module, source: source.replace(broken.from, () => broken.to) };
}`;

register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: JSON.parse(process.env.FAULT_BREAK) });
delete process.env.FAULT_BREAK;
