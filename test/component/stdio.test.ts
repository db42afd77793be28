// `approval-server stdio`: the built process between a real client and a running server. It passes on, and never approves.
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { INSTRUCTIONS } from "../../src/doors/mcp/introduction.ts";
import { TOOLS } from "../../src/doors/mcp/tool-table.ts";
import { start, stdioFor } from "../helpers/command-line.ts";
import { ASK, ask, connect, connectV1, type McpClient } from "../helpers/mcp-clients.ts";
import { openPhone } from "../helpers/phone-client.ts";
import { startServer } from "../helpers/server-process.ts";
import { BASH_CALL, startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const TOKEN = "0123456789abcdef";
/** Nothing listens at port 1. */
const NOWHERE = "http://127.0.0.1:1";

const DENIAL = (words: string) => ({ behavior: "deny", message: expect.stringContaining(words) });

/** What Claude Code would read. */
async function permission(client: McpClient): Promise<unknown> {
  const { content, structuredContent, isError } = await client.call("permissions__approve", BASH_CALL);
  expect([content.length, structuredContent, isError ?? false]).toEqual([1, undefined, false]);
  return JSON.parse(content[0]?.text ?? "");
}

describe.each([
  ["2026-07-28", connect],
  ["2025-11-25", connectV1],
])("approval-server stdio over %s", (_, open) => {
  it("offers what the server offers, and brings back an approval and a denial", async () => {
    const { server, phone, request } = await startStage();
    const client = await open(stdioFor(server.localUrl, { cwd: temporaryFolder() }));
    expect(client.instructions()).toBe(INSTRUCTIONS);
    const direct = await connect(server.localUrl);
    expect(await client.listTools()).toEqual(await direct.listTools());
    const first = ask(client);
    await phone.tap((await request(0)).sid, "approve");
    expect(await first).toMatchObject({ status: "approved", decided: true });
    const second = ask(client);
    await phone.type("not now", { quote: (await request(1)).sid });
    expect(await second).toMatchObject({ status: "denied", reason: expect.stringContaining("not now") });
    const third = permission(client);
    await phone.tap((await request(2)).sid, "approve");
    expect(await third).toEqual({ behavior: "allow", updatedInput: BASH_CALL.input });
  });

  it("approves nothing when the server is not running, and offers its tools all the same", async () => {
    const client = await open(stdioFor(NOWHERE, { cwd: temporaryFolder() }));
    const names = (await client.listTools()).map(({ name }) => name);
    expect(names).toEqual(Object.values(TOOLS).map(({ name }) => name));
    for (const call of [
      ["request_approval", { ...ASK, wait: false }],
      ["get_approval", { approval_id: "kqmwa" }],
      ["list_approvals", {}],
    ] as const) {
      expect(await client.call(call[0], call[1])).toMatchObject({
        isError: true,
        structuredContent: { status: "error", reason: expect.stringContaining("not running") },
      });
    }
    await expect(client.read("approvals://status")).rejects.toThrow("not running");
    expect(await ask(client)).toMatchObject({
      status: "error",
      decided: false,
      reason: expect.stringContaining("not running"),
    });
    expect(await permission(client)).toEqual(DENIAL("not running"));
  });

  it("passes on requests that are not waited for, and what can be read", async () => {
    const { server, phone, request } = await startStage();
    const client = await open(stdioFor(server.localUrl, { cwd: temporaryFolder() }));
    const { structuredContent } = await client.call("request_approval", { ...ASK, wait: false });
    const { approval_id } = structuredContent as { approval_id: string };
    expect(await client.read(`approvals://${approval_id}`)).toMatchObject({ status: "pending" });
    await phone.tap((await request()).sid, "approve");
    const fetched = await client.call("get_approval", { approval_id, wait_seconds: 20 });
    expect(fetched.structuredContent).toMatchObject({ status: "approved" });
    const direct = await connect(server.localUrl);
    expect(await client.addresses()).toEqual(await direct.addresses());
    expect(await client.prompts()).toEqual(await direct.prompts());
    expect((await client.prompt("daily-approvals-report")).join()).toContain(approval_id);
    const ref = { type: "ref/resource", uri: "approvals://{approval_id}" } as const;
    expect(await client.complete(ref, "approval_id", "")).toEqual([approval_id]);
  });

  it("withdraws a call that the client cancels", async () => {
    const { server, request } = await startStage();
    const client = await open(stdioFor(server.localUrl, { cwd: temporaryFolder() }));
    const caller = new AbortController();
    const answer = ask(client, ASK, { signal: caller.signal }).catch(() => "gone");
    await request();
    caller.abort();
    expect(await answer).toBe("gone");
    await expect.poll(() => health(server.localUrl)).toMatchObject({ waiting: 0 });
  });
});

describe("approval-server stdio", () => {
  it("names its folder as the project, and takes no settings from a .env there", async () => {
    const { server, phone, request } = await startStage();
    const cwd = join(temporaryFolder(), "büro 日本");
    mkdirSync(cwd);
    writeFileSync(join(cwd, ".env"), `SERVER_PORT=1\nHOST=127.0.0.9\nAPPROVAL_TOKEN=${TOKEN}\n`);
    const answer = ask(await connect(stdioFor(server.localUrl, { cwd })));
    const { sid, body } = await request();
    expect(body).toContain("*Project:* büro 日本");
    await phone.tap(sid, "deny");
    expect(await answer).toMatchObject({ status: "denied" });
  });

  it("passes progress on, and only where it is asked for", async () => {
    const { server, phone, request } = await startStage({ env: { APPROVAL_TIMEOUT_SECONDS: "3600" } });
    const client = await connect(stdioFor(server.localUrl, { cwd: temporaryFolder() }));
    const notes: string[] = [];
    const long = { ...ASK, timeout_seconds: 3600 };
    const loud = ask(client, long, { onProgress: (note) => void notes.push(note) });
    const silent = ask(client, { ...long, summary: "another" });
    const both = [await request(0), await request(1)].map(({ body }) => body);
    expect(both.filter((body) => body.includes("Expires in 60 minutes"))).toHaveLength(1);
    expect(both.filter((body) => body.includes("Expires in 4 minutes 50 seconds"))).toHaveLength(1);
    for (const index of [0, 1]) await phone.tap((await request(index)).sid, "deny");
    await Promise.all([loud, silent]);
    expect(notes[0]).toMatch(/^waiting for WhatsApp approval [a-z]{5}, 60:00 left/);
  });

  it("shows its token", async () => {
    const { server, phone, request } = await startStage({ env: { APPROVAL_TOKEN: TOKEN } });
    const env = { APPROVAL_TOKEN: TOKEN };
    const answer = ask(await connect(stdioFor(server.localUrl, { cwd: temporaryFolder(), env })));
    await phone.tap((await request()).sid, "approve");
    expect(await answer).toMatchObject({ status: "approved" });
  });

  it.each([
    ["no token", ""],
    ["another token", "another-token-of-16"],
  ])("approves nothing with %s", async (_, wrong) => {
    const { server, phone } = await startStage({ env: { APPROVAL_TOKEN: TOKEN } });
    const env = { APPROVAL_TOKEN: wrong };
    const client = await connect(stdioFor(server.localUrl, { cwd: temporaryFolder(), env }));
    const reason = expect.stringContaining("set APPROVAL_TOKEN");
    expect(await ask(client)).toMatchObject({ status: "error", reason });
    expect(await permission(client)).toEqual(DENIAL("set APPROVAL_TOKEN"));
    expect(phone.messages()).toEqual([]);
  });

  it("refuses bad input and unknown tools as the server does", async () => {
    const { server, phone } = await startStage();
    const client = await connect(stdioFor(server.localUrl, { cwd: temporaryFolder() }));
    const reason = expect.stringContaining("summary: ");
    expect(await ask(client, { action: "x" })).toEqual({ status: "error", decided: false, reason });
    await expect(client.call("approve_all", {})).rejects.toThrow(/not found/);
    expect(phone.messages()).toEqual([]);
  });

  it("reads no approval out of what another program on the port says", async () => {
    const other = createServer((_req, res) => {
      res.writeHead(200, { "content-type": "application/json" });
      res.end(JSON.stringify({ status: "approved", behavior: "allow" }));
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void other.close());
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const client = await connect(stdioFor(url, { cwd: temporaryFolder() }));
    expect(await ask(client)).toMatchObject({ status: "error", decided: false });
    expect(await permission(client)).toMatchObject({ behavior: "deny" });
  });

  it("approves nothing that waits when the server is killed", async () => {
    const dir = temporaryFolder();
    const server = await startServer({ dir });
    onTestFinished(() => server.kill());
    const phone = await openPhone(server.phoneUrl);
    onTestFinished(() => phone.close());
    const client = await connect(stdioFor(server.url, { cwd: dir }));
    const answers = [ask(client), permission(client)];
    await phone.waitForRequest((body) => body.includes(ASK.summary));
    await phone.waitForRequest((body) => body.includes(BASH_CALL.input.command));
    await server.kill();
    expect(await Promise.all(answers)).toMatchObject([{ status: "error" }, { behavior: "deny" }]);
  });

  it("ends with its stdin, exits 0, and withdraws what waits; stdout is protocol only", async () => {
    const { server, request, told, phone } = await startStage();
    const { child, ended } = start(stdioFor(server.localUrl, { cwd: temporaryFolder() }));
    const call = { name: "request_approval", arguments: ASK };
    child.stdin.write("this is no message\n");
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: {} })}\n`);
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/call", params: call })}\n`);
    const { sid } = await request();
    child.stdin.end();
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    const lines = stdout.trim().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { jsonrpc: string }).jsonrpc)).toEqual(
      lines.map(() => "2.0"),
    );
    await expect.poll(() => health(server.localUrl)).toMatchObject({ waiting: 0 });
    await phone.tap(sid, "approve");
    await told("nothing ran");
  });

  it("does not start with a wrong setting, and says so on stderr only", async () => {
    const { child, ended } = start(stdioFor(NOWHERE, { cwd: temporaryFolder(), env: { SERVER_PORT: "x" } }));
    child.stdin.end();
    expect(await ended).toEqual({ code: 2, stdout: "", stderr: expect.stringContaining("SERVER_PORT: ") });
  });
});

async function health(url: string): Promise<unknown> {
  return (await fetch(`${url}/health`)).json();
}
