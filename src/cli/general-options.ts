// The options that no command has to itself.
import { installationOf } from "../domain/own-command.ts";
import type { CommandOption } from "./command.ts";

const PLACE = {
  clone: "this clone",
  installed: "your own folders for settings and data",
}[installationOf(import.meta.url)];

/** Stands before the command or behind it. */
export const DIR: CommandOption = {
  flags: "--dir <folder>",
  about: `where .env, policy.json and data/ are; default: APPROVAL_HOME, else ${PLACE}`,
};
export const HELP: CommandOption = { flags: "-h, --help", about: "prints this text" };
/** Of the program only. */
export const VERSION: CommandOption = { flags: "-v, --version", about: "prints the version" };
