// What docs/mcp-clients.md tells people to paste, for a server on a test's port.
import { readFileSync } from "node:fs";
import { packageRoot } from "../../src/server/system.ts";

const DOCS = readFileSync(new URL("../../docs/mcp-clients.md", import.meta.url), "utf8");

interface ServerEntry {
  readonly command?: string;
  readonly [field: string]: unknown;
}

/** The words of a `claude mcp add` line after `claude`. */
export function documentedLine(kind: "http" | "stdio", port: string): readonly string[] {
  const line = DOCS.split("\n").find(
    (each) => each.startsWith("claude mcp add") && each.includes("--transport http") === (kind === "http"),
  );
  if (line === undefined) throw new Error(`docs/mcp-clients.md has no line for ${kind}`);
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  return words.slice(1).map((word) => word.replace("127.0.0.1:8000", `127.0.0.1:${port}`));
}

/** The text of an MCP config file. @param env what a process that it starts gets as well */
export function documentedJson(
  kind: "http" | "stdio",
  port: string,
  env: Readonly<Record<string, string>> = {},
): string {
  const blocks = [...DOCS.matchAll(/^```json\n(\{\n {2}"mcpServers"[\s\S]+?)\n```$/gm)].map(([, text = ""]) =>
    text
      .replace("/path/to/whatsapp-approval-server/", packageRoot().replace(/\/?$/, "/"))
      .replace("127.0.0.1:8000", `127.0.0.1:${port}`),
  );
  const configs = blocks.map((text) => JSON.parse(text) as { mcpServers: Record<string, ServerEntry> });
  const entry = configs
    .map(({ mcpServers }) => mcpServers["approval-server"])
    .find((each) => (each?.command === undefined) === (kind === "http"));
  if (entry === undefined) throw new Error(`docs/mcp-clients.md has no JSON for ${kind}`);
  const extra = kind === "http" ? {} : { env: { SERVER_PORT: port, ...env } };
  return JSON.stringify({ mcpServers: { "approval-server": { ...entry, ...extra } } });
}
