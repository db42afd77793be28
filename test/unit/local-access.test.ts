// Who may use the local routes: which names of the host are checked, and what a token is compared with.
import { request } from "node:http";
import express from "express";
import { describe, expect, it, onTestFinished } from "vitest";
import { requesterOf } from "../../src/doors/requester.ts";
import { listen } from "../../src/server/listener.ts";
import { type LocalAccess, localAccess } from "../../src/server/local-access.ts";
import { createKeptLog } from "../helpers/silent-log.ts";

const OWN = "o".repeat(40);
const CI = "c".repeat(40);

/** Serves a route behind the access of a configured host. @returns what a request with such headers gets */
async function serve(access: LocalAccess) {
  const log = createKeptLog();
  const app = express()
    .use(localAccess(access, log))
    .get("/", (_req, res) => void res.send(requesterOf(res) ?? "the operator"));
  const listener = await listen("127.0.0.1", 0, "SERVER_PORT");
  listener.serve(app);
  onTestFinished(() => listener.close());
  const get = (headers: Readonly<Record<string, string>> = {}) =>
    new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      request({ host: "127.0.0.1", port: listener.port, headers }, (res) => {
        let body = "";
        res.on("data", (chunk: Buffer) => {
          body += chunk.toString("utf8");
        });
        res.on("end", () => resolve({ status: res.statusCode, body }));
      })
        .on("error", reject)
        .end();
    });
  return { get, log };
}

describe("a server on this machine's own address", () => {
  it.each(["127.0.0.1", "localhost", "::1"])("takes no request for another host's name: %s", async (host) => {
    const { get } = await serve({ host });
    expect((await get({ host: "rebound.example.com" })).status).toBe(403);
    expect((await get({ host: "localhost:8000" })).status).toBe(200);
  });
});

describe("a server on an address that others reach", () => {
  it("goes by the token, whatever the name that it is called by", async () => {
    const { get } = await serve({ host: "0.0.0.0", token: OWN });
    const host = "approvals.home.example";
    expect((await get({ host })).status).toBe(401);
    expect((await get({ host, authorization: `Bearer ${OWN}` })).status).toBe(200);
    expect((await get({ host, authorization: `Bearer ${OWN}`, origin: "https://evil.example" })).status).toBe(
      403,
    );
  });
});

describe("names that are allowed", () => {
  it.each(["127.0.0.1", "0.0.0.0"])("are the only ones beside loopback's, on %s", async (host) => {
    const { get } = await serve({ host, token: OWN, allowedHosts: ["approvals.example.com"] });
    const authorization = `Bearer ${OWN}`;
    const statuses = ["approvals.example.com", "localhost:8000", "192.168.1.5:8000", "evil.example"].map(
      async (name) => (await get({ host: name, authorization })).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 200, 403, 403]);
  });
});

describe("a token", () => {
  const access = { host: "127.0.0.1", token: OWN, namedTokens: new Map([["ci", CI]]) };

  it("tells who asks: the operator's own names nobody", async () => {
    const { get } = await serve(access);
    expect(await get({ authorization: `Bearer ${CI}` })).toEqual({ status: 200, body: "ci" });
    expect(await get({ authorization: `Bearer ${OWN}` })).toEqual({ status: 200, body: "the operator" });
  });

  it.each([
    ["none", undefined],
    ["an empty one", ""],
    ["the beginning of one", `Bearer ${OWN.slice(1)}`],
    ["one with more behind it", `Bearer ${OWN}o`],
    ["one without its scheme", OWN],
    ["one of another scheme", `Basic ${OWN}`],
    ["the name of one", "Bearer ci"],
  ])("that is %s is refused, and stays out of the log", async (_, authorization) => {
    const { get, log } = await serve(access);
    expect((await get(authorization === undefined ? {} : { authorization })).status).toBe(401);
    expect(log.text()).toContain("without the token");
    expect(log.text()).not.toContain("oooo");
  });
});
