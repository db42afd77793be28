// What doctor says of the server that APPROVAL_URL names: asked for real, with the token that the commands would show.
import { writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { remoteChecks } from "../../src/cli/doctor/remote.ts";
import { parseConfig } from "../../src/config/config.ts";
import { systemClock } from "../../src/server/system.ts";
import { startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const OWN = "o".repeat(40);

/** @param file what .env says */
async function checked(env: Readonly<Record<string, string>>, file = "") {
  const envFile = join(temporaryFolder(), ".env");
  writeFileSync(envFile, file, { mode: 0o600 });
  const fromFile = Object.fromEntries(file.split("\n").map((line) => line.split("=", 2) as [string, string]));
  const checks = remoteChecks(parseConfig({ ...fromFile, ...env }), {
    env,
    envFile,
    fetch,
    clock: systemClock,
  });
  return Promise.all(checks.map((check) => check.run()));
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("doctor, about APPROVAL_URL", () => {
  it("says nothing without it", async () => {
    expect(await checked({})).toEqual([]);
  });

  it("finds the server that takes the token, wherever both stand", async () => {
    const { server } = await startStage({ env: { APPROVAL_TOKEN: OWN } });
    const both = { APPROVAL_URL: server.localUrl, APPROVAL_TOKEN: OWN };
    const found = [{ status: "ok", detail: `${server.localUrl} answers, version 0.0.0-test` }];
    expect(await checked(both)).toEqual(found);
    expect(await checked({}, `APPROVAL_URL=${server.localUrl}\nAPPROVAL_TOKEN=${OWN}`)).toEqual(found);
  });

  it("names another token, a server that is not there, a redirect, and another program", async () => {
    const { server } = await startStage({ env: { APPROVAL_TOKEN: OWN } });
    const wrong = await checked({ APPROVAL_URL: server.localUrl, APPROVAL_TOKEN: "w".repeat(40) });
    expect(wrong).toMatchObject([
      { status: "error", detail: expect.stringContaining("does not know this token") },
    ]);
    const nobody = await checked({ APPROVAL_URL: "http://127.0.0.1:1", APPROVAL_TOKEN: OWN });
    expect(nobody).toMatchObject([{ status: "error", detail: expect.stringContaining("127.0.0.1:1 ") }]);
    const elsewhere = await serve((_req, res) => res.writeHead(307, { location: server.localUrl }).end());
    const sent = await checked({ APPROVAL_URL: elsewhere, APPROVAL_TOKEN: OWN });
    expect(sent).toMatchObject([
      { status: "error", detail: expect.stringContaining("sends callers elsewhere") },
    ]);
    const other = await serve((_req, res) => res.end("<h1>hello</h1>"));
    const found = await checked({ APPROVAL_URL: other, APPROVAL_TOKEN: OWN });
    expect(found).toMatchObject([{ status: "error", detail: expect.stringContaining("could not be asked") }]);
  });

  it("shows the token of .env to no server that only the environment names", async () => {
    const seen: unknown[] = [];
    const url = await serve((req, res) => {
      seen.push(req.headers.authorization);
      res.end();
    });
    const [result] = await checked({ APPROVAL_URL: url }, `APPROVAL_TOKEN=${OWN}`);
    expect(result).toMatchObject({
      status: "error",
      detail: expect.stringContaining("comes from the environment"),
    });
    expect(seen).toEqual([]);
  });
});
