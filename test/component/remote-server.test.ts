// A server on another machine: `ask` and `stdio` of the built package through a TLS proxy, and what they refuse to trust.
// Nothing here approves by mistake, and no token goes to a place that was not named.
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { run, start, stdioFor } from "../helpers/command-line.ts";
import { ASK, ask, connect } from "../helpers/mcp-clients.ts";
import { BASH_CALL, startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";
import { makeCertificate, startTlsProxy } from "../helpers/tls-proxy.ts";

const OWN = "o".repeat(40);
const CI = "c".repeat(40);
const NAME = "approvals.example.com";
const SERVER = { APPROVAL_TOKEN: OWN, APPROVAL_TOKENS: `ci:${CI}`, ALLOWED_HOSTS: NAME };

/** A server behind a proxy that passes its public name on. */
async function startFar(env: Readonly<Record<string, string>> = SERVER) {
  const stage = await startStage({ env });
  const certificate = makeCertificate();
  const proxy = await startTlsProxy(stage.server.localUrl, { certificate, host: NAME });
  return { ...stage, proxy, certificate };
}

const environment = (url: string, file: string, token = CI) => ({
  APPROVAL_URL: url,
  APPROVAL_TOKEN: token,
  NODE_EXTRA_CA_CERTS: file,
});

/** Whatever is asked of it is approved, and noted. */
async function startImpostor() {
  const seen: string[] = [];
  const server = createServer((req, res) => {
    seen.push(String(req.headers.authorization));
    res.writeHead(200, { "content-type": "application/json" });
    res.end(JSON.stringify({ status: "approved", decided: true, behavior: "allow" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

describe("ask with APPROVAL_URL", () => {
  it("asks in the name of its token, and ends with 0 when it is approved, with 1 when it is denied", async () => {
    const { proxy, certificate, phone, request } = await startFar();
    const env = environment(proxy.url, certificate.file);
    const approved = run(["ask", "Deploy to prod?"], temporaryFolder(), env);
    const { sid, body } = await request(0);
    expect(body).toContain("ci");
    await phone.tap(sid, "approve");
    expect(await approved).toMatchObject({ code: 0, stdout: "approved\n" });
    const denied = run(["ask", "Deploy again?"], temporaryFolder(), env);
    await phone.tap((await request(1)).sid, "deny");
    expect(await denied).toMatchObject({ code: 1 });
    expect(proxy.seen.every(({ authorization }) => authorization === `Bearer ${CI}`)).toBe(true);
  });

  it("ends with 69 and says why when nothing can be asked", async () => {
    const { proxy, certificate, phone } = await startFar();
    const folder = temporaryFolder();
    const untrusted = await run(["ask", "x?"], folder, environment(proxy.url, ""));
    expect(untrusted).toMatchObject({ code: 69, stdout: "" });
    expect(untrusted.stderr).toContain(
      `The approval server at ${proxy.url} has a certificate that nobody has signed`,
    );
    expect(untrusted.stderr).toContain("NODE_EXTRA_CA_CERTS");
    expect(proxy.seen).toEqual([]);
    const unknown = await run(
      ["ask", "x?"],
      folder,
      environment(proxy.url, certificate.file, "w".repeat(40)),
    );
    expect(unknown).toMatchObject({ code: 69, stdout: "" });
    expect(unknown.stderr).toContain("APPROVAL_TOKEN");
    await proxy.close();
    const gone = await run(["ask", "x?"], folder, environment(proxy.url, certificate.file));
    expect(gone).toMatchObject({ code: 69, stdout: "" });
    expect(gone.stderr).toContain(`The approval server at ${proxy.url} takes no connection.`);
    expect(phone.messages()).toEqual([]);
  });

  it("names ALLOWED_HOSTS where the server does not know the name", async () => {
    const { proxy, certificate } = await startFar({ APPROVAL_TOKEN: OWN });
    const { code, stderr } = await run(
      ["ask", "x?"],
      temporaryFolder(),
      environment(proxy.url, certificate.file, OWN),
    );
    expect(code).toBe(69);
    expect(stderr).toContain("ALLOWED_HOSTS");
  });

  it("follows no redirect, and shows its token to nobody else", async () => {
    const { seen, url } = await startImpostor();
    const certificate = makeCertificate();
    const proxy = await startTlsProxy(url, { certificate, redirectTo: url });
    const { code, stdout, stderr } = await run(
      ["ask", "x?"],
      temporaryFolder(),
      environment(proxy.url, certificate.file),
    );
    expect([code, stdout, seen]).toEqual([69, "", []]);
    expect(stderr).toContain("sends callers elsewhere");
  });

  it("takes a certificate for another name for none", async () => {
    const certificate = makeCertificate(`DNS:${NAME}`);
    const { url, seen } = await startTlsProxy((await startImpostor()).url, { certificate });
    const { code, stderr } = await run(["ask", "x?"], temporaryFolder(), environment(url, certificate.file));
    expect([code, seen]).toEqual([69, []]);
    expect(stderr).toContain("has a certificate for another name");
  });

  it.each([
    [
      "http to another machine",
      { APPROVAL_URL: `http://${NAME}`, APPROVAL_TOKEN: CI },
      "APPROVAL_URL: must be https",
    ],
    ["no token", { APPROVAL_URL: `https://${NAME}` }, "APPROVAL_TOKEN: is missing while APPROVAL_URL"],
    [
      "certificates unchecked",
      { APPROVAL_URL: `https://${NAME}`, APPROVAL_TOKEN: CI, NODE_TLS_REJECT_UNAUTHORIZED: "0" },
      "NODE_TLS_REJECT_UNAUTHORIZED: is 0",
    ],
  ])("does not even start with %s", async (_, env, words) => {
    const { code, stdout, stderr } = await run(["ask", "x?"], temporaryFolder(), env);
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toContain(words);
  });
});

describe("a project that sets APPROVAL_URL for the programs that run in it", () => {
  /** A home whose .env has a token, and perhaps a server. */
  function home(text: string): string {
    const folder = temporaryFolder();
    writeFileSync(join(folder, ".env"), text, { mode: 0o600 });
    return folder;
  }
  /** Without the names that the test helper empties: the environment says nothing about them. */
  async function askFrom(folder: string, env: Record<string, string>) {
    const { child, ended } = start({
      command: process.execPath,
      args: [stdioFor("http://127.0.0.1:1", { cwd: folder }).args[0] ?? "", "ask", "x?", "--dir", folder],
      cwd: temporaryFolder(),
      env: { PATH: process.env["PATH"] ?? "", ...env },
    });
    child.stdin.end();
    return ended;
  }

  it("does not get the token of .env", async () => {
    const { url, seen } = await startImpostor();
    const { code, stdout, stderr } = await askFrom(home(`APPROVAL_TOKEN=${OWN}\n`), { APPROVAL_URL: url });
    expect([code, stdout, seen]).toEqual([64, "", []]);
    expect(stderr).toContain("APPROVAL_URL: comes from the environment, but the token from");
    expect(stderr).not.toContain(OWN);
  });

  it("does not get approvals from another server than the one that .env names", async () => {
    const { url, seen } = await startImpostor();
    const folder = home(`APPROVAL_URL=https://${NAME}\nAPPROVAL_TOKEN=${OWN}\n`);
    for (const given of [url, ""]) {
      const { code, stdout, stderr } = await askFrom(folder, { APPROVAL_URL: given, APPROVAL_TOKEN: CI });
      expect([code, stdout, seen]).toEqual([64, "", []]);
      expect(stderr).toContain("APPROVAL_URL: the environment names another server than");
    }
  });

  it("is no matter where both come from .env", async () => {
    const { proxy, certificate, phone, request } = await startFar();
    const folder = home(`APPROVAL_URL=${proxy.url}\nAPPROVAL_TOKEN=${CI}\n`);
    const asked = askFrom(folder, { NODE_EXTRA_CA_CERTS: certificate.file });
    await phone.tap((await request()).sid, "approve");
    expect(await asked).toMatchObject({ code: 0 });
  });
});

describe("stdio with APPROVAL_URL", () => {
  const client = (env: Record<string, string>) =>
    connect(stdioFor("http://127.0.0.1:1", { cwd: temporaryFolder(), env }));

  it("brings back an approval of both tools through the proxy, with progress", async () => {
    const { proxy, certificate, phone, request } = await startFar();
    const far = await client(environment(proxy.url, certificate.file));
    const notes: string[] = [];
    const answer = ask(far, ASK, { onProgress: (note) => void notes.push(note) });
    await phone.tap((await request(0)).sid, "approve");
    expect(await answer).toMatchObject({ status: "approved", decided: true });
    expect(notes[0]).toMatch(/^waiting for WhatsApp approval/);
    const permission = far.call("permissions__approve", BASH_CALL);
    await phone.tap((await request(1)).sid, "approve");
    expect((await permission).content[0]?.text).toContain('"behavior":"allow"');
  });

  it("withdraws what its client cancels, through the proxy", async () => {
    const { server, proxy, certificate, request } = await startFar();
    const far = await client(environment(proxy.url, certificate.file));
    const given = new AbortController();
    const answer = far.call("request_approval", ASK, { signal: given.signal });
    await request();
    given.abort();
    await expect(answer).rejects.toThrow();
    await expect.poll(() => server.waiting().length).toBe(0);
  });

  it("approves nothing when the connection is lost while a person thinks, nor when the server is not there", async () => {
    const { server, proxy, certificate, request } = await startFar();
    const far = await client(environment(proxy.url, certificate.file));
    const waiting = ask(far);
    await request();
    await proxy.close();
    const lost = { status: "error", decided: false };
    expect(await waiting).toMatchObject(lost);
    await expect.poll(() => server.waiting().length).toBe(0);
    expect(await ask(far)).toMatchObject({
      ...lost,
      reason: expect.stringContaining(`The approval server at ${proxy.url} takes no connection`),
    });
    expect((await far.call("permissions__approve", BASH_CALL)).content[0]?.text).toContain(
      '"behavior":"deny"',
    );
  });

  it("explains a certificate that it does not trust, and sends nothing", async () => {
    const { proxy } = await startFar();
    const far = await client(environment(proxy.url, ""));
    const reason = expect.stringContaining("has a certificate that nobody has signed but itself");
    expect(await ask(far)).toMatchObject({ status: "error", reason });
    expect(proxy.seen).toEqual([]);
  });

  it("follows no redirect, and shows its token to nobody else", async () => {
    const { seen, url } = await startImpostor();
    const certificate = makeCertificate();
    const proxy = await startTlsProxy(url, { certificate, redirectTo: url });
    const far = await client(environment(proxy.url, certificate.file));
    expect(await ask(far)).toMatchObject({
      status: "error",
      reason: expect.stringContaining("sends callers elsewhere"),
    });
    expect(seen).toEqual([]);
  });
});

describe("a server behind a proxy", () => {
  it("takes nothing that a proxy passes on while it has no token", async () => {
    const { server, phone } = await startStage();
    for (const header of ["x-forwarded-for", "forwarded", "via", "x-real-ip", "x-forwarded-host"]) {
      for (const path of ["/health", "/v1/approvals", "/record/api/status", "/sse"]) {
        const { status } = await fetch(server.localUrl + path, { headers: { [header]: "203.0.113.7" } });
        expect([path, status]).toEqual([path, 403]);
      }
    }
    expect(phone.messages()).toEqual([]);
  });
});
