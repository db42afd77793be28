// Clients that this project did not write, against the built server: the v1 SDK, the MCP Inspector's command line,
// and the MCP conformance suite.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { PROMPTS } from "../../src/doors/mcp/prompts/prompt-table.ts";
import { RESOURCES } from "../../src/doors/mcp/resources/resource-table.ts";
import { TOOLS as OWN_TOOLS } from "../../src/doors/mcp/tool-table.ts";
import { stdioFor } from "../helpers/command-line.ts";
import { ASK, ask, connectV1 } from "../helpers/mcp-clients.ts";
import { documentedJson } from "./documented.ts";
import { ensureConformance, ensureInspector, type RunTool } from "./mcp-tools.ts";
import { setServer } from "./stage.ts";

const TOOLS = Object.values(OWN_TOOLS).map(({ name }) => name);
/** The scenarios that need none of the suite's own tools, resources and prompts. */
const CONFORMANCE = [
  ...["server-initialize", "ping", "tools-list", "resources-list", "prompts-list", "resources-subscribe"],
  ...["resources-unsubscribe", "server-sse-multiple-streams", "dns-rebinding-protection"],
];

describe("the v1 SDK's client over HTTP", () => {
  test("lists the tools, and reads an approval and a denial as structured output", async () => {
    const { server, phone } = await setServer();
    const client = await connectV1(server.url);
    expect((await client.listTools()).map(({ name }) => name)).toEqual(TOOLS);

    const approved = ask(client);
    const first = await phone.waitForRequest();
    await phone.tap(first.message.sid, `approve:${first.id}`);
    expect(await approved).toEqual({ approval_id: first.id, status: "approved", decided: true });

    const denied = ask(client, { ...ASK, summary: "once more" });
    const second = await phone.waitForRequest((body) => body.includes("once more"));
    await phone.type(`DENY ${second.id} not today`);
    expect(await denied).toEqual({
      approval_id: second.id,
      status: "denied",
      decided: true,
      reason: expect.stringContaining("not today"),
    });
  });
});

describe("the MCP Inspector's command line", () => {
  let inspector: RunTool;
  beforeAll(async () => {
    inspector = await ensureInspector();
  });

  const call = (...pairs: string[]) => [
    ...["--method", "tools/call", "--tool-name", "request_approval"],
    ...pairs.flatMap((pair) => ["--tool-arg", pair]),
  ];

  test("lists the tools and finds no error in their schemas", async () => {
    const { server, root } = await setServer();
    const url = `${server.url}/mcp`;
    const { code, stdout, stderr } = await inspector(
      ["--cli", url, "--method", "tools/list", "--strict"],
      root,
    );
    expect(code, stderr).toBe(0);
    const { tools } = JSON.parse(stdout) as { tools: { name: string; outputSchema?: object }[] };
    expect(tools.map(({ name, outputSchema }) => [name, outputSchema !== undefined])).toEqual(
      TOOLS.map((name) => [name, name !== "permissions__approve"]),
    );
  });

  test("asks without waiting, comes back for the answer, and reads what is offered beside the tools", async () => {
    const { server, phone, root } = await setServer();
    const url = `${server.url}/mcp`;
    const run = async (...args: string[]) => {
      const { code, stdout, stderr } = await inspector(["--cli", url, ...args], root);
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout) as Record<string, unknown>;
    };
    const started = await run(...call("action=send it", "summary=as agreed", "wait=false"));
    const { id, message } = await phone.waitForRequest();
    expect(started).toMatchObject({ structuredContent: { approval_id: id, status: "pending" } });
    await phone.tap(message.sid, `approve:${id}`);
    const tool = (name: string, ...pairs: string[]) => [
      ...["--method", "tools/call", "--tool-name", name],
      ...pairs.flatMap((pair) => ["--tool-arg", pair]),
    ];
    expect(await run(...tool("get_approval", `approval_id=${id}`, "wait_seconds=20"))).toMatchObject({
      structuredContent: { status: "approved" },
    });
    expect(await run(...tool("list_approvals", "status=approved"))).toMatchObject({
      structuredContent: { approvals: [{ approval_id: id }] },
    });
    const { resources } = await run("--method", "resources/list");
    expect(resources).toHaveLength(Object.keys(RESOURCES).length);
    const { contents } = await run("--method", "resources/read", "--uri", `approvals://${id}`);
    expect(JSON.stringify(contents)).toContain(id);
    const { prompts } = await run("--method", "prompts/list");
    expect(prompts).toHaveLength(Object.keys(PROMPTS).length);
    const why = ["--prompt-name", PROMPTS.why.name, "--prompt-args", `approval_id=${id}`];
    expect(JSON.stringify(await run("--method", "prompts/get", ...why))).toContain(`the request ${id}`);
  });

  test.each(["approve", "deny"])(
    "calls request_approval over HTTP and shows the answer: %s",
    async (verb) => {
      const { server, phone, root } = await setServer();
      const args = ["--cli", `${server.url}/mcp`, ...call("action=send it", "summary=as agreed")];
      const run = inspector(args, root);
      const { id, message } = await phone.waitForRequest();
      await phone.tap(message.sid, `${verb}:${id}`);
      const { code, stdout, stderr } = await run;
      expect(code, stderr).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        structuredContent: { approval_id: id, status: verb === "approve" ? "approved" : "denied" },
      });
    },
  );

  test.each(["http", "stdio"] as const)("takes the documented JSON for %s", async (kind) => {
    const { server, phone, root } = await setServer();
    const config = join(root, "mcp.json");
    const { SERVER_PORT = "", ...env } = stdioFor(server.url, { cwd: root }).env;
    await writeFile(config, documentedJson(kind, SERVER_PORT, env));
    const from = ["--cli", "--config", config, "--server", "approval-server"];
    const run = inspector([...from, ...call("action=send it", "summary=as agreed")], root);
    const { id, message } = await phone.waitForRequest();
    if (kind === "http") expect(message.body).toContain("*Project:* project");
    await phone.tap(message.sid, `approve:${id}`);
    const { code, stdout, stderr } = await run;
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ structuredContent: { status: "approved" } });

    const wrong = await inspector([...from, ...call("action=send it")], root);
    expect(wrong.code).not.toBe(0);
    expect(JSON.parse(wrong.stdout)).toMatchObject({ isError: true, structuredContent: { status: "error" } });
  });
});

describe("the MCP conformance suite", () => {
  let conformance: RunTool;
  beforeAll(async () => {
    conformance = await ensureConformance();
  });

  test.each(CONFORMANCE)("passes %s", async (scenario) => {
    const { server, root } = await setServer();
    const args = ["server", "--url", `${server.url}/mcp`, "--scenario", scenario];
    const { code, stdout, stderr } = await conformance(args, root);
    expect(stdout, stderr).toMatch(/Passed: ([1-9]\d*)\/\1, 0 failed, 0 warnings/);
    expect(code).toBe(0);
  });
});
