// What a REST caller is told when a call is refused: application/problem+json, RFC 9457. Never anything internal.

import { z } from "zod";
import { readAs } from "../../core/read-as.ts";
import { visibleLine } from "../../domain/visible.ts";

/** One thing that is wrong; `pointer` says where, as a JSON pointer into the body or as the parameter's name. */
const mistakeSchema = z.strictObject({ pointer: z.string(), detail: z.string() });
export type Mistake = z.infer<typeof mistakeSchema>;

export const problemSchema = z.strictObject({
  type: z.string().describe("Stable: `urn:approval-server:` and a word."),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string().describe("What happened and what to do, for a person."),
  errors: z
    .array(mistakeSchema)
    .optional()
    .describe("Everything that is wrong with the call, the first fifty."),
});

/** Every type of problem: its HTTP status and title. */
export const PROBLEMS = {
  "invalid-json": [400, "The body is not valid JSON"],
  "invalid-parameter": [400, "A parameter or header is wrong"],
  forbidden: [403, "Not from a web page"],
  "not-found": [404, "Not found"],
  "method-not-allowed": [405, "Method not allowed"],
  "not-waiting": [409, "The request does not wait here"],
  busy: [409, "Not now"],
  "not-started": [409, "Nothing was started"],
  "body-too-large": [413, "The body is too large"],
  "unsupported-media-type": [415, "The body must be JSON"],
  "invalid-request": [422, "The request is not complete or not correct"],
  "key-used": [422, "The Idempotency-Key belongs to another request"],
  "too-many": [429, "Too much at once"],
  "server-error": [500, "The approval server failed"],
  "not-recorded": [503, "The request could not be made"],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

export type ProblemType = keyof typeof PROBLEMS;

/** Thrown by a handler; the error handler of the door writes it. */
export class Problem extends Error {
  readonly type: ProblemType;
  readonly errors: readonly Mistake[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    type: ProblemType,
    detail: string,
    extra: { errors?: readonly Mistake[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail);
    this.name = "Problem";
    this.type = type;
    this.errors = extra.errors;
    this.headers = extra.headers ?? {};
  }
}

/** UTF-16 units of one text: a caller may send thousands of names that are not known. */
const MAX_LENGTH = 1_000;
const MAX_ERRORS = 50;

/** What is told of a call holds names out of it, and is printed by scripts: nothing in it may steer a terminal. */
function told(text: string): string {
  return visibleLine(text).slice(0, MAX_LENGTH);
}

/** The body that reports it. */
export function problemBody({ type, message, errors }: Problem): z.infer<typeof problemSchema> {
  const [status, title] = PROBLEMS[type];
  return {
    type: `urn:approval-server:${type}`,
    title,
    status,
    detail: told(message),
    errors: errors
      ?.slice(0, MAX_ERRORS)
      .map(({ pointer, detail }) => ({ pointer: told(pointer), detail: told(detail) })),
  };
}

/** What zod found, as a list. */
export function mistakesOf({ issues }: z.ZodError): readonly Mistake[] {
  return issues.map(({ path, message }) => ({
    pointer: path.length === 0 ? "" : `/${path.map(String).join("/")}`,
    detail: message,
  }));
}

/** Reads headers or a query. @throws Problem that lists what is wrong */
export function checked<S extends z.ZodType>(schema: S, value: unknown, type: ProblemType): z.output<S> {
  const parsed = readAs(schema, value) as z.ZodSafeParseResult<z.output<S>>;
  if (parsed.success) return parsed.data;
  const errors = mistakesOf(parsed.error);
  const detail = errors.map(({ pointer, detail }) => `${pointer} ${detail}`.trim()).join("; ");
  throw new Problem(type, `${detail}. Nothing was asked.`, { errors });
}
