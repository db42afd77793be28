// Whether the entries for Claude Code's MCP servers lead to this server as it is configured.
import { parsedUrl } from "../domain/parsed-url.ts";
import { type Check, type Concern, ok, together } from "./check.ts";

/** An entry with its variables filled in from the environment of this shell. */
export interface McpEntry {
  /** The file, and where in it. */
  readonly where: string;
  readonly type: string;
  readonly url?: string | undefined;
  readonly authorization?: string | undefined;
  readonly timeout?: number | undefined;
}

export interface McpEntriesDeps {
  /** The entries of the name, and what is wrong with the files. */
  readonly read: () => Promise<{
    readonly entries: readonly McpEntry[];
    readonly problems: readonly string[];
  }>;
  /** `http://127.0.0.1:8000/mcp` */
  readonly url: string;
  /** The key that the permission tool's name has in it. */
  readonly key: string;
  /** Whether an Authorization header has a token that the server takes; always, where it wants none. */
  readonly isAuthorized: (header: string | undefined) => boolean;
  /** The longest that a call waits, ms. */
  readonly longestMs: number;
}

export function mcpEntriesCheck({ read, ...deps }: McpEntriesDeps): Check {
  return {
    description: "MCP entry",
    async run() {
      const { entries, problems } = await read();
      const advice = `Correct it: the key is ${deps.key}, the address ${deps.url}.`;
      const concerns = [
        ...problems.map((text): Concern => ({ text, advice })),
        ...entries.flatMap((entry) => [...concernsOf(entry, deps)]),
      ];
      return concerns.length === 0
        ? ok(entries.length === 0 ? "none" : entries.map(({ where }) => where).join("\n"))
        : together(concerns);
    },
  };
}

function* concernsOf(
  { where, type, url, authorization, timeout }: McpEntry,
  deps: Omit<McpEntriesDeps, "read">,
): Generator<Concern> {
  // `approval-server stdio` finds the server by the same settings as this command.
  if (type === "stdio") return;
  const target = url === undefined ? undefined : parsedUrl(url);
  const wanted = new URL(deps.url);
  if (target === undefined || target.pathname !== wanted.pathname || !isLocal(target.hostname)) {
    yield {
      text: `${where}: leads to ${target === undefined ? "no address" : target.origin + target.pathname}`,
      advice: `Set its url to ${deps.url}?project=\${PWD}`,
    };
    return;
  }
  if (portOf(target) !== portOf(wanted)) {
    yield {
      text: `${where}: leads to port ${portOf(target)}, and the server is at ${portOf(wanted)}`,
      advice: `Set SERVER_PORT=${portOf(wanted)} in the shell that runs claude, or write the port into the file.`,
    };
  }
  if (!deps.isAuthorized(authorization)) {
    yield {
      text: `${where}: brings no token that the server takes`,
      advice: "Set APPROVAL_TOKEN in the shell that runs claude, as the server has it.",
    };
  }
  if (timeout === undefined || timeout <= deps.longestMs) {
    yield {
      text: `${where}: its timeout (${timeout ?? "none"}) is shorter than a request may wait`,
      advice: `Set "timeout": ${deps.longestMs + 300_000} (ms) in it.`,
    };
  }
}

function isLocal(hostname: string): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

function portOf({ port, protocol }: URL): string {
  return port === "" ? (protocol === "https:" ? "443" : "80") : port;
}
