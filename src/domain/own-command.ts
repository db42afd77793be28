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

/** What `--dir` has to be given again; the one thing about this process that its messages cannot know by themselves. */
let chosenFolder: string | undefined;

/** From now on each command is named with `--dir`: without it, it would be about other settings than those of this process. */
export function nameFolderInCommands(folder: string | undefined): void {
  chosenFolder = folder;
}

/**
 * The command as it is typed, with its own words: `ownCommand("setup-template --submit")`.
 * @param installation default: of the package that this file belongs to
 */
export function ownCommand(command: string, installation = installationOf(import.meta.url)): string {
  const dir = chosenFolder === undefined ? [] : ["--dir", shellWord(chosenFolder)];
  if (installation === "installed") return [PROGRAM, command, ...dir].join(" ");
  const [name = "", ...own] = command.split(" ");
  const words = [...own, ...dir];
  const script = name === "start" ? "npm start" : `npm run ${name}`;
  return words.length === 0 ? script : `${script} -- ${words.join(" ")}`;
}

/** One word for a shell of POSIX. */
export function shellWord(text: string): string {
  return /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
