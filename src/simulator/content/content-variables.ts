// Reads the ContentVariables parameter as strictly as Twilio does: one JSON object of short, single-line strings.
import { z } from "zod";

const MAX_KEYS = 100;

const value = z
  .string()
  .min(1)
  .max(1600)
  .regex(/^[^\n\r\t]*$/)
  .refine((text) => !/ {5,}/.test(text));

const schema = z
  .record(z.string().min(1).max(16), value)
  .refine((variables) => Object.keys(variables).length <= MAX_KEYS);

/** The variables by name; undefined when Twilio would refuse them (21656). */
export function parseContentVariables(json: string): ReadonlyMap<string, string> | undefined {
  const parsed = schema.safeParse(parseJson(json));
  return parsed.success ? new Map(Object.entries(parsed.data)) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
