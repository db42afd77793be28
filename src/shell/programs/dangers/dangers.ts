// Every danger that a single program can be, and the one place that asks.
import { listed } from "../program.ts";
import { createDangerBook } from "./danger.ts";
import { DISK_DANGERS } from "./disk.ts";
import { FILE_DANGERS } from "./files.ts";
import { GIT_DANGERS } from "./git.ts";
import { KUBERNETES_DANGERS } from "./kubernetes.ts";
import { MACHINE_DANGERS } from "./machine.ts";
import { NETWORK_DANGERS } from "./network.ts";
import { PACKAGE_DANGERS } from "./packages.ts";
import { PUBLISHING_DANGERS } from "./publishing.ts";
import { REMOTE_SHELL_DANGERS } from "./remote-shell.ts";
import { SYSTEM_DANGERS } from "./system.ts";

export const DANGERS = [
  ...DISK_DANGERS,
  ...FILE_DANGERS,
  ...GIT_DANGERS,
  ...KUBERNETES_DANGERS,
  ...MACHINE_DANGERS,
  ...NETWORK_DANGERS,
  ...PACKAGE_DANGERS,
  ...PUBLISHING_DANGERS,
  ...REMOTE_SHELL_DANGERS,
  ...SYSTEM_DANGERS,
];

/** Their first operand names what they work on, a file or a service, and says nothing of what they do with it. */
const NAME_FIRST: ReadonlySet<string> = new Set(
  listed(
    "service ifconfig code code-insiders code-server make gmake jupyter brew-cask sqlite3 mysql psql mongosh",
  ),
);

/** Programs whose first operand says what they do. */
export const HAVE_SUBCOMMANDS: ReadonlySet<string> = new Set(
  DANGERS.filter(({ on }) => on !== undefined)
    .flatMap(({ programs }) => listed(programs))
    .filter((name) => !NAME_FIRST.has(name)),
);

/** The dangers of one program run, by its name and its words. */
export const dangersOf = createDangerBook(DANGERS);
