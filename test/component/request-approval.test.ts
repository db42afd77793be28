// The tool that a model calls by choice. What matters most is that nothing but a tap on Approve reads as approved.
import { describe, expect, it } from "vitest";
import { INSTRUCTIONS } from "../../src/doors/mcp/introduction.ts";
import { TOOLS } from "../../src/doors/mcp/tool-table.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { ASK, ask, connect, connectV1 } from "../helpers/mcp-clients.ts";
import { startStage } from "../helpers/server-stage.ts";

const ID = expect.stringMatching(/^[a-z]{5}$/);

describe.each([
  ["2026-07-28", connect],
  ["2025-11-25", connectV1],
])("request_approval over %s", (_, open) => {
  it("is listed with what comes back; the permission tool promises no structure", async () => {
    const { server } = await startStage();
    const client = await open(server.localUrl);
    const tools = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(Object.values(TOOLS).map(({ name }) => name));
    const [permission, request] = tools;
    expect(permission?.outputSchema).toBeUndefined();
    expect(request?.inputSchema).toMatchObject({
      type: "object",
      required: ["action", "summary"],
      additionalProperties: false,
      properties: { timeout_seconds: { type: "integer", minimum: 10, maximum: 3600, default: 300 } },
    });
    expect(request?.outputSchema).toMatchObject({
      type: "object",
      required: ["status", "decided"],
      properties: { status: { enum: ["pending", "approved", "denied", "expired", "timeout", "error"] } },
    });
    expect(request?.annotations).toMatchObject({ readOnlyHint: false, openWorldHint: true });
    expect(client.instructions()).toBe(INSTRUCTIONS);
  });

  it("is approved by a tap, and the phone is told once the caller has it", async () => {
    const { server, phone, request, told } = await startStage();
    const answer = ask(await open(server.localUrl), { ...ASK, reason: "The month is over" });
    const { sid, body } = await request();
    for (const words of [ASK.action, ASK.summary, "The month is over"]) expect(body).toContain(words);
    await phone.tap(sid, "approve");
    expect(await answer).toEqual({ approval_id: ID, status: "approved", decided: true });
    await told("approved: the caller has the answer");
  });

  it("is denied in the person's words", async () => {
    const { server, phone, request } = await startStage();
    const answer = ask(await open(server.localUrl));
    await phone.type("not before Monday", { quote: (await request()).sid });
    expect(await answer).toEqual({
      approval_id: ID,
      status: "denied",
      decided: true,
      reason: expect.stringContaining("not before Monday"),
    });
  });

  it("is withdrawn when the caller gives it up; a tap is told that nothing ran", async () => {
    const { server, request, told, phone } = await startStage();
    const caller = new AbortController();
    const answer = ask(await open(server.localUrl), ASK, { signal: caller.signal }).catch(() => "gone");
    const { sid } = await request();
    caller.abort();
    expect(await answer).toBe("gone");
    await expect.poll(async () => health(server.localUrl)).toMatchObject({ waiting: 0 });
    await phone.tap(sid, "approve");
    await told("nothing ran");
  });
});

