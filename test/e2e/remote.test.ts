// The real CLI with the ways to a server that are not /mcp of this machine: the transport of 2024-11-05, and a server on
// another machine behind a TLS proxy.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { COMMAND } from "../helpers/command-line.ts";
import { makeCertificate, startTlsProxy } from "../helpers/tls-proxy.ts";
import { ensureClaudeCli } from "./claude-cli.ts";
import { setStage } from "./stage.ts";

const OWN = "o".repeat(40);
const CI = "c".repeat(40);
const NAME = "approvals.example.com";

let cli: string;
beforeAll(async () => {
  cli = await ensureClaudeCli();
});

const bash = (command: string) => ({ tool: "Bash", input: { command, description: "test" } });
const config = (entry: object) => JSON.stringify({ mcpServers: { "approval-server": entry } });

describe("claude -p with the permission prompt tool", () => {
  test("over /sse: runs what is approved, with its project and progress, and not what is denied", async () => {
    const stage = await setStage({
      cli,
      script: () => [bash("echo shipped > approved.txt"), bash("touch denied.txt")],
      mcpConfig: (url) => config({ type: "sse", url: `${url}/sse?project=\${PWD}`, timeout: 3_900_000 }),
    });
    const run = stage.runClaude();
    const first = await stage.phone.waitForRequest((body) => body.includes("approved.txt"));
    expect(first.message.body).toContain(`*Project:* ${stage.project}`);
    await stage.phone.tap(first.message.sid, `approve:${first.id}`);
    const second = await stage.phone.waitForRequest((body) => body.includes("denied.txt"));
    await stage.phone.type(`DENY ${second.id} use the staging bucket`);
    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [{ tool_name: "Bash" }] });
    expect(await readFile(stage.path("approved.txt"), "utf8")).toBe("shipped\n");
    expect(existsSync(stage.path("denied.txt"))).toBe(false);
    expect(stage.model.results()[1]).toEqual({
      text: expect.stringContaining("use the staging bucket"),
      isError: true,
    });
    await stage.phone.waitForMessage(({ body }) =>
      body.includes(`${first.id} approved: Claude has the answer`),
    );
  });

  test("over stdio with APPROVAL_URL: asks the far server in the name of its token, through a TLS proxy", async () => {
    const certificate = makeCertificate();
    const stage = await setStage({
      cli,
      script: () => [bash("echo shipped > approved.txt"), bash("touch denied.txt")],
      env: { APPROVAL_TOKEN: OWN, APPROVAL_TOKENS: `ci:${CI}`, ALLOWED_HOSTS: NAME },
      mcpConfig: async (url) => {
        const proxy = await startTlsProxy(url, { certificate, host: NAME });
        const env = { APPROVAL_URL: proxy.url, APPROVAL_TOKEN: CI, NODE_EXTRA_CA_CERTS: certificate.file };
        return config({ command: process.execPath, args: [COMMAND, "stdio"], env, timeout: 3_900_000 });
      },
    });
    const run = stage.runClaude();
    const first = await stage.phone.waitForRequest((body) => body.includes("approved.txt"));
    expect(first.message.body).toContain("ci");
    await stage.phone.tap(first.message.sid, `approve:${first.id}`);
    const second = await stage.phone.waitForRequest((body) => body.includes("denied.txt"));
    await stage.phone.tap(second.message.sid, `deny:${second.id}`);
    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [{ tool_name: "Bash" }] });
    expect(await readFile(stage.path("approved.txt"), "utf8")).toBe("shipped\n");
    expect(existsSync(stage.path("denied.txt"))).toBe(false);
  });
});
