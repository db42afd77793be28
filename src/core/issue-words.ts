// What a schema of zod finds wrong, in words that go on after the field's name: "timeout_seconds must be at least 10". Its own
// words are for programmers. Never holds the value; no import, because the core names no package.

/** As zod hands it to an error map: the fields depend on the code. */
export interface ForeignIssue {
  readonly code?: string | undefined;
  readonly input?: unknown;
  readonly expected?: unknown;
  readonly origin?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly inclusive?: boolean | undefined;
  readonly keys?: unknown;
  readonly values?: unknown;
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** What is counted of a value that has a length. */
const UNITS: Readonly<Record<string, readonly [one: string, several: string]>> = {
  string: ["character", "characters"],
  array: ["entry", "entries"],
};

const WORDS: Readonly<Record<string, (issue: ForeignIssue) => string | undefined>> = {
  invalid_type: ({ expected, input }) => {
    const kind = KINDS[String(expected)];
    if (input === undefined) return "is missing";
    return kind === undefined ? undefined : `must be ${kind}`;
  },
  invalid_value: ({ values, input }) => {
    const must = `must be ${listed(values, "one of ")}`;
    return input === undefined ? `is missing: ${must}` : must;
  },
  too_small: (issue) => bound(issue, issue.minimum, ["at least", "more than"]),
  too_big: (issue) => bound(issue, issue.maximum, ["at most", "less than"]),
  unrecognized_keys: ({ keys }) =>
    `${listed(keys)} ${Array.isArray(keys) && keys.length > 1 ? "are" : "is"} not known here`,
};

/** @returns undefined where zod's own words are as good */
export function issueWords(issue: ForeignIssue): string | undefined {
  return WORDS[issue.code ?? ""]?.(issue);
}

function bound(
  { origin, inclusive = true }: ForeignIssue,
  limit: unknown,
  [including, excluding]: readonly [string, string],
): string {
  const unit = UNITS[String(origin)];
  const amount = `${inclusive ? including : excluding} ${Number(limit).toLocaleString("en-US")}`;
  if (unit === undefined) return `must be ${amount}`;
  if (including === "at least" && limit === 1) return "is empty";
  return `must have ${amount} ${unit[limit === 1 ? 0 : 1]}`;
}

/** @param several what stands before more than one */
function listed(values: unknown, several = ""): string {
  const all = Array.isArray(values) ? values.map((each) => JSON.stringify(each)) : [];
  return `${all.length > 1 ? several : ""}${all.join(", ")}`;
}
