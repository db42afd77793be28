// Which calls are looked at in the main thread: what costs next to nothing, whatever it says.
import { PLAN_TOOL } from "../domain/plan.ts";
import type { ToolCall } from "../domain/tool-call.ts";

/** Milliseconds at most. UTF-16 units of all texts and keys; values. */
const SMALL_LENGTH = 4_000;
const SMALL_COUNT = 100;

/** Stops counting as soon as it is not. */
export function isSmall({ toolName, input }: ToolCall): boolean {
  // The file that it is in, or replaces, may be large.
  if (toolName === PLAN_TOOL || toolName === "Write") return false;
  let length = 0;
  let count = 0;
  const rest: unknown[] = [input];
  while (rest.length > 0) {
    const value = rest.pop();
    count += 1;
    if (typeof value === "string") length += value.length;
    else if (typeof value === "object" && value !== null) {
      for (const key in value) {
        length += key.length;
        rest.push((value as Record<string, unknown>)[key]);
        if (rest.length > SMALL_COUNT) return false;
      }
    }
    if (length > SMALL_LENGTH || count > SMALL_COUNT) return false;
  }
  return true;
}
