// Bodies through the whole server, at every door and the webhook. Nothing is asked there, so that each call ends at once: none
// may be allowed, none may hang, and none may end in an error of the server's own.
import { strict as assert } from "node:assert";
import fc from "fast-check";
import { startRunningServer } from "../inputs/running-server.ts";
import { anyText, mutated } from "../inputs/text.ts";
import { mutatedValue } from "../inputs/value.ts";
import { target } from "../target.ts";

/** A machine that does much besides gives this process little. Seconds in which it ran: a run may be stopped for a while. */
const LIMIT_SECONDS = 300;
const mcp = (name: string, args: unknown) => ({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name, arguments: args },
});
const BASH = { tool_name: "Bash", input: { command: "ls" }, tool_use_id: "t1" };
const SOURCE = { session_id: "s", cwd: "/srv", permission_mode: "default" };
const ASK = { action: "deploy", summary: "Deploy it", timeout_seconds: 60 };
const DOORS: readonly (readonly [path: string, bodies: readonly unknown[]])[] = [
  [
    "/mcp",
    [
      mcp("permissions__approve", BASH),
      mcp("request_approval", ASK),
      mcp("get_approval", { approval_id: "kqmwa" }),
      mcp("list_approvals", {}),
      {
        jsonrpc: "2.0",
        id: 1,
        method: "initialize",
        params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "x", version: "1" } },
      },
      { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } },
      { jsonrpc: "2.0", id: 2, method: "resources/read", params: { uri: "approval://pending" } },
      { jsonrpc: "2.0", id: 3, method: "prompts/get", params: { name: "x", arguments: {} } },
    ],
  ],
  [
    "/hooks/permission-request",
    [{ ...SOURCE, hook_event_name: "PermissionRequest", tool_name: "Bash", tool_input: { command: "ls" } }],
  ],
  [
    "/hooks/pre-tool-use",
    [
      {
        ...SOURCE,
        hook_event_name: "PreToolUse",
        tool_name: "Bash",
        tool_input: { command: "ls" },
        tool_use_id: "t",
      },
    ],
  ],
  [
    "/hooks/post-tool-use",
    [{ ...SOURCE, tool_name: "Bash", tool_input: { command: "ls" }, tool_use_id: "t" }],
  ],
  ["/hooks/notification", [{ ...SOURCE, notification_type: "idle", message: "waits" }]],
  [
    "/hooks/elicitation",
    [
      {
        ...SOURCE,
        mcp_server_name: "m",
        message: "Name?",
        mode: "form",
        requested_schema: { type: "object", properties: { n: { type: "string" } } },
      },
    ],
  ],
  ["/v1/approvals", [ASK]],
  ["/v1/mode", [{ mode: "open" }]],
];
const FORM =
  "AccountSid=AC0&MessageSid=SM1&From=whatsapp%3A%2B15005550006&To=whatsapp%3A%2B14155238886&Body=APPROVE+kqmwa";

