// What a person may do where something could not be proven.
import type { Interviewer } from "./asker.ts";

interface WhatNow {
  /** What trying again means. */
  readonly again: string;
  /** What it means to write the settings without it. */
  readonly write: string;
}

export function whatNow(asker: Pick<Interviewer, "choose">, { again, write }: WhatNow) {
  return asker.choose({
    message: "What now?",
    initial: "again",
    choices: [
      { value: "again", label: again },
      { value: "write", label: write },
      { value: "stop", label: "Stop, and leave everything as it was" },
    ],
  });
}
