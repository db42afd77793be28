// The strings of a JSON value, each with where it stands.

export interface StringPlace {
  /** The keys that lead to it, items of lists without. */
  readonly path: readonly string[];
  readonly isKey: boolean;
}

/** A copy of a JSON value with every string replaced, keys too. @throws RangeError when it is nested too deeply */
export function mapStrings(
  value: unknown,
  replaced: (text: string, place: StringPlace) => string,
  path: readonly string[] = [],
): unknown {
  if (typeof value === "string") return replaced(value, { path, isKey: false });
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, replaced, path));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      replaced(key, { path, isKey: true }),
      mapStrings(item, replaced, [...path, key]),
    ]),
  );
}
