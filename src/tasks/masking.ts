// What of Claude's words and calls is written down, told and sent: without the secrets that are recognised. Nothing where that
// could not be checked.
import type { Clock } from "../core/ports/clock.ts";
import type { Inspector } from "../core/ports/inspector.ts";
import type { Log } from "../core/ports/log.ts";
import { createSafeInspection } from "../core/safe-inspection.ts";
import { callLine } from "../domain/call-line.ts";

/** Never a tool of Claude Code: nothing in it is read as a command or a file. */
const WORDS_TOOL = "TaskWords";
const UNCHECKED = "(not shown: it could not be checked for secrets)";

export interface Masking {
  /** Never rejects. */
  words(text: string, folder: string): Promise<string>;
  /** A call in one line. Never rejects. */
  call(name: string, input: Readonly<Record<string, unknown>>, folder: string): Promise<string>;
}

export function createMasking(deps: { inspector: Inspector; clock: Clock; log: Log }): Masking {
  const inspect = createSafeInspection(deps.inspector, deps.clock, deps.log);
  return {
    async words(words, folder) {
      if (words === "") return "";
      const found = await inspect({ toolName: WORDS_TOOL, input: { words } }, folder).catch(() => undefined);
      const clean = found?.shown.input["words"];
      return found?.secrets === undefined || typeof clean !== "string" ? UNCHECKED : clean;
    },
    async call(toolName, input, folder) {
      const found = await inspect({ toolName, input }, folder).catch(() => undefined);
      return found?.secrets === undefined ? UNCHECKED : callLine(found.shown);
    },
  };
}
