// The entries for this server in the files that Claude Code takes MCP servers from, with their variables filled in.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Variables } from "../../config/read-variables.ts";
import type { McpEntry } from "../../doctor/mcp-entries.ts";

/** The permission tool's name has it in it. */
export const MCP_KEY = "approval-server";

const entrySchema = z.looseObject({
  type: z.string().optional().catch(undefined),
  command: z.string().optional().catch(undefined),
  url: z.string().optional().catch(undefined),
  headers: z.record(z.string(), z.unknown()).optional().catch(undefined),
  timeout: z.number().optional().catch(undefined),
});
const serversSchema = z.record(z.string(), z.unknown());
const fileSchema = z.looseObject({ mcpServers: serversSchema.optional().catch(undefined) });
const stateSchema = fileSchema.extend({
  projects: z.record(z.string(), fileSchema).optional().catch(undefined),
});

interface McpPlaces {
  /** The project that the person is in. */
  readonly project: string;
  /** Claude Code's own file, with the servers of the user and of each project. */
  readonly stateFile: string;
}

interface FoundServers {
  readonly where: string;
  readonly servers: Readonly<Record<string, unknown>> | undefined;
}

/** The files need not be there, but for the package's own. */
export async function readMcpEntries(
  { project, stateFile }: McpPlaces,
  { env, root }: { readonly env: Variables; readonly root: string },
): Promise<{ entries: McpEntry[]; problems: string[] }> {
  const problems: string[] = [];
  const own = join(root, "mcp-servers.json");
  const ownServers = (await read(own, fileSchema, problems))?.mcpServers;
  if (ownServers?.[MCP_KEY] === undefined && problems.length === 0) {
    problems.push(`${own}: has no server of the name ${MCP_KEY}`);
  }
  const state = await read(stateFile, stateSchema, problems);
  const projectFile = join(project, ".mcp.json");
  const sources: FoundServers[] = [
    { where: own, servers: ownServers },
    { where: projectFile, servers: (await read(projectFile, fileSchema, problems))?.mcpServers },
    { where: stateFile, servers: state?.mcpServers },
    { where: `${stateFile} (for ${project})`, servers: state?.projects?.[project]?.mcpServers },
  ];
  const entries = sources.flatMap(({ where, servers }) => {
    const entry = entrySchema.safeParse(servers?.[MCP_KEY]);
    return entry.success ? [toEntry(where, entry.data, env)] : [];
  });
  return { entries, problems };
}

async function read<T extends z.ZodType>(
  path: string,
  schema: T,
  problems: string[],
): Promise<z.output<T> | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!["ENOENT", "ENOTDIR"].includes(code)) problems.push(`${path}: cannot be read (${code})`);
    return undefined;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    problems.push(`${path}: is no valid JSON object`);
    return undefined;
  }
}

function toEntry(where: string, entry: z.output<typeof entrySchema>, env: Variables): McpEntry {
  const { type, command, url, headers = {}, timeout } = entry;
  const [, authorization] = Object.entries(headers).find(([name]) => /^authorization$/i.test(name)) ?? [];
  return {
    where,
    type: type ?? (command === undefined ? "http" : "stdio"),
    url: url === undefined ? undefined : filled(url, env),
    authorization: typeof authorization === "string" ? filled(authorization, env) : undefined,
    timeout,
  };
}

/** As Claude Code fills them in: `${NAME}` and `${NAME:-default}`. */
function filled(text: string, env: Variables): string {
  return text.replace(
    /\$\{(\w+)(?::-([^}]*))?\}/g,
    (_, name: string, fallback = "") => env[name] || fallback,
  );
}
