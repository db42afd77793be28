// What is known of a program, by its name. Nothing is known about a name that is not here, and that is
// no reason to trust it.
import { CLOUD_TOOLS } from "./cloud-tools.ts";
import { CONTAINER_TOOLS } from "./container-tools.ts";
import { DATABASE_CLIENTS } from "./database-clients.ts";
import { FILES } from "./files.ts";
import { INTERPRETERS } from "./interpreters.ts";
import { NETWORK } from "./network.ts";
import { listed, type Program } from "./program.ts";
import { RUNNERS } from "./runners.ts";
import { SERVICE_TOOLS } from "./service-tools.ts";
import { SYSTEM } from "./system.ts";
import { TOOLS } from "./tools.ts";
import { WRAPPERS } from "./wrappers.ts";

/** Every row, for the test that no program has two. */
export const PROGRAMS: readonly Program[] = [
  ...CLOUD_TOOLS,
  ...CONTAINER_TOOLS,
  ...DATABASE_CLIENTS,
  ...FILES,
  ...INTERPRETERS,
  ...NETWORK,
  ...RUNNERS,
  ...SERVICE_TOOLS,
  ...SYSTEM,
  ...TOOLS,
  ...WRAPPERS,
];

const BY_NAME = new Map(PROGRAMS.flatMap((row) => listed(row.names).map((name) => [name, row] as const)));
const UNKNOWN: Program = { names: "" };

/** @param name base name in lower case */
export function programOf(name: string): Program {
  return BY_NAME.get(name) ?? UNKNOWN;
}

/** Whether a program runs what its arguments name, so that its own name says nothing. */
export function isWrapper(name: string): boolean {
  return programOf(name).wraps !== undefined;
}

/** Whether a program runs code that its arguments or its input give it. */
export function isInterpreter(name: string): boolean {
  return programOf(name).interprets !== undefined;
}

/** Whether a program is a shell. */
export function isShell(name: string): boolean {
  return programOf(name).interprets?.as === "shell";
}

/** Whether what a program runs is decided elsewhere: in a file, in a registry, in the rest of the line. */
export function runsOthers(name: string): boolean {
  const { wraps, interprets, runsElsewhere } = programOf(name);
  return wraps !== undefined || interprets !== undefined || runsElsewhere === true;
}
