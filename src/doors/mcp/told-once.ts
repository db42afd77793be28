// A schema whose JSON form is made once. The SDK has a server for each request and asks each of them.
import type { z } from "zod";

type JsonSchema = Record<string, unknown>;

/** By schema and what was asked for. */
const made = new WeakMap<z.ZodType, Map<string, JsonSchema>>();

/** The same schema: it checks as before. */
export function toldOnce<S extends z.ZodType>(schema: S) {
  const standard = schema["~standard"];
  const once =
    (side: "input" | "output") =>
    (options: Parameters<typeof standard.jsonSchema.input>[0]): JsonSchema => {
      const known = made.get(schema) ?? new Map<string, JsonSchema>();
      made.set(schema, known);
      const key = JSON.stringify([side, options]);
      const json = known.get(key) ?? standard.jsonSchema[side](options);
      known.set(key, json);
      return { ...json };
    };
  return { "~standard": { ...standard, jsonSchema: { input: once("input"), output: once("output") } } };
}
