// `npm run demo`: a real MCP client asks the running server for approval of a harmless call and prints the answer.
import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { ownCommand } from "../domain/own-command.ts";
import { PERMISSION_TOOL } from "../doors/mcp/tool-table.ts";
import type { CommandContext, CommandInput } from "./command.ts";
import { EXIT } from "./exit.ts";
import { callServer, type LocalAddress, projectHeader, stayingFetch } from "./local-client.ts";
import { serverAddress } from "./server-address.ts";
import { readClientConfig } from "./settings.ts";

/** Longer than any approval may take: the server's deadline decides, not this. ms */
const CALL_TIMEOUT_MS = 3_900_000;
const CALL = {
  tool_name: "Bash",
  input: { command: "ls -la /etc", description: "List system configuration files" },
};

export async function demo({ options }: CommandInput, context: CommandContext): Promise<number> {
  const config = await readClientConfig(context);
  const isJson = options["json"] === true;
  const address = await serverAddress(config, context);
  await callServer(() => askForCall(address, isJson, context), address);
  if (!isJson && !address.isRemote) context.out(nextSteps(config.simulation !== undefined));
  return EXIT.ok;
}

function nextSteps(isSimulated: boolean): string {
  const steps = [
    ["Claude Code in print mode", `the line that ${ownCommand("start")} has printed`],
    ["interactive sessions", ownCommand("hooks install")],
    ...(isSimulated ? [["your real phone", ownCommand("setup")]] : []),
  ] as const;
  const width = Math.max(...steps.map(([what = ""]) => what.length));
  return `\nNext:\n${steps.map(([what = "", how]) => `  ${what.padEnd(width)}  ${how}\n`).join("")}`;
}

async function askForCall(
  { url, headers }: LocalAddress,
  isJson: boolean,
  { folder, out, signal }: CommandContext,
): Promise<void> {
  const client = new Client({ name: "approval-demo", version: "1.0.0" });
  const requestInit = { headers: { ...projectHeader(folder), ...headers } };
  const options = { requestInit, fetch: stayingFetch };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), options), { signal });
  const say = (line: string) => (isJson ? undefined : out(`${line}\n`));
  say(`Asking for approval of: ${CALL.input.command}  (project ${basename(folder)})`);
  say("Answer on the phone. Nothing is executed, whatever you answer.\n");
  try {
    const result = await client.callTool(
      { name: PERMISSION_TOOL, arguments: { ...CALL, tool_use_id: `demo-${randomUUID()}` } },
      {
        signal,
        timeout: CALL_TIMEOUT_MS,
        onprogress: ({ message }) => say(`  … ${message ?? "waiting"}`),
      },
    );
    const [block] = result.content;
    const read = block?.type === "text" ? block.text : JSON.stringify(result);
    if (isJson) out(`${read}\n`);
    else say(`\nClaude Code would read:\n${read}`);
  } finally {
    await client.close();
  }
}
