// Setup while a server runs on the same ports: the test request goes through that one, and only a person's tap counts.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { readEnvFile } from "../../src/config/env-file.ts";
import { homeIn } from "../../src/config/home.ts";
import { startServer } from "../../src/server/create-server.ts";
import "../helpers/late-parts.ts";
import { freePorts } from "../helpers/server-process.ts";
import { ACCOUNT_SID, AUTH_TOKEN, SETUP_PHONE, setSetupStage } from "../helpers/setup-stage.ts";
import { createKeptLog } from "../helpers/silent-log.ts";

const GIVEN = ["--yes", "--account-sid", ACCOUNT_SID, "--phone", SETUP_PHONE];
const NO_OFFERS = ["--no-hooks", "--no-mcp", "--no-service"];

/** A server that runs with what setup has written. */
async function running(policy?: object) {
  const stage = await setSetupStage();
  await stage.twilio.type("hello");
  const [serverPort = 0, webhookPort = 0] = await freePorts(2);
  const ports = { SERVER_PORT: String(serverPort), WEBHOOK_PORT: String(webhookPort) };
  const first = await stage.run([...GIVEN, ...NO_OFFERS, "--no-test"], {
    env: { ...ports, TWILIO_AUTH_TOKEN: AUTH_TOKEN },
  });
  expect(first.code).toBe(0);
  if (policy !== undefined) {
    writeFileSync(join(stage.folder, "policy.json"), JSON.stringify(policy), { mode: 0o600 });
  }
  const home = homeIn(stage.folder);
  const config = parseConfig(await readEnvFile(stage.envFile), home);
  const server = await startServer(config, { log: createKeptLog(), version: "0.0.0-test", home });
  onTestFinished(() => server.close());
  const listed = async () =>
    (await (await fetch(`${server.localUrl}/v1/approvals`)).json()) as { approvals: { status: string }[] };
  return { ...stage, ports, listed };
}

describe("setup beside a running server", () => {
  it("sends its test through that one when nothing has changed", async () => {
    const stage = await running();
    stage.answers("approve");
    const { code, out } = await stage.run(["--yes", ...NO_OFFERS], { env: stage.ports });
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining("You tapped Approve") });
    expect((await stage.listed()).approvals.map(({ status }) => status)).toEqual(["approved"]);
    expect(out).not.toContain("Start the server");
  });

  it("is not fooled when that server's policy decides the test by itself", async () => {
    const policy = { version: 1, rules: [{ decision: "deny", rules: ["request_approval"] }] };
    const stage = await running(policy);
    const { code, out } = await stage.run(["--yes", ...NO_OFFERS], { env: stage.ports });
    const words = out.replace(/\s+/g, " ");
    expect(code).toBe(1);
    expect(words).not.toContain("You tapped");
    expect(words).toMatch(/Twilio knows no answer of the phone/);
  });

  it("leaves that server alone when the settings change, and says that it has the old ones", async () => {
    const stage = await running();
    stage.answers("approve");
    const other = "+15005550006,+15005550007";
    const { code, out } = await stage.run(["--yes", "--phone", other, "--no-test", ...NO_OFFERS], {
      env: stage.ports,
    });
    expect(code).toBe(0);
    expect(out.replace(/\s+/g, " ")).toContain(
      "A server is running with the settings from before: start it again.",
    );
    expect((await stage.listed()).approvals).toEqual([]);
  });
});
