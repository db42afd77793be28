// The data of an entry as it stands in the log. What somebody has changed there may be no JSON, or nested so deeply that nothing which
// walks through it comes to its end: it is shown as the text that it is.

/** Ours have three or four. */
const MAX_LEVELS = 20;

export function entryData(text: string): unknown {
  try {
    const value = JSON.parse(text) as unknown;
    return isDeep(value) ? text : value;
  } catch {
    return text;
  }
}

function isDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; depth <= MAX_LEVELS; depth += 1) {
    level = level.flatMap((each) =>
      typeof each === "object" && each !== null ? (Object.values(each) as unknown[]) : [],
    );
    if (level.length === 0) return false;
  }
  return true;
}
