// JSON that reads the same for the same value, whatever the order of its keys was.

/** JSON with sorted keys, so that the same call always reads the same. */
export function sortedJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, sortKeys, indent) ?? "undefined";
}

/** UTF-16 units. What is longer is no word of JSON that somebody could take for a value. */
const MAX_JSON_LOOKALIKE = 130;
/** Stands for nothing, here and where a channel needs a text. */
export const NONE = "-";

/** A value on one line: a text as it stands, in quotes where it could be taken for another value, anything else as JSON. */
export function valueLine(value: unknown): string {
  return typeof value === "string" && !readsAsJson(value) ? value : sortedJson(value, 0);
}

/** Whether a string could be taken for another value, or for nothing: null, true, 1, {}, -. */
function readsAsJson(text: string): boolean {
  if (text.length > MAX_JSON_LOOKALIKE) return false;
  if (text === "" || text === NONE) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function sortKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  // Without a prototype a key such as __proto__ is a key like any other.
  const sorted: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) sorted[key] = item;
  return sorted;
}
