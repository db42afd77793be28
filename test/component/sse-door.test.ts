// The HTTP+SSE transport of 2024-11-05 at /sse and /message: the v1 SDK's SSE client against the whole server, and bare
// streams where the wire itself is in question.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ASK, connectV1 } from "../helpers/mcp-clients.ts";
import { BASH_CALL, startStage } from "../helpers/server-stage.ts";
import { connectSse, endpointOf, openStream, post } from "../helpers/sse-client.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const OWN = "o".repeat(40);
const CI = "c".repeat(40);
const WEB = "w".repeat(40);
const TOKENS = { APPROVAL_TOKEN: OWN, APPROVAL_TOKENS: `ci:${CI},web:${WEB}` };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const PERMISSION = "permissions__approve";
const toolCall = (id: number | string, name: string, args: object) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: args },
});

describe("the v1 SDK's SSE client", () => {
  it("sees the tools of /mcp, and brings back an approval and a denial in the person's words", async () => {
    const { server, phone, request, told } = await startStage();
    const { client, call } = await connectSse(server);
    const direct = await connectV1(server.localUrl);
    expect((await client.listTools()).tools).toEqual(await direct.listTools());
    const first = call(PERMISSION, BASH_CALL);
    await phone.tap((await request(0)).sid, "approve");
    expect(await first).toEqual({ behavior: "allow", updatedInput: BASH_CALL.input });
    await told("Claude has the answer");
    const second = call("request_approval", ASK);
    await phone.type("not now", { quote: (await request(1)).sid });
    expect(await second).toMatchObject({ status: "denied", reason: expect.stringContaining("not now") });
  });

  it("hears progress while a person thinks, and has no limit of its own then", async () => {
    const { server, phone, request } = await startStage({ env: { APPROVAL_TIMEOUT_SECONDS: "3600" } });
    const { call } = await connectSse(server);
    const notes: string[] = [];
    const answer = call(
      "request_approval",
      { ...ASK, timeout_seconds: 3600 },
      { onProgress: (note) => notes.push(note) },
    );
    await phone.tap((await request()).sid, "deny");
    await answer;
    expect(notes[0]).toMatch(/^waiting for WhatsApp approval [a-z]{5}, 60:00 left/);
  });

  it("tells where the call comes from: the address of the stream, or its header", async () => {
    const { server, phone, request } = await startStage();
    const folder = join(temporaryFolder(), "web-shop");
    mkdirSync(folder);
    const byAddress = await connectSse(server, { query: `?project=${folder}` });
    const byHeader = await connectSse(server, { headers: { "x-approval-project": "/srv/api-server" } });
    const answers = [byAddress.call(PERMISSION, BASH_CALL)];
    expect((await request(0)).body).toContain("web-shop");
    const another = { tool_name: "Bash", input: { command: "pwd" } };
    answers.push(byHeader.call(PERMISSION, another));
    expect((await request(1)).body).toContain("api-server");
    for (const index of [0, 1]) await phone.tap((await request(index)).sid, "deny");
    await Promise.all(answers);
  });

  it("ends the call that it cancels: a tap after that is told that nobody waits", async () => {
    const { server, phone, request, told } = await startStage();
    const { call } = await connectSse(server);
    const given = new AbortController();
    const answer = call(PERMISSION, BASH_CALL, { signal: given.signal });
    const { sid } = await request();
    // Its own words, which this server knows as a cause of another kind.
    given.abort("terminal");
    await expect(answer).rejects.toThrow();
    await expect
      .poll(async () => (await recent(server.localUrl))[0])
      .toMatchObject({
        status: "error",
        reason: expect.stringContaining("was withdrawn"),
      });
    await phone.tap(sid, "approve");
    await told("Claude was no longer waiting: nothing ran");
  });

  it("ends its calls with its stream, and only its own", async () => {
    const { server, phone, request, told } = await startStage();
    const [gone, stays] = [await connectSse(server), await connectSse(server)];
    const lost = gone.call(PERMISSION, BASH_CALL);
    const { sid } = await request(0);
    const kept = stays.call(PERMISSION, { ...BASH_CALL, input: { command: "pwd" }, tool_use_id: "toolu_2" });
    const other = await request(1);
    await gone.client.close();
    await expect(lost).rejects.toThrow();
    await expect.poll(() => server.waiting().length).toBe(1);
    await phone.tap(sid, "approve");
    await told("nothing ran");
    await phone.tap(other.sid, "approve");
    expect(await kept).toMatchObject({ behavior: "allow" });
  });

  it("gets a denial for what waits when the server stops, before its stream ends", async () => {
    const { server, request } = await startStage();
    const { call } = await connectSse(server);
    const answer = call(PERMISSION, BASH_CALL);
    await request();
    await server.close();
    expect(await answer).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("shutting down"),
    });
  });

  it("shows its token, and without one sees nothing", async () => {
    const { server, phone, request } = await startStage({ env: TOKENS });
    await expect(connectSse(server)).rejects.toThrow(/401/);
    const { call } = await connectSse(server, { headers: bearer(CI) });
    const answer = call(PERMISSION, BASH_CALL);
    const { sid, body } = await request();
    expect(body).toContain("ci");
    await phone.tap(sid, "approve");
    expect(await answer).toMatchObject({ behavior: "allow" });
  });

  it("is told of a call that is too large to be read, as a denial of that call", async () => {
    const { server, phone } = await startStage();
    const { call } = await connectSse(server);
    const deep = JSON.parse("[".repeat(300) + "]".repeat(300)) as unknown;
    const tooMuch = { ...BASH_CALL, input: { command: "ls", deep } };
    const message = expect.stringContaining("nested deeper");
    expect(await call(PERMISSION, tooMuch)).toEqual({ behavior: "deny", message });
    const large = { ...BASH_CALL, input: { command: "x".repeat(3_100_000) } };
    expect(await call(PERMISSION, large)).toMatchObject({ behavior: "deny" });
    expect(phone.messages()).toEqual([]);
  });
});

