// What a command of this package is: a row of the table in commands.ts, and the function behind it.
import type { Readable, Writable } from "node:stream";
import type { Home } from "../config/home.ts";
import type { Variables } from "../config/read-variables.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { SendSignal } from "../core/ports/processes.ts";
import type { Send } from "../server/output.ts";

/** A command's arguments and options. Each usage line, each help text and every check of the arguments comes from it. */
export interface CommandForm {
  readonly name: string;
  /** One line: in the list of commands, in README's table, and at the top of its own help. */
  readonly summary: string;
  readonly arguments?: readonly CommandArgument[] | undefined;
  readonly options?: readonly CommandOption[] | undefined;
  /** Paragraphs at the end of its help. */
  readonly notes?: readonly string[] | undefined;
}

interface CommandArgument {
  readonly name: string;
  /** "what to ask" */
  readonly about: string;
  readonly isOptional?: boolean | undefined;
  /** All that it may be. */
  readonly choices?: readonly string[] | undefined;
  /** Several words that a shell takes apart where the quotes are forgotten. */
  readonly isSentence?: boolean | undefined;
}

export interface CommandOption {
  /** `--json`, `--file <file>` with its value, `--project [folder]` with a value that may be left out. */
  readonly flags: string;
  readonly about: string;
  readonly choices?: readonly string[] | undefined;
}

export interface CommandRow extends CommandForm {
  /** How it starts from the package's folder: `npm run ask`. */
  readonly npm?: string | undefined;
  /** What it is about: the server, whose home is its folder, or the folder that it is called in, its project. */
  readonly folder: "server" | "caller";
  /** Its subcommands, where it has some: then one of them must be named. */
  readonly verbs?: readonly CommandForm[] | undefined;
  /** What follows the command's name in each example. */
  readonly examples: readonly string[];
  readonly exits: CommandExits;
  /** It withdraws what waits when it is interrupted; any other command is ended as the system does it. */
  readonly isInterruptible?: boolean | undefined;
  /** The folder of `--dir` need not be there: the command makes it, or nobody reads what it says beside its answer. */
  readonly needsNoHome?: true | undefined;
  /** Loaded only when it is to run. Absent for `start`, which is src/main.ts itself. */
  load?(): Promise<RunCommand>;
}

export interface CommandExits {
  readonly help: number;
  /** After a ConfigError. */
  readonly configuration: number;
  /** After any other error. */
  readonly failed: number;
}

/** The arguments as they were read; all of them are known, and none is missing. */
export interface CommandInput {
  readonly verb?: string | undefined;
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, string | true | undefined>>;
}

/** @returns the exit code. May throw: runCommand explains what it throws. */
type RunCommand = (input: CommandInput, context: CommandContext) => Promise<number>;

/** All that a command may read and write: it touches nothing else of the process. */
export interface CommandContext {
  /** The real environment: it wins over .env. */
  readonly env: Variables;
  /** Where the settings and the data live: `--dir`, `APPROVAL_HOME`, or what goes without saying. */
  readonly home: Home;
  /** The .env that counts, the home's; it need not be there. */
  readonly envFile: string;
  /** The home's folder for a command about the server, the caller's for one about a project. */
  readonly folder: string;
  /** The folder that the person is in: relative paths on the command line start here. */
  readonly current: string;
  /** Folder of package.json. */
  readonly root: string;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Opens `err` for a log: what is sent there never waits for its reader. */
  readonly openLog: () => Send;
  /** Whether `out` and `err` may be coloured. */
  readonly colours: { readonly out: boolean; readonly err: boolean };
  /** Whether a person reads `err` as it comes. */
  readonly isTerminal: boolean;
  /** Aborts when the command is interrupted, if it is interruptible. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly send: SendSignal;
  readonly fetch: typeof fetch;
  /** `process.execPath` */
  readonly nodePath: string;
  /** `process.version` */
  readonly nodeVersion: string;
  /** Whether file modes mean anything here. */
  readonly hasModes: boolean;
}

/** The command was called wrongly. It has done nothing, and must not have. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** How wide the terminal is that it writes to; undefined where it is none. */
export function columnsOf(stdout: Writable): number | undefined {
  return "columns" in stdout && typeof stdout.columns === "number" ? stdout.columns : undefined;
}
