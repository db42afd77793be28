// The door for HTTP+SSE by itself: how many streams it keeps, what keeps a silent one alive, when an answer counts as written,
// and that a stream hears of tools that change.
import { request } from "node:http";
import express from "express";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { OfferedTool, ToolSource } from "../../src/core/ports/tool-source.ts";
import { createLastingTools } from "../../src/doors/mcp/mcp-door.ts";
import { currentRequestContext } from "../../src/doors/mcp/request-context.ts";
import { createSseDoor } from "../../src/doors/mcp/sse-door.ts";
import { setRequester } from "../../src/doors/requester.ts";
import { listen } from "../../src/server/listener.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { endpointOf, openStream, post } from "../helpers/sse-client.ts";

const HINTS = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
const tool = (name: string, description = "Does it."): OfferedTool => ({
  name,
  title: name,
  description,
  inputSchema: { type: "object" },
  hints: HINTS,
});

/** A source whose tools a test changes, and whose calls it answers. */
function createSource() {
  let offered: readonly OfferedTool[] = [tool("a__one")];
  const listeners = new Set<() => void>();
  const call = vi.fn<ToolSource["call"]>(async () => ({ content: [{ type: "text", text: "done" }] }));
  const source: ToolSource = {
    tools: () => offered,
    call,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return {
    source,
    call,
    listening: () => listeners.size,
    offer(tools: readonly OfferedTool[]) {
      offered = tools;
      for (const listener of listeners) listener();
    },
  };
}

async function startDoor() {
  const { source, ...rest } = createSource();
  const [clock, log] = [createFakeClock(), createKeptLog()];
  const gate = { request: vi.fn() };
  const never = () => Promise.reject(new Error("nothing is read here"));
  const absent = () => {
    throw new Error("nothing is read here");
  };
  const deps = {
    ...{ gate, log, version: "0.0.0-test", timeoutMs: 1_000, sources: [source] },
    approvals: {
      heldResults: { start: never },
      desk: { held: () => undefined, standing: never, list: never, find: never, withdraw: never },
      clock,
    },
    drafter: { draft: never },
    readable: {
      ...{ pending: never, recent: never, today: never, policy: absent, status: absent },
      ...{ approval: never, project: never, session: never },
    },
  };
  const door = createSseDoor({ createTools: () => createLastingTools(deps), clock, log });
  const app = express();
  app.use((req, res, next) => {
    const name = req.get("x-test-token");
    if (name !== undefined) setRequester(res, name);
    next();
  });
  app.use(express.json(), door.router, door.onError);
  const listener = await listen("127.0.0.1", 0, "SERVER_PORT");
  listener.serve(app);
  onTestFinished(() => listener.close());
  return { ...rest, source, clock, log, door, server: { localUrl: `http://127.0.0.1:${listener.port}` } };
}

const list = { jsonrpc: "2.0", id: 1, method: "tools/list" };
const callOf = (id: number) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name: "a__one", arguments: {} },
});
const answerTo = (id: number) => (event: { data: string }) =>
  (JSON.parse(event.data.startsWith("{") ? event.data : "{}") as { id?: number }).id === id;

describe("streams", () => {
  it("are limited for each token, so that one of them leaves room for the others", async () => {
    const { server, log } = await startDoor();
    const streams = [];
    for (let count = 0; count < 100; count += 1)
      streams.push(await openStream(server, { "x-test-token": "ci" }));
    expect(streams.every(({ status }) => status === 200)).toBe(true);
    expect((await openStream(server, { "x-test-token": "ci" })).status).toBe(503);
    expect((await openStream(server, { "x-test-token": "web" })).status).toBe(200);
    expect(log.text()).toContain("too many open MCP streams");
    streams[0]?.abort();
    await expect.poll(async () => (await openStream(server, { "x-test-token": "ci" })).status).toBe(200);
  });

  it("are kept alive by a comment every 15 s, and by nothing once they have ended", async () => {
    const { server, clock, door } = await startDoor();
    const stream = await openStream(server);
    await endpointOf(stream, server);
    for (let count = 0; count < 2; count += 1) {
      await clock.advance(15_000);
      expect(await stream.comment()).toContain("keep-alive");
    }
    await door.close();
    await stream.ended;
    expect(clock.pending()).toBe(0);
    expect((await openStream(server)).status).toBe(503);
  });

  it("of a client that no longer reads are broken, and what was written to them counts as not delivered", async () => {
    const { server, call, listening } = await startDoor();
    const written: Promise<boolean>[] = [];
    call.mockImplementation(async (_name, _input, caller) => {
      written.push(caller.written);
      return { content: [{ type: "text", text: "x".repeat(9_000_000) }] };
    });
    const endpoint = await new Promise<string>((resolve, reject) => {
      const req = request(`${server.localUrl}/sse`, (res) => {
        res.once("data", (chunk: Buffer) => {
          res.pause();
          resolve(new URL(/data: (\S+)/.exec(String(chunk))?.[1] ?? "", server.localUrl).href);
        });
        res.on("error", () => {});
      });
      onTestFinished(() => void req.destroy());
      req.on("error", reject).end();
    });
    for (const id of [1, 2, 3, 4]) await post(endpoint, callOf(id));
    await expect.poll(() => listening()).toBe(0);
    expect(await Promise.all(written)).toContain(false);
  });
});

