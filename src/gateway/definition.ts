// What an MCP server says of one of its tools, as far as it reaches a model or a person: compared as a whole, so that a
// server cannot change what it has been trusted with unseen.

import { createHash } from "node:crypto";
import { z } from "zod";
import { readAs } from "../core/read-as.ts";
import { sortedJson } from "../domain/sorted-json.ts";

const toolSchema = z.object({
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: z.record(z.string(), z.unknown()),
  outputSchema: z.record(z.string(), z.unknown()).optional(),
  annotations: z.record(z.string(), z.unknown()).optional(),
});

export type Definition = z.infer<typeof toolSchema>;

/** Characters of one definition. What is larger would fill a model's context, or a phone. */
const MAX_SIZE = 100_000;

/** @returns undefined where it is none, or too large: such a tool is not offered */
export function readDefinition(tool: unknown): Definition | undefined {
  const parsed = readAs(toolSchema, tool);
  if (!parsed.success || parsed.data.inputSchema["type"] !== "object") return undefined;
  try {
    return sortedJson(parsed.data, 0).length > MAX_SIZE ? undefined : parsed.data;
  } catch {
    // Nested deeper than can be written: the server's other tools are as good as ever.
    return undefined;
  }
}

/** SHA-256, in hex: equal where everything is, whatever the order of the keys. */
export function fingerprintOf(definition: Definition): string {
  return createHash("sha256").update(sortedJson(definition, 0)).digest("hex");
}

/** The parts of a definition, as a person calls them. */
const PARTS: readonly (readonly [key: keyof Definition, name: string])[] = [
  ["name", "name"],
  ["title", "title"],
  ["description", "description"],
  ["inputSchema", "input schema"],
  ["outputSchema", "output schema"],
  ["annotations", "hints"],
];

export interface DefinitionChange {
  /** "description", "input schema": words of ours. */
  readonly part: string;
  /** Foreign text; empty where there was none. */
  readonly before: string;
  readonly after: string;
}

/** What differs, part by part. */
export function changesOf(before: Definition, after: Definition): readonly DefinitionChange[] {
  return PARTS.flatMap(([key, part]) => {
    const [one, other] = [textOf(before[key]), textOf(after[key])];
    // An empty one that was none before is another definition too.
    const isSame = one === other && (before[key] === undefined) === (after[key] === undefined);
    return isSame ? [] : [{ part, before: one, after: other }];
  });
}

function textOf(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : sortedJson(value);
}