describe("request_approval", () => {
  it.each([
    ["no action", { summary: "x" }, /action: is missing/],
    ["an empty action", { action: "  ", summary: "x" }, /action: is empty/],
    ["a number for a text", { action: 7, summary: "x" }, /action: /],
    ["a time below ten seconds", { ...ASK, timeout_seconds: 9 }, /timeout_seconds: /],
    ["a time above an hour", { ...ASK, timeout_seconds: 3601 }, /timeout_seconds: /],
    ["an unknown field", { ...ASK, approved: true }, /"approved"/],
    ["an endless field name", { ...ASK, ["x".repeat(5_000)]: 1 }, /^.{1,700}$/],
    ["the permission tool's input", { tool_name: "Bash", input: {} }, /action: /],
    ["nothing", {}, /action: .*; summary: /],
  ])("answers %s with an error that names it, and asks nobody", async (_, args, problem) => {
    const { server, phone } = await startStage();
    const answer = await ask(await connect(server.localUrl), args);
    expect(answer).toEqual({ status: "error", decided: false, reason: expect.stringMatching(problem) });
    expect(answer).toMatchObject({ reason: expect.stringContaining("nothing was approved") });
    expect(phone.messages()).toEqual([]);
  });

  it("expires with the server's limit, and is a timeout with the caller's own", async () => {
    const clock = createFakeClock();
    const { server, request } = await startStage({ deps: { clock } });
    const client = await connect(server.localUrl);
    const short = ask(client, { ...ASK, timeout_seconds: 20 }, { onProgress: () => {} });
    expect((await request(0)).body).toContain("Expires in 20 seconds");
    const long = ask(client, { ...ASK, timeout_seconds: 3600 }, { onProgress: () => {} });
    expect((await request(1)).body).toContain("Expires in 5 minutes");
    await clock.advance(20_000);
    expect(await short).toMatchObject({ status: "timeout", decided: false, approval_id: ID });
    await clock.advance(280_000);
    expect(await long).toMatchObject({ status: "expired", decided: false, approval_id: ID });
  });

  it("ends below 300 s for a client that cannot be told of progress", async () => {
    const clock = createFakeClock();
    const env = { APPROVAL_TIMEOUT_SECONDS: "3600" };
    const { server, request } = await startStage({ deps: { clock }, env });
    const answer = ask(await connect(server.localUrl), { ...ASK, timeout_seconds: 3600 });
    expect((await request()).body).toContain("Expires in 4 minutes 50 seconds");
    await clock.advance(290_000);
    expect(await answer).toMatchObject({ status: "timeout", decided: false });
  });

  it("reports progress while it waits, and names the project", async () => {
    const { server, phone, request } = await startStage();
    const client = await connect(server.localUrl, { "X-Approval-Project": "/code/web-shop" });
    const notes: string[] = [];
    const answer = ask(client, ASK, { onProgress: (note) => void notes.push(note) });
    const { sid, body } = await request();
    expect(body).toContain("*Project:* web-shop");
    await phone.tap(sid, "deny");
    expect(await answer).toMatchObject({ status: "denied" });
    expect(notes[0]).toMatch(/^waiting for WhatsApp approval [a-z]{5}, 5:00 left/);
  });

  it("is an error when the message cannot be sent, and denied during a panic", async () => {
    const { server, phone } = await startStage();
    const client = await connect(server.localUrl);
    phone.fail({ kind: "reject", httpStatus: 400, code: 63007 });
    expect(await ask(client)).toMatchObject({
      status: "error",
      decided: false,
      reason: expect.stringContaining("63007"),
    });
    await phone.type("PANIC");
    await expect.poll(async () => health(server.localUrl)).toMatchObject({ standing: "panic" });
    expect(await ask(client)).toMatchObject({ status: "denied", decided: true });
  });

  it("asks for an allow of its own: a permission for the tool is not its answer", async () => {
    const { server, phone, request } = await startStage();
    const client = await connect(server.localUrl);
    const permission = client.call("permissions__approve", { tool_name: "request_approval", input: ASK });
    await phone.tap((await request()).sid, "approve");
    const { structuredContent, content } = await permission;
    expect(structuredContent).toBeUndefined();
    expect(JSON.parse(content[0]?.text ?? "")).toEqual({ behavior: "allow", updatedInput: ASK });
  });
});

describe("a client of 2025-11-25 that gives a call up", () => {
  it("ends its own call only, not one with the same number of another client", async () => {
    const { server, phone, request } = await startStage();
    const caller = new AbortController();
    // Both count their requests from the same number.
    const [one, other] = [await connectV1(server.localUrl), await connectV1(server.localUrl)];
    const given = ask(one, ASK, { signal: caller.signal }).catch(() => "gone");
    await request(0);
    const kept = ask(other, { ...ASK, summary: "another" });
    const { sid } = await request(1);
    caller.abort();
    expect(await given).toBe("gone");
    await expect.poll(async () => health(server.localUrl)).toMatchObject({ waiting: 1 });
    await phone.tap(sid, "approve");
    expect(await kept).toMatchObject({ status: "approved" });
  });

  it.each([
    ["without a session", {}, { requestId: 1 }],
    ["with another session", { "mcp-session-id": "another" }, { requestId: 1 }],
    ["without a number", { "mcp-session-id": "another" }, {}],
  ])("ends nothing %s", async (_, headers, params) => {
    const { server, phone, request } = await startStage();
    const answer = ask(await connectV1(server.localUrl));
    const { sid } = await request();
    const response = await fetch(`${server.localUrl}/mcp`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: "2.0", method: "notifications/cancelled", params }),
    });
    expect(response.status).toBeLessThan(500);
    expect(await health(server.localUrl)).toMatchObject({ waiting: 1 });
    await phone.tap(sid, "approve");
    expect(await answer).toMatchObject({ status: "approved" });
  });
});

async function health(url: string): Promise<unknown> {
  return (await fetch(`${url}/health`)).json();
}
