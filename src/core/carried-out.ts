// Whether what is about to be said of a command means that all of it was done, and is in the record. A crash from then on leaves
// nothing of it to be carried out: the next start only says that it was.
import { type ClosingWord, isClosingWord } from "../domain/closing-word.ts";
import type { Notice } from "../domain/notice.ts";
import type { Intent } from "./reply-intent.ts";

/** The same command once more would not find what it has ended, and would take back what was said after it. */
const SAYS_DONE: Readonly<Record<ClosingWord, (notice: Notice) => boolean>> = {
  PANIC: (notice) => notice.kind === "closed" && notice.mode.kind === "panic" && notice.unrecorded !== true,
  PAUSE: (notice) =>
    notice.kind === "pause-over" ||
    (notice.kind === "closed" && notice.mode.kind === "paused" && notice.unrecorded !== true),
  REVOKE: (notice) => notice.kind === "revoked" && notice.unknown === undefined,
  KILL: (notice) => notice.kind === "killed",
};

/** @returns undefined for all but a command that closes or ends something */
export function closingWord(intent: Intent): ClosingWord | undefined {
  const word = intent.kind === "command" ? intent.command.kind.toUpperCase() : undefined;
  return isClosingWord(word) ? word : undefined;
}

/** Whether this, said to whoever has sent the command, says that all of it was done. */
export function saysDone(word: ClosingWord, notice: Notice): boolean {
  return SAYS_DONE[word](notice);
}
