// `npm run demo`: a real MCP client asks the running server for approval of a harmless call and prints the answer.
import { basename } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import dotenv from "dotenv";
import { explainLocalError, localAddress, projectHeader } from "../src/cli/local-client.ts";
import { parseConfig } from "../src/config/config.ts";
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
  const { url, headers } = localAddress(parseConfig(process.env));
  const client = new Client({ name: "approval-demo", version: "1.0.0" });
  const requestInit = { headers: { ...projectHeader(process.cwd()), ...headers } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }));
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

main().catch((error: unknown) => {
  process.stderr.write(`${explainLocalError(error)}\n`);
  process.exitCode = 1;
});