describe("an answer", () => {
  it("counts as written when the stream has taken it, not when the tool has returned it", async () => {
    const { server, call } = await startDoor();
    const { promise, resolve } = late();
    let written: Promise<boolean> | undefined;
    call.mockImplementation(async (_name, _input, caller) => {
      written = caller.written;
      expect(currentRequestContext()?.written).toBe(written);
      await promise;
      return { content: [{ type: "text", text: "done" }] };
    });
    const stream = await openStream(server);
    const endpoint = await endpointOf(stream, server);
    await post(endpoint, callOf(1));
    await expect.poll(() => call.mock.calls.length).toBe(1);
    resolve();
    await stream.next(answerTo(1));
    expect(await written).toBe(true);
  });

  it.each([
    ["its stream has ended before", (stream: { abort(): void }) => stream.abort()],
    [
      "its client has given it up before",
      (_: unknown, endpoint: string) =>
        post(endpoint, {
          jsonrpc: "2.0",
          method: "notifications/cancelled",
          params: { requestId: 1, reason: "terminal" },
        }),
    ],
  ])("does not count as written where %s", async (_, leave) => {
    const { server, call } = await startDoor();
    let written: Promise<boolean> | undefined;
    const gone = late();
    call.mockImplementation(async (_name, _input, caller) => {
      written = caller.written;
      caller.signal.addEventListener("abort", () => gone.resolve());
      await gone.promise;
      // Nothing of what the client says reaches the reason.
      expect(caller.signal.reason).not.toBe("terminal");
      return { content: [{ type: "text", text: "done" }] };
    });
    const stream = await openStream(server);
    const endpoint = await endpointOf(stream, server);
    await post(endpoint, callOf(1));
    await expect.poll(() => call.mock.calls.length).toBe(1);
    await leave(stream, endpoint);
    await gone.promise;
    expect(await written).toBe(false);
  });
});

describe("tools that change", () => {
  it("are told once for several changes, and listed as they are now; a stream that has ended hears nothing", async () => {
    const { server, offer, listening, call } = await startDoor();
    const stream = await openStream(server);
    const endpoint = await endpointOf(stream, server);
    offer([tool("a__one", "Does something else."), tool("b__two"), tool("b__three")]);
    const news = await stream.next(({ event }) => event === "message");
    expect(JSON.parse(news.data)).toMatchObject({ method: "notifications/tools/list_changed" });
    await post(endpoint, list);
    const after: unknown[] = [];
    const { data } = await stream.next((event) => {
      after.push(event);
      return answerTo(1)(event);
    });
    expect(after).toHaveLength(1);
    const { tools } = (JSON.parse(data) as { result: { tools: { name: string; description: string }[] } })
      .result;
    const own = tools.filter(({ name }) => name.includes("__") && name !== "permissions__approve");
    expect(own.map(({ name, description }) => [name, description])).toEqual([
      ["a__one", "Does something else."],
      ["b__two", "Does it."],
      ["b__three", "Does it."],
    ]);
    offer([tool("b__two")]);
    await stream.next(({ event }) => event === "message");
    await post(endpoint, callOf(2));
    expect((await stream.next(answerTo(2))).data).toContain("not found");
    expect(call).not.toHaveBeenCalled();
    stream.abort();
    await expect.poll(() => listening()).toBe(0);
  });
});

function late(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
