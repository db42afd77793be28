// Hostile JSON: odd keys, depth, numbers at the edge; and good values with a part replaced.
import fc from "fast-check";
import { anyText } from "./text.ts";

const key = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty", "length", ""),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom("command", "file_path", "content", "url", "path", "type", "id", "name"),
  },
  { weight: 1, arbitrary: anyText },
);

const leaf = fc.oneof(
  anyText,
  fc.constantFrom(null, true, false, 0, -0, -1, 1.5, 1e21, Number.MAX_SAFE_INTEGER, "", [], {}),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** What JSON.parse can make, keys of JavaScript's own included. */
export const anyValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie("value")), { maxLength: 5 }).map((pairs) => withKeys({}, pairs)),
  ),
})).value;

/** As JSON.parse does it: `__proto__` is a key like any other. */
function withKeys(into: Record<string, unknown>, pairs: readonly (readonly [string, unknown])[]): unknown {
  for (const [name, value] of pairs)
    Object.defineProperty(into, name, { value, enumerable: true, writable: true, configurable: true });
  return into;
}

/** A list in a list in a list. */
const nested = fc.tuple(fc.constantFrom(5, 30, 64, 100, 2_000), fc.boolean()).map(([depth, inObject]) => {
  let value: unknown = "deep";
  for (let level = 0; level < depth; level += 1) value = inObject ? { a: value } : [value];
  return value;
});

type Step = {
  readonly pick: number;
  readonly how: "replace" | "drop" | "add" | "wrap";
  readonly key: string;
  readonly value: unknown;
};

const step: fc.Arbitrary<Step> = fc.record({
  pick: fc.nat(1_000),
  how: fc.constantFrom("replace", "replace", "drop", "add", "wrap"),
  key,
  value: fc.oneof({ weight: 30, arbitrary: anyValue }, { weight: 1, arbitrary: nested }),
});

/** Good values, each with a few parts replaced, dropped or added. */
export function mutatedValue(good: readonly unknown[], maxLength = 3): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.constantFrom(...good), fc.array(step, { maxLength }))
    .map(([value, steps]) => asJson(steps.reduce<unknown>(change, asJson(value))));
}

/** As it comes out of JSON: without holes in lists. */
function asJson(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

/** The places in a value, the whole one first. */
function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  const below =
    typeof value === "object" && value !== null && path.length < 8
      ? Object.entries(value).flatMap(([name, part]) => placesIn(part, [...path, name]))
      : [];
  return [path, ...below];
}

function change(root: unknown, { pick, how, key: name, value: given }: Step): unknown {
  // Its own copy: what is put in may be changed by the next step, or be put into itself.
  const value = asJson(given);
  const places = placesIn(root);
  const path = places[pick % places.length] ?? [];
  if (path.length === 0) {
    if (how === "add" && isObject(root)) return withKeys(root, [[name, value]]);
    return how === "replace" ? value : how === "wrap" ? [root] : root;
  }
  let holder = root as Record<string, unknown>;
  for (const part of path.slice(0, -1)) holder = holder[part] as Record<string, unknown>;
  const last = path.at(-1) ?? "";
  const old = Object.getOwnPropertyDescriptor(holder, last)?.value as unknown;
  if (how === "drop") delete holder[last];
  else if (how === "add" && isObject(old)) withKeys(old, [[name, value]]);
  else withKeys(holder, [[last, how === "wrap" ? [old] : value]]);
  return root;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
