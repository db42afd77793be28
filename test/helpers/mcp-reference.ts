// docs/mcp-reference.md, made of what a running server tells its clients. A test compares them; `npm run docs` writes the page anew.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

const MARKERS = ["<!-- written by npm run docs -->", "<!-- end of what npm run docs writes -->"] as const;

/** A JSON Schema, as far as the tools use it. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
}

interface ToolEntry {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: Schema;
  readonly outputSchema?: Schema;
  readonly annotations?: Readonly<Record<string, unknown>>;
}

interface Entry {
  readonly title?: string;
  readonly description?: string;
}

interface PromptEntry extends Entry {
  readonly name: string;
  readonly arguments?: readonly {
    readonly name: string;
    readonly description?: string;
    readonly required?: boolean;
  }[];
}

/** What a client is told of everything that there is. */
export interface McpSurface {
  readonly tools: readonly ToolEntry[];
  readonly resources: readonly (Entry & { readonly uri: string })[];
  readonly prompts: readonly PromptEntry[];
}

/** Asks a running server. @param url of its local listener */
export async function surfaceOf(url: string): Promise<McpSurface> {
  const client = new Client({ name: "docs", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)));
  try {
    const { tools } = await client.listTools();
    const { resources } = await client.listResources();
    const { resourceTemplates } = await client.listResourceTemplates();
    const { prompts } = await client.listPrompts();
    const templates = resourceTemplates.map(({ uriTemplate, ...rest }) => ({ uri: uriTemplate, ...rest }));
    return { tools, resources: [...resources, ...templates], prompts } as McpSurface;
  } finally {
    await client.close();
  }
}

/** The page with its part between the markers written anew. @throws Error without the markers */
export function withReference(page: string, surface: McpSurface): string {
  const [begin, end] = MARKERS;
  const [before, rest, ...more] = page.split(begin);
  const [, after, ...others] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined || more.length + others.length > 0)
    throw new Error(`not one "${begin}" with one "${end}" after it`);
  return `${before}${begin}\n\n${reference(surface)}\n\n${end}${after}`;
}

function reference({ tools, resources, prompts }: McpSurface): string {
  const words = createWords();
  return [
    "## Tools",
    hintsTable(tools),
    ...tools.map((tool) => toolEntry(tool, words)),
    "## Resources",
    resources.map((entry) => `- \`${entry.uri}\`: ${toldOf(entry)}`).join("\n"),
    "## Prompts",
    prompts.map(promptEntry).join("\n"),
  ].join("\n\n");
}

/** Every hint of every tool. */
function hintsTable(tools: readonly ToolEntry[]): string {
  const hints = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] as const;
  const rows = tools.map(({ name, title, annotations = {} }) => {
    const told = hints.map((hint) => ({ true: "yes", false: "no" })[String(annotations[hint])] ?? "not told");
    return `| \`${name}\` | ${title} | ${told.join(" | ")} |`;
  });
  const head = "| tool | title | read-only | destructive | idempotent | open world |";
  return [head, "| --- | --- | --- | --- | --- | --- |", ...rows].join("\n");
}

/** What has been said of one tool is not said again of the next: it is named. */
type Words = (text: string, tool: string) => string;

function createWords(): Words {
  const first = new Map<string, string>();
  return (text, tool) => {
    const where = first.get(text);
    first.set(text, where ?? tool);
    return where === undefined || where === tool ? text : `as with \`${where}\`.`;
  };
}

function toolEntry({ name, description = "", inputSchema, outputSchema }: ToolEntry, words: Words): string {
  const inputs = fieldLines(inputSchema, name, words);
  const answer = outputSchema === undefined ? undefined : words(answerOf(outputSchema), name);
  return [
    `### ${name}`,
    escaped(description),
    inputs.length === 0 ? "It takes nothing." : inputs.join("\n"),
    ...(answer === undefined ? [] : [`Answers: ${answer}`]),
  ].join("\n\n");
}

function fieldLines({ properties = {}, required = [] }: Schema, tool: string, words: Words): string[] {
  return Object.entries(properties).map(([key, schema]) => {
    const kind = [
      kindOf(schema),
      required.includes(key) ? "required" : "",
      ...(schema.default === undefined ? [] : [`default \`${String(schema.default)}\``]),
    ].filter((part) => part !== "");
    const about = schema.description === undefined ? "" : ` ${escaped(words(schema.description, tool))}`;
    return `- \`${key}\` (${kind.join(", ")})${about === "" ? "" : `:${about}`}`;
  });
}

/** The keys of an answer: those that it always has, then the others. */
function answerOf({ properties = {}, required = [], additionalProperties }: Schema): string {
  const quoted = (keys: readonly string[]) => keys.map((key) => `\`${key}\``).join(", ");
  const others = Object.keys(properties).filter((key) => !required.includes(key));
  const more = additionalProperties === false ? "" : ", and more";
  if (required.length === 0) return `as the case may be ${quoted(others)}${more}.`;
  return `${quoted(required)}${more}${others.length === 0 ? "" : `; as the case may be also ${quoted(others)}`}.`;
}

function kindOf(schema: Schema): string {
  const { type, minimum, maximum, maxLength, minItems, maxItems, items } = schema;
  if (schema.anyOf !== undefined) return schema.anyOf.map(kindOf).join(" or ");
  if (schema.enum !== undefined) return `one of ${schema.enum.map((each) => `\`${each}\``).join(", ")}`;
  if (type === "array")
    return `list of ${counted(minItems, maxItems)}: ${items === undefined ? "anything" : kindOf(items)}`;
  if (type === "integer") return `number, ${counted(minimum, maximum)}`;
  if (type === "boolean") return "`true` or `false`";
  if (type === "string")
    return maxLength === undefined ? "text" : `text of up to ${maxLength.toLocaleString("en-US")} characters`;
  return type ?? "anything";
}

function counted(min = 0, max?: number): string {
  return max === undefined ? `${min} or more` : `${min} to ${max}`;
}

function promptEntry(prompt: PromptEntry): string {
  const lines = (prompt.arguments ?? []).map(
    (each) => `  - \`${each.name}\`${each.required === true ? "" : " (optional)"}: ${each.description ?? ""}`,
  );
  return [`- \`${prompt.name}\`: ${toldOf(prompt)}`, ...lines].join("\n");
}

/** A title as a sentence, and what is told after it. */
function toldOf({ title = "", description = "" }: Entry): string {
  return escaped(`${title}${title.endsWith("?") ? "" : "."} ${description}`);
}

/** As it is, in Markdown: a word like TASK_DIRS stays one. */
function escaped(text: string): string {
  return text.replaceAll(/[*<>|[\]]/g, (sign) => `\\${sign}`);
}
