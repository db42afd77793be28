// Whether a reply to "Claude has finished" is Claude's next instruction. That the hooks fit it is the check of the hooks.
import { count } from "../domain/names.ts";
import { type Check, ok } from "./check.ts";

/** @param continueMs how long Claude waits for words; 0: not at all */
export function continueCheck(continueMs: number): Check {
  return {
    description: "instructions",
    async run() {
      if (continueMs === 0) return ok("off: no reply to a message that Claude has finished goes to Claude");
      const minutes = count(continueMs / 60_000, "minute");
      return ok(
        `a reply to a message that Claude has finished, within ${minutes}, goes to Claude; claude -p waits as long`,
      );
    },
  };
}
