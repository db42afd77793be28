// The JSON file beside a script: what the tool is called for, its arguments, its limits. Strict, so that a misspelt key is a
// problem and not a limit that is never read.

import { z } from "zod";
import { readAs } from "../core/read-as.ts";
import { duplicateKeys } from "../policy/duplicate-keys.ts";
import { type ArgumentCheck, compileArguments } from "./argument-check.ts";

/** Seconds. What runs for longer is a job of its own. */
const MAX_SECONDS = 3_600;
const DEFAULT_SECONDS = 300;
const MAX_DESCRIPTION = 2_000;
const MAX_NAMES = 50;

/** What an argument may be called: it stands behind `--`, and must not be taken for anything else. */
const ARGUMENT_NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const names = (pattern: RegExp, what: string) =>
  z
    .array(z.string().regex(pattern, `has a name that is no ${what}`))
    .max(MAX_NAMES)
    .refine((given) => new Set(given).size === given.length, { error: "names something twice" });

const form = z.strictObject({
  description: z.string().trim().min(1, "is empty").max(MAX_DESCRIPTION),
  /** JSON Schema of the arguments, an object. Default: there are none. */
  inputSchema: z.record(z.string(), z.unknown()).default({ type: "object", properties: {} }),
  /** Arguments that are passed as they are, in this order, after the pairs. */
  positional: names(ARGUMENT_NAME, "argument").default([]),
  /** Passes `--name=value` as one word instead of `--name value` as two. */
  equals: z.boolean().default(false),
  /** Puts `--` in front of the positional ones, for a script that knows it. */
  doubleDash: z.boolean().default(false),
  timeoutSeconds: z
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .max(MAX_SECONDS)
    .default(DEFAULT_SECONDS),
  /** Variables of the server's environment that the script gets. */
  env: names(VARIABLE_NAME, "variable")
    .refine((given) => !given.some(isOwnVariable), { error: "names what is the approval server's own" })
    .default([]),
  /** One at a time. */
  serial: z.boolean().default(false),
});

/** Every key of the file, for the documentation's test. */
export const SCRIPT_KEYS: readonly string[] = Object.keys(form.shape);

/** How a script's arguments become words, and in which order. */
export interface ArgumentForm {
  /** The names that the schema has, in its order. */
  readonly declared: readonly string[];
  readonly positional: readonly string[];
  readonly equals: boolean;
  readonly doubleDash: boolean;
}

export interface ScriptSettings {
  readonly description: string;
  /** As it is told to clients: `additionalProperties` is false where it says nothing. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly check: ArgumentCheck;
  readonly form: ArgumentForm;
  readonly timeoutMs: number;
  readonly env: readonly string[];
  readonly serial: boolean;
}

export type ReadSettings =
  | { readonly ok: true; readonly settings: ScriptSettings }
  | { readonly ok: false; readonly problem: string };

/** @param json the file's text. Never throws. */
export function readScriptSettings(json: string): ReadSettings {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return bad("is not valid JSON");
  }
  const [twice] = duplicateKeys(json);
  if (twice !== undefined) return bad(`has the key ${JSON.stringify(twice)} twice in one object`);
  const parsed = readAs(form, value);
  if (!parsed.success) return bad(issueText(parsed.error));
  const { inputSchema: given, description, timeoutSeconds, env, serial, ...passing } = parsed.data;
  const inputSchema = { additionalProperties: false, ...given };
  const declared = propertiesOf(given);
  if (typeof declared === "string") return bad(declared);
  const problem = passingProblem(declared, passing.positional);
  if (problem !== undefined) return bad(problem);
  const compiled = compileArguments(inputSchema);
  if (!compiled.ok) return bad(`inputSchema: ${compiled.problem}`);
  return {
    ok: true,
    settings: {
      description,
      inputSchema,
      check: compiled.check,
      form: { declared: Object.keys(declared), ...passing },
      timeoutMs: timeoutSeconds * 1000,
      env,
      serial,
    },
  };
}

type Properties = Readonly<Record<string, unknown>>;

/** @returns the schema's properties by name, or what is wrong with them */
function propertiesOf({ type, properties = {} }: Properties): Properties | string {
  if (type !== "object") return 'inputSchema: type must be "object"';
  if (typeof properties !== "object" || properties === null || Array.isArray(properties))
    return "inputSchema: properties must be an object";
  const wrong = Object.keys(properties).find((name) => !isArgumentName(name));
  if (wrong !== undefined)
    return `inputSchema: ${JSON.stringify(wrong)} cannot be an argument: letters, digits, - and _ only`;
  return properties as Properties;
}

/** A list in the middle would move what comes after it. */
function passingProblem(properties: Properties, positional: readonly string[]): string | undefined {
  const unknown = positional.find((name) => !Object.hasOwn(properties, name));
  if (unknown !== undefined) return `positional: inputSchema has no property ${JSON.stringify(unknown)}`;
  const list = positional.slice(0, -1).find((name) => isList(properties[name]));
  return list === undefined ? undefined : `positional: ${list} is a list and must come last`;
}

function isList(schema: unknown): boolean {
  const type = (schema as { type?: unknown } | null)?.type;
  return type === "array" || (Array.isArray(type) && type.includes("array"));
}

/** Whether the variable is the server's own by its name. */
export function isOwnVariable(name: string): boolean {
  return /^(APPROVAL|TWILIO|NGROK)_/i.test(name);
}

/** Whether an argument of this name can be passed as `--name`. */
export function isArgumentName(name: string): boolean {
  return ARGUMENT_NAME.test(name);
}

function issueText(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`))
    .join("; ");
}

function bad(problem: string): ReadSettings {
  return { ok: false, problem };
}