async function recent(url: string): Promise<unknown[]> {
  const answer = (await (await fetch(`${url}/v1/approvals`)).json()) as { approvals: unknown[] };
  return answer.approvals;
}

describe("a stream", () => {
  it("names where to post, with an id that nobody can guess", async () => {
    const { server } = await startStage();
    const streams = [await openStream(server), await openStream(server)];
    const [first, second] = await Promise.all(streams.map((stream) => endpointOf(stream, server)));
    expect(first).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/message\?sessionId=[\w-]{43}$/);
    expect(second).not.toBe(first);
    const headers = streams[0]?.headers;
    expect(headers?.get("content-type")).toBe("text/event-stream");
    expect(headers?.get("cache-control")).toBe("no-cache, no-transform");
    expect(headers?.get("access-control-allow-origin")).toBeNull();
  });

  it("belongs to the token that opened it: to others it is not there", async () => {
    const { server, phone, request } = await startStage({ env: TOKENS });
    const stream = await openStream(server, bearer(CI));
    const endpoint = await endpointOf(stream, server);
    for (const other of [bearer(WEB), bearer(OWN)]) {
      expect((await post(endpoint, toolCall(1, PERMISSION, BASH_CALL), other)).status).toBe(404);
      // Nor can it be told apart from one that never was by a call that is too large.
      const large = toolCall(1, PERMISSION, { x: "x".repeat(3_100_000) });
      const unknown = endpoint.replace(/sessionId=.*/, `sessionId=${"A".repeat(43)}`);
      const [known, never] = [await post(endpoint, large, other), await post(unknown, large, other)];
      expect([known.status, await known.text()]).toEqual([never.status, await never.text()]);
    }
    expect((await post(endpoint, toolCall(1, PERMISSION, BASH_CALL))).status).toBe(401);
    expect(phone.messages()).toEqual([]);
    expect((await post(endpoint, toolCall(1, PERMISSION, BASH_CALL), bearer(CI))).status).toBe(202);
    await phone.tap((await request()).sid, "approve");
    const answer = await stream.next(({ event }) => event === "message");
    expect(JSON.parse(answer.data)).toMatchObject({ id: 1, result: { content: [{ type: "text" }] } });
  });

  it("that is closed takes nothing more", async () => {
    const { server } = await startStage();
    const stream = await openStream(server);
    const endpoint = await endpointOf(stream, server);
    stream.abort();
    await expect
      .poll(async () => (await post(endpoint, { jsonrpc: "2.0", id: 1, method: "ping" })).status)
      .toBe(404);
  });

  it.each([
    ["no JSON", "{"],
    ["no message", "{}"],
    ["several messages", JSON.stringify([{ jsonrpc: "2.0", id: 1, method: "ping" }])],
    ["a message without its version", JSON.stringify({ id: 1, method: "ping" })],
  ])("refuses what is %s, and goes on", async (_, body) => {
    const { server } = await startStage();
    const stream = await openStream(server);
    const endpoint = await endpointOf(stream, server);
    expect((await post(endpoint, body)).status).toBe(400);
    expect((await post(endpoint, { jsonrpc: "2.0", id: 7, method: "ping" })).status).toBe(202);
    expect(JSON.parse((await stream.next(({ event }) => event === "message")).data)).toMatchObject({ id: 7 });
  });

  it("takes no second request under an id that is still being answered", async () => {
    const { server, phone, request } = await startStage();
    const stream = await openStream(server);
    const endpoint = await endpointOf(stream, server);
    await post(endpoint, toolCall(1, PERMISSION, BASH_CALL));
    const { sid } = await request();
    expect((await post(endpoint, { jsonrpc: "2.0", id: 1, method: "ping" })).status).toBe(400);
    const large = toolCall(1, PERMISSION, { x: "x".repeat(3_100_000) });
    expect((await post(endpoint, large)).status).toBe(400);
    await phone.tap(sid, "deny");
    const { data } = await stream.next(({ event }) => event === "message");
    expect(data).toContain("deny");
    expect((await post(endpoint, { jsonrpc: "2.0", id: 1, method: "ping" })).status).toBe(202);
  });

  it.each([
    ["POST", "/sse", "GET"],
    ["DELETE", "/sse", "GET"],
    ["GET", "/message", "POST"],
  ])("answers %s %s with what it takes", async (method, path, allow) => {
    const { server } = await startStage();
    const answer = await fetch(server.localUrl + path, { method });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, allow]);
  });

  it.each([
    ["another site's page", { origin: "https://evil.example" }],
    ["a page without an origin", { origin: "null" }],
    ["another site's picture", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }],
    ["another page of the same site", { "sec-fetch-site": "same-site" }],
  ])("is not opened for %s", async (_, headers) => {
    const { server } = await startStage();
    expect((await openStream(server, headers as Record<string, string>)).status).toBe(403);
  });
});