const toDoor = fc.oneof(
  ...DOORS.map(([path, bodies]) =>
    fc.record({
      port: fc.constant("local" as const),
      path: fc.oneof(
        { weight: 9, arbitrary: fc.constant(path) },
        { weight: 1, arbitrary: mutated([path], 2) },
      ),
      body: fc.oneof(
        { weight: 6, arbitrary: mutatedValue(bodies).map((body) => JSON.stringify(body)) },
        {
          weight: 1,
          arbitrary: mutated(
            bodies.map((body) => JSON.stringify(body)),
            3,
          ),
        },
      ),
      type: fc.constantFrom(
        "application/json",
        "application/json",
        "application/json",
        "text/plain",
        "application/json; charset=utf-16",
      ),
      signature: fc.constant(""),
    }),
  ),
);
const toWebhook = fc.record({
  port: fc.constant("public" as const),
  path: mutated(["/twilio-webhook", "/twilio-webhook?a=b"], 2),
  body: fc.oneof(mutated([FORM], 4), anyText),
  type: fc.constantFrom(
    "application/x-www-form-urlencoded",
    "application/json",
    "text/plain",
    "multipart/form-data",
  ),
  signature: mutated(["", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="], 1),
});

export default target(
  "http",
  "bodies at every door and the webhook, through the whole server",
  0.8,
  async () => {
    const running = await startRunningServer();
    await running.phone.type("PANIC");
    const { server } = running;
    const webhookOrigin = new URL(server.webhookUrl).origin;
    return {
      waits: true as const,
      input: fc.oneof({ weight: 4, arbitrary: toDoor }, { weight: 1, arbitrary: toWebhook }),
      async check({ port, path, body, type, signature }) {
        const base = port === "local" ? server.localUrl : webhookOrigin;
        const response = await post(
          base + encodeURI(`/${path.replace(/^\/+/, "").replace(/[\uD800-\uDFFF]/g, "")}`),
          {
            method: "POST",
            headers: {
              "content-type": type,
              accept: "application/json, text/event-stream",
              ...(signature === ""
                ? {}
                : { "x-twilio-signature": encodeURIComponent(signature.replace(/[\uD800-\uDFFF]/g, "")) }),
            },
            body,
          },
        );
        const { text } = response;
        assert.ok(
          response.status < 500 || response.status === 503,
          `it answers ${response.status}: ${text.slice(0, 300)}`,
        );
        assert.doesNotMatch(text, /\bat (?:file:|node:|\S+ \()|\.[jt]s:\d+/, "an answer has a stack");
        assert.doesNotMatch(
          text,
          /\\?"(?:behavior|permissionDecision)\\?":\s*\\?"allow|\\?"status\\?":\s*\\?"approved/,
          "it allows",
        );
        assertForm(path, response, text);
        if (port === "public")
          assert.ok(
            [403, 404, 400, 413, 415].includes(response.status),
            `the webhook answers ${response.status}`,
          );
        // A request is recorded, and answered, before its end is: what counts is that nobody was asked.
        const asked = running.phone.messages().some(({ buttons }) => buttons.length > 0);
        assert.ok(!asked, "somebody is asked although nothing may be");
      },
      close: running.close,
    };
  },
);

/** A connection that was idle may be closed in the very moment in which it is used again. */
async function post(url: string, request: RequestInit): Promise<Answered> {
  const late = new AbortController();
  let left = LIMIT_SECONDS;
  const timer = setInterval(() => {
    left -= 1;
    if (left === 0) late.abort(new Error(`it has not answered for ${LIMIT_SECONDS} s`));
  }, 1_000);
  const answered = async (): Promise<Answered> => {
    const response = await fetch(url, { ...request, signal: late.signal });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  try {
    return await answered().catch((error: unknown) => {
      if (!(error instanceof TypeError)) throw error;
      return answered();
    });
  } finally {
    clearInterval(timer);
  }
}

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What a caller reads has the form that its door promises: JSON, a refusal in words, one answer of JSON-RPC. */
function assertForm(path: string, { status, headers }: Answered, text: string): void {
  const type = headers.get("content-type") ?? "";
  if (/^text\/event-stream/.test(type)) {
    // Lines of a stream end at these two only: JSON may hold other signs that end one elsewhere.
    for (const [, data = ""] of text.matchAll(/(?<=^|[\r\n])data: ?([^\r\n]*)/g))
      if (data !== "") assertRpc(JSON.parse(data));
    return;
  }
  if (!/json/.test(type)) return;
  const body = JSON.parse(text) as unknown;
  if (path === "/mcp" && status < 400) assertRpc(body);
  assert.ok(typeof body === "object" && body !== null, "an answer is no object");
  // RFC 9457.
  if (path === "/v1/approvals" && status >= 400) {
    const problem = body as Record<string, unknown>;
    const { title, detail } = problem;
    assert.equal(problem["status"], status, "a refusal with another status");
    assert.ok(
      typeof title === "string" && typeof detail === "string" && detail !== "",
      "a refusal without words",
    );
    assert.ok(detail.length <= 1_000, "a refusal of great length");
    const texts = JSON.stringify(body, (_, value: unknown) =>
      typeof value === "string" ? value.replace(/[\p{Cc}\u202E]/gu, "STEERS") : value,
    );
    assert.ok(!texts.includes("STEERS"), "a refusal that steers a terminal");
  }
}

function assertRpc(body: unknown): void {
  const { jsonrpc, result, error } = body as Record<string, unknown>;
  assert.equal(jsonrpc, "2.0", "no answer of JSON-RPC");
  if (result !== undefined) assert.equal(error, undefined, "an answer and an error");
}
