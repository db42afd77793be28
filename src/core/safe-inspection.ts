// Inspection that cannot fail or hang: a call that could not be looked at is still shown, and says so.

import type { Inspection } from "../domain/inspection.ts";
import type { ToolCall } from "../domain/tool-call.ts";
import type { Clock } from "./ports/clock.ts";
import type { Inspector } from "./ports/inspector.ts";
import type { Log } from "./ports/log.ts";

/** Far above what an inspection takes, ms; it runs before the deadline's clock is set. */
const LIMIT_MS = 5_000;

export function createSafeInspection(
  inspector: Inspector,
  clock: Clock,
  log: Log,
): (call: ToolCall, cwd?: string) => Promise<Inspection> {
  return async (call, cwd) => {
    let cancel = () => {};
    const late = new Promise<never>((_, reject) => {
      cancel = clock.after(LIMIT_MS, () => reject(new Error("the inspection took too long")));
    });
    try {
      return await Promise.race([inspector.inspect(call, cwd), late]);
    } catch (error) {
      log.error({ err: error }, "a call could not be inspected");
      return { shown: call, secrets: undefined, warnings: ["not checked for risks"] };
    } finally {
      cancel();
    }
  };
}
