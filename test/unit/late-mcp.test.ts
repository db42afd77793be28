// The MCP doors behind the first request for one of them: nothing before it, refused in words where they cannot be loaded, and
// nothing asked for a client that has gone meanwhile.
import { request } from "node:http";
import express, { type ErrorRequestHandler, type RequestHandler } from "express";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openLateMcp } from "../../src/server/late-mcp.ts";
import { listen } from "../../src/server/listener.ts";
import { createKeptLog } from "../helpers/silent-log.ts";

async function open(fail?: Error) {
  const log = createKeptLog();
  const served = vi.fn<RequestHandler>((_req, res) => void res.json({ served: true }));
  const onError = vi.fn<ErrorRequestHandler>(
    (_error, _req, res, _next) => void res.status(413).json({ served: "error" }),
  );
  const close = vi.fn(async () => {});
  let go = () => {};
  const gone = new Promise<void>((resolve) => {
    go = resolve;
  });
  const load = vi.fn(async () => {
    await gone;
    if (fail !== undefined) throw fail;
    return { openMcpDoors: () => ({ router: served, onError: [onError], close }) };
  });
  const mcp = openLateMcp({ log } as never, load);
  const breaks: RequestHandler = (req, _res, next) =>
    next(req.get("x-break") ? new Error("too much") : undefined);
  const app = express()
    .use(breaks, mcp.router, mcp.onError)
    .use(((error, _req, res, _next) => void res.status(500).send(String(error))) as ErrorRequestHandler);
  const listener = await listen("127.0.0.1", 0, "SERVER_PORT");
  listener.serve(app);
  onTestFinished(() => listener.close());
  const url = `http://127.0.0.1:${listener.port}`;
  return { log, served, onError, close, load, go, mcp, url, port: listener.port };
}

describe("the MCP doors", () => {
  it("are loaded with the first request for one of them, once", async () => {
    const { load, go, url, served } = await open();
    go();
    expect((await fetch(`${url}/v1/approvals`)).status).toBe(404);
    expect((await fetch(`${url}/mcp/other`)).status).toBe(404);
    expect(load).not.toHaveBeenCalled();
    const paths = ["/mcp", "/MCP", "/sse", "/message", "/mcp/"];
    for (const answer of await Promise.all(paths.map((path) => fetch(`${url}${path}`, { method: "POST" }))))
      expect(await answer.json()).toEqual({ served: true });
    expect(served).toHaveBeenCalledTimes(paths.length);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("are refused in words where they cannot be loaded, and tried again", async () => {
    const { url, go, load, log } = await open(new Error("no such file"));
    go();
    for (const times of [1, 2]) {
      const answer = await fetch(`${url}/mcp`, { method: "POST" });
      expect(answer.status).toBe(503);
      expect(await answer.json()).toEqual({
        jsonrpc: "2.0",
        error: {
          code: -32_603,
          message: "A part of the approval server could not be loaded: restart it, or install it again.",
        },
        id: null,
      });
      expect(load).toHaveBeenCalledTimes(times);
    }
    expect(log.text()).toContain("an MCP client could not be served");
  });

  it("ask for nothing where the client has gone while they were loaded", async () => {
    const { port, go, load, served, url } = await open();
    const leaving = request({ port, path: "/mcp", method: "POST" });
    leaving.on("error", () => {});
    const closed = new Promise<void>((resolve) => leaving.on("close", resolve));
    leaving.end();
    await expect.poll(() => load).toHaveBeenCalled();
    leaving.destroy();
    await closed;
    const other = fetch(`${url}/v1`);
    expect((await other).status).toBe(404);
    go();
    await (await fetch(`${url}/mcp`, { method: "POST" })).json();
    expect(served).toHaveBeenCalledTimes(1);
  });

  it("answer to a body that was not read on their addresses, and leave others alone", async () => {
    const { url, go, onError } = await open();
    go();
    const headers = { "x-break": "yes" };
    expect((await fetch(`${url}/v1`, { headers })).status).toBe(500);
    expect(onError).not.toHaveBeenCalled();
    expect((await fetch(`${url}/mcp`, { headers })).status).toBe(413);
  });

  it("are closed where they were opened, and where a stop comes while they are loaded", async () => {
    const { mcp, close, go, load, url } = await open();
    await mcp.close();
    expect(close).not.toHaveBeenCalled();
    const late = fetch(`${url}/mcp`, { method: "POST" });
    await expect.poll(() => load).toHaveBeenCalled();
    go();
    await late;
    expect(close).toHaveBeenCalledTimes(1);
  });
});
