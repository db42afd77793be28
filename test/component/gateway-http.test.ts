// MCP servers that are reached over HTTP, and the file that names them while the server runs.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { oddServer, startGateway } from "../helpers/gateway-stage.ts";

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly name?: string; readonly arguments?: unknown };
}

type Answer = (message: Message, res: ServerResponse, req: IncomingMessage) => unknown;

/** An MCP server over HTTP. @param call answers a call of its tool */
async function httpServer(call: Answer) {
  const seen: { readonly message: Message; readonly authorization: string | undefined }[] = [];
  const server = createServer(async (req, res) => {
    const message: Message = req.method === "POST" ? JSON.parse(await text(req)) : {};
    seen.push({ message, authorization: req.headers.authorization });
    if (message.method === "initialize")
      return reply(res, message, {
        protocolVersion: "2025-11-25",
        capabilities: { tools: {} },
        serverInfo: { name: "web", version: "1" },
      });
    if (message.method === "tools/list") return reply(res, message, { tools: [TOOL] });
    if (message.method === "tools/call") return call(message, res, req);
    return res.writeHead(202).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = async () => {
    server.closeAllConnections();
    if (server.listening) await new Promise((done) => server.close(done));
  };
  onTestFinished(stop);
  const { port } = server.address() as AddressInfo;
  const entry = {
    type: "http",
    url: `http://127.0.0.1:${port}/mcp`,
    headers: { Authorization: "Bearer t0ken" },
    tools: ["find"],
  };
  return { entry, seen, stop, calls: () => seen.filter(({ message }) => message.method === "tools/call") };
}

const TOOL = { name: "find", description: "Finds.", inputSchema: { type: "object" } };

function reply(res: ServerResponse, { id }: Message, result: unknown): void {
  res.writeHead(200, { "content-type": "application/json" });
  res.end(JSON.stringify({ jsonrpc: "2.0", id, result }));
}

describe("a server over HTTP", () => {
  it("is called with its own headers, after the approval only", async () => {
    const web = await httpServer((message, res) =>
      reply(res, message, { content: [{ type: "text", text: "found" }] }),
    );
    const { client, phone, request } = await startGateway({ web: web.entry });
    const answer = client.call("web__find", { q: 1 });
    const { sid } = await request();
    expect(web.calls()).toEqual([]);
    await phone.tap(sid, "approve");
    expect(await answer).toMatchObject({ content: [{ type: "text", text: "found" }] });
    expect(web.calls()).toEqual([
      {
        message: expect.objectContaining({ params: expect.objectContaining({ arguments: { q: 1 } }) }),
        authorization: "Bearer t0ken",
      },
    ]);
  });

  it("leads nowhere else: its token is not sent to where it points", async () => {
    const other = await httpServer((message, res) => reply(res, message, { content: [] }));
    const web = await httpServer((_, res) => res.writeHead(307, { location: other.entry.url }).end());
    const { client, phone, request } = await startGateway({ web: web.entry });
    const answer = client.call("web__find", {});
    await phone.tap((await request()).sid, "approve");
    expect(await answer).toMatchObject({ isError: true });
    expect(other.seen).toEqual([]);
  });

  it("that answers without an end is cut off", async () => {
    const web = await httpServer((_, res) => {
      res.writeHead(200, { "content-type": "application/json" });
      const more = () => {
        while (!res.destroyed && res.write("x".repeat(100_000)));
      };
      res.on("drain", more);
      more();
    });
    const { client, phone, request } = await startGateway({ web: { ...web.entry, maxResultBytes: 10_000 } });
    const answer = client.call("web__find", {});
    await phone.tap((await request()).sid, "approve");
    expect(await answer).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("not known") }],
    });
  });

  it("that is gone is down, and comes back", async () => {
    const web = await httpServer((message, res) => reply(res, message, { content: [] }));
    const { client, phone, until } = await startGateway({ web: web.entry });
    await web.stop();
    expect(await client.call("web__find", {})).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("The MCP server web is down: it cannot be reached") }],
    });
    expect(phone.messages()).toEqual([]);
    await until(([tool]) => tool?.description?.includes("web is down") === true);
  });
});

describe("gateway.json while the server runs", () => {
  it("is read again: what is new is started, what is gone is ended, what is unchanged goes on", async () => {
    const clock = createFakeClock();
    const [one, two] = [oddServer(), oddServer()];
    const { write, until, server, log } = await startGateway({ one: one.entry }, { deps: { clock } });
    write({ one: one.entry, two: two.entry });
    await clock.advance(2_000);
    await until((tools) =>
      tools.some(({ name, description }) => name === "two__echo" && description === "Says it again."),
    );
    expect(one.notes().filter((line) => line.startsWith("started"))).toHaveLength(1);
    write({ two: two.entry });
    await clock.advance(2_000);
    expect((await until((tools) => tools.length === 1)).map(({ name }) => name)).toEqual(["two__echo"]);
    // A mistake changes nothing, and is said.
    write({ two: { ...two.entry, tools: ["*"] } });
    await clock.advance(2_000);
    await expect.poll(() => log.text()).toContain("gateway.json is wrong");
    expect((await until(() => true)).map(({ name }) => name)).toEqual(["two__echo"]);
    expect(await (await fetch(`${server.localUrl}/health`)).json()).toMatchObject({
      gateway: { servers: 1, problems: [] },
    });
  });

  it("keeps the server from starting where it is wrong or not there", async () => {
    await expect(startGateway({ fs: { command: "x" } })).rejects.toThrow("mcpServers.fs.tools");
    await expect(startGateway({}, { env: { GATEWAY_CONFIG: "/nowhere/gateway.json" } })).rejects.toThrow(
      "GATEWAY_CONFIG: /nowhere/gateway.json does not exist",
    );
  });
});
