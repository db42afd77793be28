// What the REST interface refuses, and in which words: everything is application/problem+json, and nothing is asked.
import { describe, expect, it } from "vitest";
import { ASK, ask, type RestCall, rest } from "../helpers/rest-client.ts";
import { type ServerStage, startStage } from "../helpers/server-stage.ts";

const post = (body: unknown, headers = {}): RestCall => ({ method: "POST", body, headers });
const { action, summary } = ASK;

const REFUSED: readonly [string, string, RestCall, number, string][] = [
  ["a body that is no JSON", "/v1/approvals", post("{"), 400, "invalid-json"],
  ["a body that is a text", "/v1/approvals", post('"yes"'), 400, "invalid-json"],
  ["an escape that is none", "/v1/approvals/%E0%A4%A", {}, 400, "invalid-parameter"],
  ["a list", "/v1/approvals", post([]), 422, "invalid-request"],
  ["an empty object", "/v1/approvals", post({}), 422, "invalid-request"],
  ["no action", "/v1/approvals", post({ summary }), 422, "invalid-request"],
  ["an action of spaces", "/v1/approvals", post({ action: "  ", summary }), 422, "invalid-request"],
  [
    "an action too long",
    "/v1/approvals",
    post({ action: "x".repeat(20_001), summary }),
    422,
    "invalid-request",
  ],
  [
    "a summary too long",
    "/v1/approvals",
    post({ action, summary: "x".repeat(1_001) }),
    422,
    "invalid-request",
  ],
  ["a number as summary", "/v1/approvals", post({ action, summary: 1 }), 422, "invalid-request"],
  ["a time that is too short", "/v1/approvals", post({ ...ASK, timeout_seconds: 9 }), 422, "invalid-request"],
  [
    "a time that is too long",
    "/v1/approvals",
    post({ ...ASK, timeout_seconds: 3601 }),
    422,
    "invalid-request",
  ],
  ["a time as text", "/v1/approvals", post({ ...ASK, timeout_seconds: "60" }), 422, "invalid-request"],
  ["a key that is not known", "/v1/approvals", post({ ...ASK, approved: true }), 422, "invalid-request"],
  [
    "a body too large",
    "/v1/approvals",
    post({ ...ASK, action: "x".repeat(11_000_000) }),
    413,
    "body-too-large",
  ],
  [
    "plain text",
    "/v1/approvals",
    post("hello", { "content-type": "text/plain" }),
    415,
    "unsupported-media-type",
  ],
  [
    "a form",
    "/v1/approvals",
    post("action=x", { "content-type": "application/x-www-form-urlencoded" }),
    415,
    "unsupported-media-type",
  ],
  ["no body and no type", "/v1/approvals", { method: "POST" }, 415, "unsupported-media-type"],
  ["a key with spaces", "/v1/approvals", post(ASK, { "idempotency-key": "a b" }), 400, "invalid-parameter"],
  ["an empty key", "/v1/approvals", post(ASK, { "idempotency-key": "" }), 400, "invalid-parameter"],
  [
    "a key too long",
    "/v1/approvals",
    post(ASK, { "idempotency-key": "k".repeat(256) }),
    400,
    "invalid-parameter",
  ],
  ["a web page", "/v1/approvals", post(ASK, { origin: "http://localhost:3000" }), 403, "forbidden"],
  [
    "a web page that reads",
    "/v1/approvals",
    { headers: { origin: "http://127.0.0.1:8002" } },
    403,
    "forbidden",
  ],
  [
    "a preflight",
    "/v1/approvals",
    { method: "OPTIONS", headers: { origin: "http://localhost" } },
    403,
    "forbidden",
  ],
  ["a picture", "/v1/approvals/abcde", { headers: { "sec-fetch-site": "cross-site" } }, 403, "forbidden"],
  [
    "a web page, in capitals",
    "/V1/approvals",
    { headers: { origin: "http://localhost:3000" } },
    403,
    "forbidden",
  ],
  ["an address that is not there", "/v1/approval", {}, 404, "not-found"],
  ["the root", "/v1", {}, 404, "not-found"],
  ["an id that is not known", "/v1/approvals/abcde", {}, 404, "not-found"],
  ["an id that is none", "/v1/approvals/ABCDE-1", {}, 404, "not-found"],
  ["a withdrawal of what is not known", "/v1/approvals/abcde", { method: "DELETE" }, 404, "not-found"],
  ["a parameter that is not known", "/v1/approvals/abcde?wait_seconds=5", {}, 400, "invalid-parameter"],
  ["a wait that is neither", "/v1/approvals/abcde?wait=1", {}, 400, "invalid-parameter"],
  ["two waits", "/v1/approvals/abcde?wait=true&wait=false", {}, 400, "invalid-parameter"],
  ["a limit of 0", "/v1/approvals?limit=0", {}, 400, "invalid-parameter"],
  ["a limit of 101", "/v1/approvals?limit=101", {}, 400, "invalid-parameter"],
  ["a limit that is no number", "/v1/approvals?limit=ten", {}, 400, "invalid-parameter"],
  ["a status that is none", "/v1/approvals?status=yes", {}, 400, "invalid-parameter"],
  ["a cursor that is none", "/v1/approvals?cursor=abcde", {}, 400, "invalid-parameter"],
];

