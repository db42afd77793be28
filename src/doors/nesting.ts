// How deep an input may be nested. Nobody could read a deeper one, and recursion over it could run out of stack.
export const MAX_DEPTH = 200;

/** Whether a JSON value has more levels than `limit`. */
export function isDeeperThan(value: unknown, limit = MAX_DEPTH): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
  }
  return false;
}
