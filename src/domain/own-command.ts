// How a person calls this program's commands: `npm run doctor` in a clone, `approval-server doctor` once it is installed. Every
// message that names a command takes its words from here, so that it can be pasted where it is read.

/** How the package came here. */
export type Installation = "clone" | "installed";

/** The name of the installed program. */
export const PROGRAM = "approval-server";
/** npm keeps what it has installed below a folder of this name; a linked clone has its real path. */
const INSTALLED = /[\\/]node_modules[\\/]/;

/** @param location address of a file of this package, `file:///…` */
export function installationOf(location: string): Installation {
  return INSTALLED.test(location) ? "installed" : "clone";
}

/**
 * The command as it is typed, with its own words: `ownCommand("setup-template --submit")`.
 * @param installation default: of the package that this file belongs to
 */
export function ownCommand(command: string, installation = installationOf(import.meta.url)): string {
  if (installation === "installed") return `${PROGRAM} ${command}`;
  const [name = "", ...words] = command.split(" ");
  const script = name === "start" ? "npm start" : `npm run ${name}`;
  return words.length === 0 ? script : `${script} -- ${words.join(" ")}`;
}
