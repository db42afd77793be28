// Reads foreign JSON with a schema, whatever it is. Zod looks at the length of what should be a text before it has refused it, and
// throws where that cannot become a number, as of {"length":[{"toString":0}]}: what is wrong must be refused in words.
import { type ForeignIssue, issueWords } from "./issue-words.ts";

/** As a schema of zod reads; no import, because the core names no package. */
interface ForeignSchema {
  safeParse(value: unknown, options?: { error: (issue: ForeignIssue) => string | undefined }): unknown;
}

const UNREADABLE = {
  success: false,
  error: { issues: [{ code: "custom", path: [], message: "it cannot be read" }] },
};

/** Never throws. @returns what `safeParse` does, a schema's own words before ours; of what it cannot read, a failure with one issue */
export function readAs<Schema extends ForeignSchema>(
  schema: Schema,
  value: unknown,
): ReturnType<Schema["safeParse"]> {
  try {
    return schema.safeParse(value, { error: issueWords }) as ReturnType<Schema["safeParse"]>;
  } catch {
    return UNREADABLE as ReturnType<Schema["safeParse"]>;
  }
}
