// What a web page in the person's browser can try against the ports of this machine, as browsers send it: names that lead here,
// forms that need no permission, other ports and sandboxed frames, streams, WebSockets, a look ahead. Nothing is asked, read or ended.
import { connect } from "node:net";
import { expect, it } from "vitest";
import { startStage } from "../helpers/server-stage.ts";

const EVIL = "https://evil.example";

/** As bytes: `fetch` sets Host, Origin and Connection itself. */
function send(port: number, lines: readonly string[], body = ""): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      const length = body === "" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
      const closing = lines.some((line) => line.startsWith("Connection:")) ? [] : ["Connection: close"];
      socket.write(`${[...lines, ...length, ...closing].join("\r\n")}\r\n\r\n${body}`);
    });
    let text = "";
    socket.setEncoding("utf8");
    const end = () => resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text });
    socket.on("data", (part: string) => {
      text += part;
      // A stream that was let in would not end.
      if (text.includes("\r\n\r\n") && /text\/event-stream|101 Switching/.test(text)) socket.destroy();
    });
    socket.on("close", end);
    socket.on("error", reject);
  });
}

it("gets nothing from the local port, by whatever name, form, frame, stream or upgrade it asks", async () => {
  const { server, phone } = await startStage();
  const port = Number(new URL(server.localUrl).port);
  const own = `Host: 127.0.0.1:${port}`;
  const hook = JSON.stringify({
    hook_event_name: "PermissionRequest",
    session_id: "s",
    tool_name: "Bash",
    tool_input: { command: "id" },
  });
  const form = ["Content-Type: text/plain"];
  const attempts: readonly [what: string, lines: readonly string[], body?: string][] = [
    ["a name that was made to lead here", ["GET /v1/approvals HTTP/1.1", `Host: evil.example:${port}`]],
    ["a name below localhost", ["GET /record/api/requests HTTP/1.1", `Host: evil.localhost:${port}`]],
    ["localhost with a dot behind", ["GET /v1/approvals HTTP/1.1", `Host: localhost.:${port}`]],
    ["the address of every interface", ["GET /v1/approvals HTTP/1.1", `Host: 0.0.0.0:${port}`]],
    ["no name", ["GET /v1/approvals HTTP/1.0"]],
    [
      "a form of another site",
      ["POST /hooks/permission-request HTTP/1.1", own, `Origin: ${EVIL}`, ...form],
      hook,
    ],
    ["a form in a sandboxed frame", ["POST /hooks/stop HTTP/1.1", own, "Origin: null", ...form], hook],
    [
      "a page of another port",
      ["POST /hooks/permission-request HTTP/1.1", own, "Origin: http://127.0.0.1:3000", ...form],
      hook,
    ],
    [
      "a form that ends a panic",
      ["POST /control/resume HTTP/1.1", own, `Origin: http://localhost:${port + 1}`, ...form],
      "x",
    ],
    [
      "the same without an origin",
      ["POST /control/resume HTTP/1.1", own, "Sec-Fetch-Site: cross-site", ...form],
      "x",
    ],
    ["a call of MCP", ["POST /mcp HTTP/1.1", own, `Origin: ${EVIL}`, ...form], "{}"],
    [
      "a picture that is a list",
      ["GET /v1/approvals HTTP/1.1", own, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"],
    ],
    [
      "a stream of the record",
      ["GET /record/api/changes HTTP/1.1", own, "Sec-Fetch-Site: same-site", "Accept: text/event-stream"],
    ],
    [
      "a stream of MCP",
      ["GET /sse HTTP/1.1", own, "Sec-Fetch-Site: cross-site", "Accept: text/event-stream"],
    ],
    [
      "a WebSocket",
      [
        "GET /mcp HTTP/1.1",
        own,
        `Origin: ${EVIL}`,
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ],
    ],
  ];
  for (const [what, lines, body] of attempts) {
    const { status, text } = await send(port, lines, body);
    expect([400, 403], `${what}: ${text.slice(0, 200)}`).toContain(status);
    expect(text, what).not.toMatch(/access-control-allow-origin/i);
  }
  // A look ahead asks whether a page of the internet may call this network.
  const ahead = [
    "OPTIONS /mcp HTTP/1.1",
    own,
    `Origin: ${EVIL}`,
    "Access-Control-Request-Method: POST",
    "Access-Control-Request-Private-Network: true",
  ];
  const { text } = await send(port, ahead);
  expect(text).not.toMatch(/access-control-allow-/i);
  expect(phone.messages()).toEqual([]);
  expect(server.waiting()).toEqual([]);
});

it("may load what names no call, and cannot read it", async () => {
  const { server } = await startStage();
  const port = Number(new URL(server.localUrl).port);
  for (const path of ["/health", "/metrics"]) {
    const { status, text } = await send(port, [
      `GET ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      "Sec-Fetch-Site: cross-site",
    ]);
    expect(status).toBe(200);
    expect(text).not.toMatch(/access-control-allow-origin/i);
  }
});