const ALLOWED: readonly [string, string, string][] = [
  ["PUT", "/v1/approvals", "POST, GET"],
  ["HEAD", "/v1/approvals", "POST, GET"],
  ["OPTIONS", "/v1/approvals", "POST, GET"],
  ["POST", "/v1/approvals/abcde", "GET, DELETE"],
  ["PATCH", "/v1/approvals/abcde", "GET, DELETE"],
  ["HEAD", "/v1/approvals/abcde", "GET, DELETE"],
  ["DELETE", "/v1/openapi.json", "GET"],
];

describe("the REST interface", () => {
  // One server for all: that nothing is asked is checked for each.
  it("refuses with a problem, and asks nobody", async () => {
    const { server, phone } = await startStage();
    for (const [what, path, call, status, type] of REFUSED) {
      const { headers, body, status: got } = await rest(server, path, call);
      expect([what, got, body["type"]]).toEqual([what, status, `urn:approval-server:${type}`]);
      expect(headers.get("content-type")).toBe("application/problem+json");
      expect(body).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
    }
    for (const [method, path, allow] of ALLOWED) {
      const { status, headers } = await rest(server, path, { method });
      expect([method, path, status, headers.get("allow")]).toEqual([method, path, 405, allow]);
    }
    expect((await rest(server, "/v1/approvals")).body).toEqual({ approvals: [] });
    expect(phone.messages()).toEqual([]);
  });

  it("repeats nothing that steers a terminal, and no text without an end", async () => {
    const { server } = await startStage();
    const long = Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`key-${n}`, n]));
    for (const odd of [
      { "\0": 1 },
      { "a\n\u001B[2Jb": 1 },
      { "\u202Ex": 1 },
      { ["\u009B".repeat(2_000)]: 1 },
      long,
    ]) {
      const bodies = [
        await rest(server, "/v1/approvals", post({ ...ASK, ...odd })),
        await rest(
          server,
          `/v1/approvals?${new URLSearchParams(
            Object.keys(odd)
              .slice(0, 100)
              .map((key): [string, string] => [key, ""]),
          )}`,
        ),
      ];
      for (const { status, body } of bodies) {
        expect([400, 422]).toContain(status);
        const { detail, errors = [] } = body as {
          detail: string;
          errors?: { pointer: string; detail: string }[];
        };
        for (const text of [detail, ...errors.flatMap((each) => [each.pointer, each.detail])]) {
          expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
          expect(text.length).toBeLessThanOrEqual(1_000);
        }
        expect(errors.length).toBeLessThanOrEqual(50);
      }
    }
  });

  it("lists everything that is wrong, and where", async () => {
    const { server } = await startStage();
    const { body } = await rest(server, "/v1/approvals", post({ action: "", timeout_seconds: 1, x: 2 }));
    const pointers = (body["errors"] as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(pointers.sort()).toEqual(["", "/action", "/summary", "/timeout_seconds"]);
  });

  it("wants the token where there is one", async () => {
    const token = "t".repeat(24);
    const { server, phone } = await startStage({ env: { APPROVAL_TOKEN: token } });
    expect((await rest(server, "/v1/approvals", post(ASK))).status).toBe(401);
    expect((await rest(server, "/v1/openapi.json")).status).toBe(401);
    expect(phone.messages()).toEqual([]);
    await ask(server, ASK, { authorization: `Bearer ${token}` });
  });

  it("does not ask what it cannot record, and says nothing of the inside", async () => {
    const stage = await broken({ insert: () => Promise.reject(new Error("disk /dev/secret is full")) });
    const { status, body } = await rest(stage.server, "/v1/approvals", post(ASK));
    expect(status).toBe(503);
    expect(body["type"]).toBe("urn:approval-server:not-recorded");
    expect(JSON.stringify(body)).not.toContain("/dev/secret");
    expect(stage.phone.messages()).toEqual([]);
  });

  it("says no more than that it failed when the record cannot be read", async () => {
    const { server } = await broken({ find: () => Promise.reject(new Error("disk /dev/secret")) });
    const { status, body, headers } = await rest(server, "/v1/approvals/abcde");
    expect([status, headers.get("content-type")]).toEqual([500, "application/problem+json"]);
    expect(JSON.stringify(body)).not.toContain("/dev/secret");
  });
});

async function broken(methods: object): Promise<ServerStage> {
  const { createSqliteStore } = await import("../../src/store/sqlite.ts");
  return startStage({ deps: { openStore: (path) => ({ ...createSqliteStore(path), ...methods }) } });
}
