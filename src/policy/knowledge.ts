// What the policy has to know of shells, files and this machine. Handed in: the parser and the lists are elsewhere.

/** One plain command: its words as they are written, and the same without quotes. */
export interface PlainCommand {
  readonly written: readonly string[];
  readonly words: readonly string[];
}

export interface Knowledge {
  /** The person's home folder, absolute. */
  readonly home: string;
  /** Absolute paths of the approval server's files and folders. */
  readonly ownPaths: readonly string[];
  /** The commands of a line of plain commands; undefined for any other line. */
  plainCommands(command: string): readonly PlainCommand[] | undefined;
  /** Every program run that can be found in a command, in every form that a rule may name it by. */
  foundCommands(command: string): {
    readonly texts: readonly string[];
    readonly words: readonly string[];
    readonly written: readonly string[];
  };
  /** Why a command rule would allow too much; undefined when there is no objection. */
  whyBroadCommand(specifier: string): string | undefined;
  /** Whether an argument may lead a command out of what a wildcard is meant for. */
  isWayOut(word: string): boolean;
  /** Whether a file holds secrets, runs something later, or is the server's own. @param path absolute */
  isProtectedFile(path: string): boolean;
  /** Whether a host is a name on the public internet. */
  isPublicHost(host: string): boolean;
  /** Where a path leads once links are followed, also one that does not exist yet; undefined when that cannot be told. */
  realPath(path: string): string | undefined;
}
