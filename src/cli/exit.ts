// Every exit code that a command ends with. Scripts branch on them: a number never changes its meaning. The table at the end is
// what people read: `approval-server --help` and docs/commands.md print it.

export const EXIT = {
  ok: 0,
  /** It could not be done, or something is wrong. */
  failed: 1,
  /** The settings are wrong; nothing was started. */
  configuration: 2,
  /** The command was called wrongly and did nothing (EX_USAGE of sysexits.h). */
  usage: 64,
  /** The program cannot run here: Node.js is too old, or it is not built (EX_UNAVAILABLE). bin/ ends with it. */
  unavailable: 69,
  /** Ended by a signal while it waited. */
  interrupted: 130,
} as const;

/** Those of `ask`: only 0 allows anything. 64 and 69 are EX_USAGE and EX_UNAVAILABLE of sysexits.h. */
export const ASK_EXIT = {
  approved: 0,
  denied: 1,
  unanswered: 2,
  usage: EXIT.usage,
  unavailable: EXIT.unavailable,
  interrupted: EXIT.interrupted,
} as const;

interface ExitRow {
  readonly code: number;
  /** Of any command but `ask`. */
  readonly meaning: string;
  /** Of `ask`. */
  readonly ask: string;
}

export const EXIT_TABLE: readonly ExitRow[] = [
  { code: EXIT.ok, meaning: "done, and nothing is wrong", ask: "approved" },
  { code: EXIT.failed, meaning: "could not be done, or something is wrong", ask: "denied" },
  {
    code: EXIT.configuration,
    meaning: "the settings are wrong (start, policy, gateway, harden, stdio); stdio: any failure",
    ask: "no decision: nobody answered, not delivered, an error",
  },
  {
    code: EXIT.usage,
    meaning: "called wrongly, nothing was done",
    ask: "called wrongly, wrong settings, or help",
  },
  {
    code: EXIT.unavailable,
    meaning: "cannot run here: Node.js too old, not built",
    ask: "the server is not there, refuses, or cannot be asked",
  },
  {
    code: EXIT.interrupted,
    meaning: "interrupted while it waited",
    ask: "interrupted: the request is withdrawn",
  },
];
