// A call that is too much to read: each door says so in its own words, nobody is asked, and the next call is served.
import { describe, expect, it } from "vitest";
import { ASK, rest } from "../helpers/rest-client.ts";
import { BASH_CALL, callTool, callToolV1, startStage } from "../helpers/server-stage.ts";

const nested = (levels: number, inner: unknown = 1): unknown =>
  levels === 0 ? inner : { a: nested(levels - 1, inner) };
const INPUTS: [string, () => Record<string, unknown>][] = [
  ["100,000 keys", () => Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, n]))],
  ["9 MB in one string", () => ({ file_path: "/tmp/x", content: "x".repeat(9_000_000) })],
  [
    "9 MB in many strings",
    () => ({ list: Array.from({ length: 90_000 }, (_, n) => `${n}`.padEnd(96, "y")) }),
  ],
  ["a command of 9 MB", () => ({ command: "echo a; ".repeat(1_100_000) })],
  ["a million numbers", () => ({ list: Array.from({ length: 1_000_000 }, (_, n) => n) })],
  ["6,000 levels", () => ({ a: nested(3_000) })],
];

describe.each(INPUTS)("a call with %s", (_, make) => {
  const call = { ...BASH_CALL, tool_name: "Write", input: make() };
  const denied = {
    behavior: "deny",
    message: expect.stringMatching(
      /^The call is too large for the approval server: it .*nothing was approved/,
    ),
  };

  it.each([
    ["2026-07-28", callTool],
    ["2025-11-25", callToolV1],
  ] as const)("is denied in words through MCP %s", async (_version, ask) => {
    const { server, phone, log } = await startStage();
    expect(await ask(server, call)).toEqual(denied);
    expect(phone.messages()).toEqual([]);
    expect(log.text()).toContain("too large to be read");
  });

  it("is left to the terminal by the hooks, and refused over REST", async () => {
    const { server, phone } = await startStage();
    const event = { session_id: "s", tool_name: "Write", tool_input: call.input };
    for (const path of ["permission-request", "post-tool-use", "stop"]) {
      expect(await rest(server, `/hooks/${path}`, { method: "POST", body: event })).toMatchObject({
        status: 200,
        body: {},
      });
    }
    const asked = await rest(server, "/v1/approvals", { method: "POST", body: { ...ASK, more: call.input } });
    expect(asked).toMatchObject({ status: 413, body: { type: "urn:approval-server:body-too-large" } });
    expect(phone.messages()).toEqual([]);
  });
});

/** Of what JSON is made, in a form that only a decoder tells from letters. */
const asUtf7 = (text: string) =>
  Buffer.from(
    text.replace(
      /[[\]{}",:\\]/g,
      (sign) =>
        `+${Buffer.from([0, sign.charCodeAt(0)])
          .toString("base64")
          .replaceAll("=", "")}-`,
    ),
  );
const asUtf32 = (text: string) =>
  Buffer.concat(Array.from(text, (sign) => Buffer.from([sign.charCodeAt(0), 0, 0, 0])));

it.each<[string, (text: string) => Buffer]>([
  ["utf-7", asUtf7],
  ["utf-16", (text) => Buffer.from(text, "utf16le")],
  ["UTF-16LE", (text) => Buffer.from(text, "utf16le")],
  ["utf-32le", asUtf32],
])(
  "a body in %s, whose values and levels cannot be counted as it comes, is refused at each door",
  async (charset, encode) => {
    const { server, phone } = await startStage();
    const content = `{"e":"\\"","a":[${"[".repeat(300)}${"]".repeat(300)}${",1".repeat(20_000)}]}`;
    const call = `{"name":"permissions__approve","arguments":{"tool_name":"Write","input":${content}}}`;
    const bodies = {
      "/mcp": `{"jsonrpc":"2.0","method":"tools/call","params":${call},"id":1}`,
      "/v1/approvals": JSON.stringify(ASK),
      "/hooks/permission-request": `{"session_id":"s","tool_name":"Write","tool_input":${content}}`,
      "/control/resume": "{}",
    };
    for (const [path, body] of Object.entries(bodies)) {
      const response = await fetch(server.localUrl + path, {
        method: "POST",
        headers: {
          "content-type": `application/json; charset=${charset}`,
          accept: "application/json, text/event-stream",
        },
        body: encode(body),
      });
      expect([path, response.status]).toEqual([path, 415]);
      expect(await response.text()).toContain("encoding that is not supported");
    }
    expect(phone.messages()).toEqual([]);
  },
);

describe("a call that is large and can still be judged", () => {
  it.each([
    ["150 kB", 150_000],
    ["a megabyte", 1_000_000],
  ])("a Write of %s is asked about and approved", async (_, size) => {
    const { server, phone, request } = await startStage();
    const content = 'const value = readFile("a/b", 12); // note\n'.repeat(size / 43);
    const answer = callTool(server, { tool_name: "Write", input: { file_path: "/tmp/x", content } });
    const { sid, buttons } = await request();
    await phone.tap(sid, buttons[0]?.id ?? "");
    expect(await answer).toMatchObject({ behavior: "allow" });
  });
});

describe("a message whose id is not certain", () => {
  const post = async (body: string) => {
    const { server } = await startStage();
    const response = await fetch(`${server.localUrl}/mcp`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
      body,
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const huge = JSON.stringify("x".repeat(4_000_000));

  it.each<[string, string, unknown]>([
    ["at its beginning", `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"a":${huge}}}`, 7],
    ["at its end", `{"method":"tools/call","params":{"a":${huge}},"jsonrpc":"2.0","id":"x-8"}`, "x-8"],
    [
      "before the version at its end",
      `{"method":"tools/call","params":{"a":${huge}},"id":9,"jsonrpc":"2.0"}`,
      9,
    ],
  ])("%s: is answered under it", async (_, body, id) => {
    expect(await post(body)).toMatchObject({
      status: 200,
      body: { id, result: { content: [{ type: "text" }] } },
    });
  });

  it.each<[string, string]>([
    ["in its middle", `{"method":"tools/call","id":7,"params":{"a":${huge}}}`],
    ["in a text at its end", `{"method":"x","a":${huge},"params":{"a":",\\"id\\":7}"}}`],
    ["in a batch", `[{"jsonrpc":"2.0","id":7,"method":"x","a":${huge}}]`],
    ["nowhere", huge],
  ])("%s: gets an error without one, and no approval", async (_, body) => {
    expect(await post(body)).toMatchObject({ status: 400, body: { id: null, error: { code: -32_600 } } });
  });

  it("for the tool that a model calls by choice, it is that tool's own result", async () => {
    const body = `{"method":"tools/call","params":{"name":"request_approval","arguments":{"action":${huge}}},"jsonrpc":"2.0","id":1}`;
    const answer = await post(body);
    expect(answer.body).toMatchObject({
      id: 1,
      result: { isError: true, structuredContent: { status: "error", decided: false } },
    });
  });
});
