// `npm run demo`: a real MCP client asks the running server for approval of a harmless call and prints the answer.
import { basename } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import dotenv from "dotenv";
import { parseConfig } from "../src/config.ts";
import { ConfigError } from "../src/domain/errors.ts";
import { PERMISSION_TOOL } from "../src/doors/mcp/permission-tool.ts";

/** Longer than any approval may take: the server's deadline decides, not this. ms */
const CALL_TIMEOUT_MS = 3_900_000;
const CALL = {
  tool_name: "Bash",
  input: { command: "ls -la /etc", description: "List system configuration files" },
  tool_use_id: `demo-${process.pid}-${Date.now()}`,
};

async function main(): Promise<void> {
  dotenv.config({ quiet: true });
  const { host, serverPort, token } = parseConfig(process.env);
  const url = new URL(`http://${host.includes(":") ? `[${host}]` : host}:${serverPort}/mcp`);
  const headers = {
    "X-Approval-Project": process.cwd(),
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
  };
  const client = new Client({ name: "approval-demo", version: "1.0.0" });
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort("interrupted"));
  say(`Asking for approval of: ${CALL.input.command}  (project ${basename(process.cwd())})`);
  say("Answer on the phone. Nothing is executed, whatever you answer.\n");
  try {
    const result = await client.callTool(
      { name: PERMISSION_TOOL, arguments: CALL },
      {
        signal: interrupted.signal,
        timeout: CALL_TIMEOUT_MS,
        onprogress: ({ message }) => say(`  … ${message ?? "waiting"}`),
      },
    );
    const [block] = result.content;
    say(`\nClaude Code would read:\n${block?.type === "text" ? block.text : JSON.stringify(result)}`);
  } finally {
    await client.close();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What to do about an error, in one line. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.problems.join("\n");
  const text = error instanceof Error ? `${error.message} ${String(error.cause ?? "")}` : String(error);
  if (/ECONNREFUSED|fetch failed/.test(text))
    return "The approval server is not running. Start it with: npm start";
  if (/401|unauthorized/i.test(text))
    return "The approval server wants its token: set APPROVAL_TOKEN as the server has it.";
  return `The demo failed: ${text.trim()}`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
});
