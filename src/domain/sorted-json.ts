// JSON that reads the same for the same value, whatever the order of its keys was.

/** JSON with sorted keys, so that the same call always reads the same. */
export function sortedJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, sortKeys, indent) ?? "undefined";
}

function sortKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  // Without a prototype a key such as __proto__ is a key like any other.
  const sorted: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) sorted[key] = item;
  return sorted;
}
