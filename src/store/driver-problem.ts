// What to do when the database's driver does not load: it is compiled for one version of Node, when it is installed.
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { shellWord } from "../domain/own-command.ts";

const PACKAGE = "better-sqlite3";

/** @returns one line; undefined when the error is about something else */
export function driverProblem(error: unknown, nodeVersion = process.version): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const isMissing = /^Could not locate the bindings file/.test(error.message);
  const isForeign = "code" in error && error.code === "ERR_DLOPEN_FAILED";
  if (!isMissing && !isForeign) return undefined;
  const what = isMissing
    ? "was installed without its native part, because npm did not run its install script"
    : `has a native part that does not run in this Node.js ${nodeVersion}: it was built for another version or another system`;
  return `The database cannot be opened: ${PACKAGE} ${what}. Run: cd ${shellWord(installedIn())} && npm rebuild ${PACKAGE}`;
}

/** The folder whose node_modules has the driver. */
function installedIn(): string {
  const file = createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`);
  return dirname(dirname(dirname(file)));
}
