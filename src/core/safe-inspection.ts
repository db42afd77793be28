// Inspection that cannot hang: a call whose inspection failed is still shown, and says so; one that was too much for it is not.

import type { Inspection } from "../domain/inspection.ts";
import type { ToolCall } from "../domain/tool-call.ts";
import type { Clock } from "./ports/clock.ts";
import { type Inspector, NotInspectedError } from "./ports/inspector.ts";
import type { Log } from "./ports/log.ts";
import { withDeadline } from "./timing.ts";

/** Above what server/look.ts takes at most, ms, what looks being loaded first; it runs before the deadline's clock is set. */
const LIMIT_MS = 15_000;

/** @returns inspects; rejects with a NotInspectedError only */
export function createSafeInspection(
  inspector: Inspector,
  clock: Clock,
  log: Log,
): (call: ToolCall, cwd?: string) => Promise<Inspection> {
  return async (call, cwd) => {
    try {
      const reason = () => new Error("the inspection took too long");
      return await withDeadline(LIMIT_MS, () => inspector.inspect(call, cwd), { clock, reason });
    } catch (error) {
      if (error instanceof NotInspectedError) throw error;
      log.error({ err: error }, "a call could not be inspected");
      return { shown: call, secrets: undefined, warnings: ["not checked for risks"] };
    }
  };
}
