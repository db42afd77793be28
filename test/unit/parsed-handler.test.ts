// What the SDK's handler answers to a POST whose body was parsed, as it goes over a real connection.

import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createParsedHandler, type WebHandler } from "../../src/doors/mcp/parsed-handler.ts";

const BODY = { jsonrpc: "2.0", id: 7, method: "tools/call" };

async function serve(answer: (request: Request, parsedBody: unknown) => Promise<Response>) {
  const errors: string[] = [];
  const handler: WebHandler = { fetch: (request, { parsedBody }) => answer(request, parsedBody) };
  const handle = createParsedHandler(handler, (error) => void errors.push(error.message));
  const server = createServer((req, res) => void handle(req, res, BODY));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp?project=/x`, errors };
}

describe("a POST whose body was parsed", () => {
  it("reaches the handler with its method, address, headers and body, and brings back what that answers", async () => {
    const { url } = await serve(async ({ method, url: asked, headers }, body) => {
      const seen = {
        method,
        asked,
        body,
        version: headers.get("MCP-Protocol-Version"),
        none: headers.get("x-y"),
      };
      return Response.json(seen, { status: 201, headers: { "x-a": "b" } });
    });
    const answer = await fetch(url, { method: "POST", headers: { "mcp-protocol-version": "2026-07-28" } });
    expect([answer.status, answer.headers.get("x-a")]).toEqual([201, "b"]);
    expect(await answer.json()).toEqual({
      method: "POST",
      asked: url,
      body: BODY,
      version: "2026-07-28",
      none: null,
    });
  });

  it("is answered without a body where there is none", async () => {
    const { url } = await serve(async () => new Response(null, { status: 202 }));
    const answer = await fetch(url, { method: "POST" });
    expect([answer.status, await answer.text()]).toEqual([202, ""]);
  });

  it("gets all of a long stream, also where the reader is slow", async () => {
    const chunk = new Uint8Array(256 * 1024).fill(97);
    let sent = 0;
    const { url } = await serve(async () => {
      const pull = (controller: ReadableStreamDefaultController) => {
        sent += 1;
        if (sent > 40) controller.close();
        else controller.enqueue(chunk);
      };
      return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }));
    });
    const reader = (await fetch(url, { method: "POST" })).body?.getReader();
    let bytes = 0;
    for (;;) {
      const read = await reader?.read();
      if (read === undefined || read.done) break;
      bytes += read.value.byteLength;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(bytes).toBe(40 * chunk.byteLength);
  });

  it.each(["before the first byte", "in the middle"])(
    "that breaks off tells the handler: %s",
    async (when) => {
      let told = (_what: string) => {};
      const ends = new Promise<string>((resolve) => {
        told = resolve;
      });
      let begun = () => {};
      const began = new Promise<void>((resolve) => {
        begun = resolve;
      });
      const { url } = await serve(async ({ signal }) => {
        signal.addEventListener("abort", () => told(String(signal.reason.name)));
        begun();
        if (when === "before the first byte") return new Promise(() => {});
        return new Response(
          new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(3)) }),
        );
      });
      const sent = request(url, { method: "POST" });
      sent.on("error", () => {});
      if (when === "in the middle")
        sent.on("response", (response) => response.once("data", () => sent.destroy()));
      sent.end();
      await began;
      if (when === "before the first byte") sent.destroy();
      expect(await ends).toBe("AbortError");
    },
  );

  it("that is answered in full is not told that its caller has gone", async () => {
    let seen: AbortSignal | undefined;
    const { url } = await serve(async ({ signal }) => {
      seen = signal;
      return new Response("all of it");
    });
    expect(await (await fetch(url, { method: "POST", headers: { connection: "close" } })).text()).toBe(
      "all of it",
    );
    expect(seen?.aborted).toBe(false);
  });

  it("gets an error with its id where the handler fails", async () => {
    const { url, errors } = await serve(() => Promise.reject(new Error("This MCP handler has been closed")));
    const answer = await fetch(url, { method: "POST" });
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({
      jsonrpc: "2.0",
      error: { code: -32_603, message: "Internal server error" },
      id: 7,
    });
    expect(errors).toEqual(["This MCP handler has been closed"]);
  });

  it("ends where its stream fails in the middle", async () => {
    const { url, errors } = await serve(async () => {
      let pulls = 0;
      const pull = (controller: ReadableStreamDefaultController) => {
        pulls += 1;
        if (pulls === 1) controller.enqueue(new Uint8Array(3));
        else controller.error(new Error("broken"));
      };
      return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }));
    });
    expect((await (await fetch(url, { method: "POST" })).arrayBuffer()).byteLength).toBe(3);
    expect(errors).toEqual(["broken"]);
  });
});
