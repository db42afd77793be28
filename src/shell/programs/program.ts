// The form of a row of the tables in this folder: what is known of one program, or of several that are alike. Each
// program has one row, so that each fact about it is written once.

export interface Program {
  /** Base names in lower case, separated by spaces. */
  readonly names: string;
  /** Options that take a value. One that is missing here makes its value look like an operand. */
  readonly valued?: string;
  /** Short options whose value, where they have one, stands in the same word: `-pSECRET`. */
  readonly attached?: string;
  /** Whether `valued` is all of them, so that the place of the subcommand is certain. */
  readonly isComplete?: true;
  /** Subcommands with options of their own that take a value; `valued` then counts in front of the subcommand only. */
  readonly subcommands?: Readonly<Record<string, string>>;
  /** Whether its options end at its first operand: what follows is for another program. */
  readonly stops?: true;

  readonly wraps?: Wrapping;
  readonly runs?: Running;
  /** The option whose value is another program, with all that follows: `python -m pip`. */
  readonly moduleOption?: string;
  /** Options after which a command stands, up to `;` or `+`: `find -exec`. */
  readonly actions?: string;
  readonly interprets?: Interpreting;
  /** What it runs is decided elsewhere: in a file, on another machine, in an image. */
  readonly runsElsewhere?: true;

  /** What becomes of the files that its operands name. */
  readonly operands?: "writes" | "writes last" | "deletes";
  /** Options, and starts of operands such as `of=`, that name a file which it writes. */
  readonly writesTo?: string;
  /** Whether it writes its operands with `-i` or `--in-place`. */
  readonly inPlace?: true;
  /** Without one of `writesTo` it saves under the name at the end of the address. */
  readonly savesByUrl?: true;
  /** What kind of data it puts out: from the network, out of files, names that it finds, or what a peer types. */
  readonly gives?: "download" | "file" | "names" | "peer";
  /** Only with this subcommand. */
  readonly givesOn?: string;

  /** For it, a folder stands for everything in it. */
  readonly wholeFolders?: true;
  /** It only uses a private key, or its name, and shows it to nobody. */
  readonly sparesKeys?: true;
  /** Its words are text to it, not addresses. */
  readonly takesText?: true;
  /** To it, a number alone may be a port of this machine. */
  readonly takesPorts?: true;
}

/** A program that runs another one, which its operands name: the inner one is what counts. */
interface Wrapping {
  /** Operands in front of the inner command: `timeout 5 rm`. */
  readonly skip?: number;
  /** Options with which it runs nothing: `command -v rm`. */
  readonly unless?: string;
  /** Options whose value it has a shell read: `env -S 'rm x'`. */
  readonly text?: string;
  /** Hands its words to a shell, so that they are split again: `watch 'rm x'`. */
  readonly throughShell?: true;
  /** It puts its input into the words, at the end or where its options say: `xargs -I {}`. */
  readonly fedAt?: string;
  /** A lone `-` in front of the command is an option of its own: `env - rm x`. */
  readonly takesDash?: true;
  /** Where its own words end is not known: any of them may be the command. */
  readonly anywhere?: true;
  /** Without a command it starts a shell, which reads the input. */
  readonly orShell?: true;
}

/** A program of which some subcommands run another one: `npm exec`, `docker exec`. */
interface Running {
  /** The subcommands, separated by commas; several words each where it takes them: `bisect run`. */
  readonly after: string;
  /** Options that take a value there, besides the program's `valued`. */
  readonly valued?: string;
  /** Operands between the subcommand and the inner command. */
  readonly skip?: number;
  /** The inner command stands behind `--` where there is one. */
  readonly behindDashes?: true;
  /** Whether options may also stand behind those operands: `kubectl exec pod -n x -- rm`. */
  readonly optionsBehind?: true;
  /** Programs of packages that it runs by their bare names: `yarn prisma`. */
  readonly programs?: string;
}

/** A program that runs code: `shell` and `source` read shell code, `eval` joins its words, `input` reads only its input. */
export interface Interpreting {
  readonly as: "shell" | "source" | "eval" | "input" | "other";
  /** Options with code as their value. */
  readonly code?: string;
  /** The subcommand whose operands are code. */
  readonly evalSubcommand?: string;
}

/** The names in a list. */
export function listed(names = ""): readonly string[] {
  return names === "" ? [] : names.split(" ");
}
