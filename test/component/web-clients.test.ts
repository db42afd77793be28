// Web pages as clients: the origins of ALLOWED_ORIGINS, on the routes of agents and scripts, with a token, and no others
// anywhere. Over the wire; test/browser/web-client.test.ts has a real browser do it.
import { describe, expect, it } from "vitest";
import { send } from "../helpers/raw-request.ts";
import { startStage } from "../helpers/server-stage.ts";

const OWN = "o".repeat(40);
const PAGE = "https://app.example.com";
const ENV = {
  APPROVAL_TOKEN: OWN,
  ALLOWED_ORIGINS: `${PAGE},http://localhost:5173`,
  ALLOWED_HOSTS: "a.example",
};
const FOR_PAGES = ["/mcp", "/sse", "/message", "/v1/approvals"];
const CLOSED = [
  "/hooks/permission-request",
  "/hooks/stop",
  "/control/resume",
  "/record/api/status",
  "/record/api/requests",
  "/",
  "/health",
  "/metrics",
  "/mcpx",
  "/v1x",
  "//mcp",
  "/hooks/../mcp",
];
const authorization = `Bearer ${OWN}`;

const preflight = (origin: string, more: Record<string, string> = {}) => ({
  origin,
  "access-control-request-method": "POST",
  "access-control-request-headers": "authorization,content-type,mcp-protocol-version",
  "sec-fetch-site": "cross-site",
  ...more,
});

describe("a page of an allowed origin", () => {
  it.each(FOR_PAGES)("is told by %s what it may send and read, without a token", async (path) => {
    const { server } = await startStage({ env: ENV });
    const { status, headers } = await send(server.localUrl, "OPTIONS", path, preflight(PAGE));
    expect(status).toBe(204);
    expect(headers["access-control-allow-origin"]).toBe(PAGE);
    expect(headers["vary"]).toContain("Origin");
    expect(headers["access-control-allow-credentials"]).toBeUndefined();
    expect(headers["access-control-allow-private-network"]).toBeUndefined();
    for (const name of ["authorization", "mcp-session-id", "mcp-protocol-version", "last-event-id"])
      expect(headers["access-control-allow-headers"]?.split(",")).toContain(name);
  });

  it("may reach a private address, where its browser asks", async () => {
    const { server } = await startStage({ env: ENV });
    const asked = preflight(PAGE, { "access-control-request-private-network": "true" });
    const { headers } = await send(server.localUrl, "OPTIONS", "/mcp", asked);
    expect(headers["access-control-allow-private-network"]).toBe("true");
  });

  it("may read answers, refusals too, and which version and session they are of", async () => {
    const { server } = await startStage({ env: ENV });
    const known = await send(server.localUrl, "GET", "/v1/approvals", { origin: PAGE, authorization });
    const stranger = await send(server.localUrl, "GET", "/v1/approvals", { origin: PAGE });
    expect([known.status, stranger.status]).toEqual([200, 401]);
    for (const { headers } of [known, stranger]) {
      expect(headers["access-control-allow-origin"]).toBe(PAGE);
      expect(headers["vary"]).toContain("Origin");
    }
    expect(known.headers["access-control-expose-headers"]).toContain("mcp-session-id");
  });

  it.each(CLOSED)("is kept out of %s, with its token too", async (path) => {
    const { server } = await startStage({ env: ENV });
    for (const method of ["OPTIONS", "GET", "POST"]) {
      const headers = { ...preflight(PAGE), authorization, "content-type": "application/json" };
      const refused = await send(
        server.localUrl,
        method,
        path,
        headers,
        method === "POST" ? "{}" : undefined,
      );
      expect([method, refused.status]).toEqual([method, 403]);
      expect(refused.headers["access-control-allow-origin"]).toBeUndefined();
    }
  });
});

describe("a page of any other origin", () => {
  it.each([
    "https://evil.example",
    "null",
    "https://app.example.com.evil.example",
    "https://app.example.com:8443",
    "http://app.example.com",
    "https://sub.app.example.com",
    "https://APP.example.com",
    `${PAGE}/`,
    `${PAGE},http://localhost:5173`,
    "https://localhost.evil.example",
    "a.example",
  ])("%j gets nothing from any route", async (origin) => {
    const { server, phone } = await startStage({ env: ENV });
    for (const path of [...FOR_PAGES, "/hooks/stop", "/control/resume"]) {
      for (const method of ["OPTIONS", "GET", "POST"]) {
        const { status, headers } = await send(server.localUrl, method, path, {
          ...preflight(origin),
          authorization,
        });
        expect([path, method, status]).toEqual([path, method, 403]);
        expect(headers["access-control-allow-origin"]).toBeUndefined();
      }
    }
    expect(phone.messages()).toEqual([]);
  });

  it("even of this machine, may read nothing that it was not named for", async () => {
    const { server } = await startStage({ env: ENV });
    const origin = "http://localhost:3000";
    const asked = await send(server.localUrl, "OPTIONS", "/mcp", preflight(origin));
    expect(asked.headers["access-control-allow-origin"]).toBeUndefined();
    const posted = await send(server.localUrl, "POST", "/v1/approvals", { origin, authorization }, "{}");
    expect(posted.status).toBe(403);
  });
});

describe("a request that names two origins or none", () => {
  it("is none of an allowed page, and answers to programs are not kept for pages", async () => {
    const { server } = await startStage({ env: ENV });
    const none = await send(server.localUrl, "GET", "/v1/approvals", { authorization });
    expect([none.status, none.headers["access-control-allow-origin"]]).toEqual([200, undefined]);
    expect(none.headers["vary"]).toContain("Origin");
  });
});

describe("without ALLOWED_ORIGINS", () => {
  it("no page gets an answer that it could read, and nothing says which may", async () => {
    const { server } = await startStage();
    for (const origin of [PAGE, "http://localhost:5173"]) {
      for (const path of FOR_PAGES) {
        const { headers } = await send(server.localUrl, "OPTIONS", path, preflight(origin));
        expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
      }
    }
  });
});

describe("a name of ALLOWED_HOSTS", () => {
  it.each([
    ["a.example", 200],
    ["a.example:443", 200],
    ["A.EXAMPLE", 200],
    ["localhost:8000", 200],
    ["b.example", 403],
    ["a.example.evil.example", 403],
    ["x.a.example", 403],
    ["a.example@evil.example", 403],
  ])("%s is answered with %i", async (host, expected) => {
    const { server } = await startStage({ env: ENV });
    expect((await send(server.localUrl, "GET", "/v1/approvals", { host, authorization })).status).toBe(
      expected,
    );
  });
});
