#!/usr/bin/env node
// Stands in for `claude -p` where a test is about the server: it speaks stream-json, asks this server for its permissions as Claude
// Code does, and does what the lines of its prompt say. It notes how it was started in $STAND_IN_NOTES.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFileSync, linkSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

const args = process.argv.slice(2);
const optionOf = (name) => {
  const joined = args.find((arg) => arg.startsWith(`${name}=`));
  return joined?.slice(name.length + 1) ?? args[args.indexOf(name) + 1];
};
const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
const prompt = await text(process.stdin);
const config = JSON.parse(readFileSync(optionOf("--mcp-config"), "utf8")).mcpServers["approval-server"];
const resumed = args.find((arg) => arg.startsWith("--resume="))?.slice("--resume=".length);
const session_id = resumed ?? randomUUID();
const notes = process.env.STAND_IN_NOTES;
if (notes !== undefined)
  appendFileSync(
    notes,
    `${JSON.stringify({ args, prompt, cwd: process.cwd(), env: process.env, token: config.headers.Authorization })}\n`,
  );

const client = new Client({ name: "stand-in", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
await client.connect(
  new StreamableHTTPClientTransport(new URL(config.url), { requestInit: { headers: config.headers } }),
);
const call = (name, input) =>
  client.callTool({ name, arguments: input }, { timeout: 60_000, onprogress: () => {} });

say({
  type: "system",
  subtype: "init",
  session_id,
  cwd: prompt.includes("elsewhere") ? "/" : process.cwd(),
  permissionMode: prompt.includes("bypass") ? "bypassPermissions" : "default",
  mcp_servers: [{ name: "approval-server", status: "connected" }],
});

const said = [];
let count = 0;
const nextId = () => {
  count += 1;
  return `toolu_${session_id}_${Date.now()}_${count}`;
};
for (const line of prompt.split("\n")) {
  const [word, ...rest] = line.split(" ");
  const words = rest.join(" ");
  if (word === "ask") {
    const id = nextId();
    const input = { command: words };
    say({ type: "assistant", message: { content: [{ type: "tool_use", id, name: "Bash", input }] } });
    const { content } = await call("permissions__approve", { tool_name: "Bash", input, tool_use_id: id });
    said.push(JSON.parse(content[0].text).behavior);
  }
  if (word === "read") {
    const id = nextId();
    say({
      type: "assistant",
      message: { content: [{ type: "tool_use", id, name: "Read", input: { file_path: words } }] },
    });
    say({ type: "user", message: { content: [{ type: "tool_result", tool_use_id: id }] } });
  }
  if (word === "tool") {
    const [name, ...json] = rest;
    const result = await call(name, JSON.parse(json.join(" ")));
    said.push(result.content[0].text);
  }
  if (word === "fetch") {
    const [method, path] = rest;
    const response = await fetch(new URL(path, config.url), { method, headers: config.headers });
    said.push(`${response.status}`);
  }
  if (word === "change") writeFileSync(words, "changed\n");
  if (word === "leave") writeFileSync(`${process.env.APPROVAL_TASK_ARTIFACTS}/${words}`, "left\n");
  if (word === "link") symlinkSync(words, `${process.env.APPROVAL_TASK_ARTIFACTS}/link.txt`);
  if (word === "hard") linkSync(words, `${process.env.APPROVAL_TASK_ARTIFACTS}/hard.txt`);
  if (word === "say") said.push(words);
  if (word === "child") {
    const child = spawn("sleep", ["600"], { stdio: "ignore" });
    appendFileSync(words, `${child.pid}`);
  }
  if (word === "stray") {
    const child = spawn("sleep", ["600"], { stdio: "ignore", detached: true });
    child.unref();
    appendFileSync(words, `${child.pid}`);
  }
  if (word === "deaf") process.on("SIGTERM", () => {});
  if (word === "ahead") {
    const response = await fetch(new URL("/hooks/pre-tool-use", config.url), {
      method: "POST",
      headers: {
        ...config.headers,
        "content-type": "application/json",
        "x-approval-attended": "no",
        "x-approval-claude-pid": String(process.pid),
        "x-approval-folder": encodeURIComponent(process.cwd()),
      },
      body: JSON.stringify({
        hook_event_name: "PreToolUse",
        session_id,
        cwd: process.cwd(),
        permission_mode: "default",
        tool_name: "Bash",
        tool_input: { command: words },
        tool_use_id: "toolu_ahead",
      }),
    });
    const { hookSpecificOutput } = await response.json();
    said.push(`ahead: ${hookSpecificOutput?.permissionDecision ?? "no opinion"}`);
  }
  if (word === "hang") {
    say({ type: "assistant", message: { content: [{ type: "text", text: "I hang." }] } });
    await new Promise((resolve) => setTimeout(resolve, 600_000));
  }
  if (word === "die") process.exit(3);
}
say({
  type: "result",
  subtype: prompt.includes("too many turns") ? "error_max_turns" : "success",
  is_error: false,
  result: said.join("\n"),
  num_turns: 1,
  permission_denials: [],
});
await client.close();
process.exit(0);
