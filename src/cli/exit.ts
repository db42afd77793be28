// Every exit code that a command ends with. Scripts branch on them: a number never changes its meaning.

export const EXIT = {
  ok: 0,
  /** It could not be done, or something is wrong. */
  failed: 1,
  /** The settings are wrong; nothing was started. */
  configuration: 2,
  /** The command was called wrongly and did nothing (EX_USAGE of sysexits.h). */
  usage: 64,
} as const;

/** Those of `ask`: only 0 allows anything. 64 and 69 are EX_USAGE and EX_UNAVAILABLE of sysexits.h. */
export const ASK_EXIT = {
  approved: 0,
  denied: 1,
  unanswered: 2,
  usage: EXIT.usage,
  unavailable: 69,
  interrupted: 130,
} as const;
