// The ways that answers come back, and what setup offers at its end: webhooks, tunnels, hooks, the MCP entry.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "dotenv";
import { describe, expect, it } from "vitest";
import type { ProgramResult, RunProgram } from "../../src/cli/setup/programs.ts";
import { freePorts } from "../helpers/server-process.ts";
import { ACCOUNT_SID, AUTH_TOKEN, createPerson, SETUP_PHONE, setSetupStage } from "../helpers/setup-stage.ts";

const OWN = "whatsapp:+15005550010";
const GIVEN = ["--yes", "--account-sid", ACCOUNT_SID, "--phone", SETUP_PHONE];
const TOKEN = { TWILIO_AUTH_TOKEN: AUTH_TOKEN };
const ANSWERS = { "account-sid": [ACCOUNT_SID], "auth-token": [AUTH_TOKEN], phone: [SETUP_PHONE] };
const NO_OFFERS = ["--no-hooks", "--no-mcp", "--no-service"];
const plain = (text: string) => text.replace(/\s+/g, " ");

/** A stage whose public address is the webhook's own port: on the way stands nothing. */
async function reachable(options: Parameters<typeof setSetupStage>[0] = {}) {
  const [serverPort = 0, webhookPort = 0] = await freePorts(2);
  const url = `http://127.0.0.1:${webhookPort}`;
  const env = { ...TOKEN, SERVER_PORT: String(serverPort), WEBHOOK_PORT: String(webhookPort) };
  const stage = await setSetupStage({ webhookUrl: () => `${url}/twilio-webhook`, ...options });
  await stage.twilio.type("hello");
  return { ...stage, url, ports: env };
}

function programs(answers: Readonly<Record<string, object | string | undefined>>) {
  const calls: string[] = [];
  const run: RunProgram = async (program, args) => {
    const call = [program, ...args].join(" ");
    calls.push(call);
    const key = Object.keys(answers).find((each) => call.startsWith(each));
    const answer = key === undefined ? undefined : answers[key];
    if (answer === undefined) return undefined;
    const stdout = typeof answer === "string" ? answer : JSON.stringify(answer);
    return { ok: true, stdout, stderr: "" } satisfies ProgramResult;
  };
  return { run, calls };
}

describe("a sender of the account's own", () => {
  it("gets its webhook by API, and the tap comes through it", async () => {
    const { url, ports, ...stage } = await reachable({ sender: OWN, webhookUrl: () => "" });
    await stage.twilio.type("hello");
    stage.answers("approve");
    const argv = [...GIVEN, "--from", "+1 500 555 0010", "--public-url", url, ...NO_OFFERS];
    const { code, out } = await stage.run(argv, { env: ports });
    expect({ code, out: plain(out) }).toMatchObject({
      code: 0,
      out: expect.stringContaining("You tapped Approve"),
    });
    expect(stage.twilio.senders()[0]?.webhook).toEqual({
      callback_url: `${url}/twilio-webhook`,
      callback_method: "POST",
    });
    expect(parse(stage.written() ?? "")).toMatchObject({ TWILIO_WHATSAPP_FROM: OWN, PUBLIC_URL: url });
  });

  it("gets back what it had when the test is stopped", async () => {
    const { url, ports, ...stage } = await reachable({ sender: OWN });
    const [sender] = stage.twilio.senders();
    const before = { callback_url: "https://example.org/before", callback_method: "POST" };
    await fetch(`${stage.twilio.url}/v2/Channels/Senders/${sender?.sid}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString("base64")}`,
      },
      body: JSON.stringify({ webhook: before }),
    });
    await stage.twilio.type("hello");
    const person = createPerson({
      answers: { ...ANSWERS, "public-url": [url] },
      choices: [
        [/Which number/, OWN],
        [/How do your answers/, "url"],
        [/What now/, "stop"],
      ],
      skips: /tap/,
    });
    const { code, out } = await stage.run([], { asker: person, env: { ...ports, TWILIO_AUTH_TOKEN: "" } });
    expect(code).toBe(1);
    expect(plain(out)).toContain("and no longer to https://example.org/before");
    expect(out).toContain("The sender's webhook is as it was before.");
    expect(stage.twilio.senders()[0]?.webhook).toEqual(before);
    expect(stage.written()).toBeUndefined();
  });

  it("is listed to choose from, and the choice is kept", async () => {
    const offline = { address: "whatsapp:+15005550011", status: "OFFLINE" };
    const stage = await setSetupStage({ sender: OWN, otherSenders: [offline] });
    await stage.twilio.type("hello");
    stage.answers("approve");
    const person = createPerson({ answers: ANSWERS, choices: [[/Which number/, OWN]] });
    const { code, out } = await stage.run(NO_OFFERS, { asker: person });
    expect(code).toBe(0);
    expect(out).toContain("Messages come from +15005550010.");
    const refused = await stage.run([...GIVEN, "--from", "+15005550011"], { env: TOKEN });
    expect(plain(refused.out)).toMatch(/The sender \+15005550011 is OFFLINE.*It has: \+15005550010/);
  });
});

describe("a public address", () => {
  it("of the Sandbox is set in the Console: the page and the address are shown", async () => {
    const { url, ports, ...stage } = await reachable();
    stage.answers("approve");
    const { code, out } = await stage.run([...GIVEN, "--public-url", url, ...NO_OFFERS], { env: ports });
    expect({ code, out }).toMatchObject({ code: 0 });
    expect(plain(out)).toMatch(/Sandbox settings → "When a message comes in".*method POST/);
    expect(out).toContain(`   ${url}/twilio-webhook\n`);
  });

  it("that does not lead here is named before anything is sent", async () => {
    const { ports, twilio, ...stage } = await reachable();
    const { code, out } = await stage.run([...GIVEN, "--public-url", `${twilio.url}/elsewhere`], {
      env: ports,
    });
    expect(code).toBe(1);
    expect(plain(out)).toMatch(/elsewhere\/twilio-webhook answers with HTTP 404\..*WEBHOOK_PORT/);
    expect(twilio.messages().filter(({ buttons }) => buttons.length > 0)).toEqual([]);
    expect(stage.written()).toBeUndefined();
  });

  it("of Tailscale Funnel is found by itself, and nothing is started without the person", async () => {
    const { url, ports, ...stage } = await reachable();
    stage.answers("approve");
    const place = "otter.example.ts.net:443";
    const on = { Web: { [place]: { Handlers: { "/": { Proxy: url } } } }, AllowFunnel: { [place]: true } };
    const { run, calls } = programs({
      "tailscale status": { BackendState: "Running", Self: { DNSName: "otter.example.ts.net." } },
      "tailscale funnel status": on,
    });
    const person = createPerson({ answers: ANSWERS, choices: [[/How do your answers/, "tailscale"]] });
    const argv = ["--no-test", ...NO_OFFERS];
    const { code, out } = await stage.run(argv, {
      asker: person,
      programs: run,
      env: { ...ports, TWILIO_AUTH_TOKEN: "" },
    });
    expect({ code, calls }).toEqual({
      code: 0,
      calls: ["tailscale status --json", "tailscale funnel status --json"],
    });
    expect(out).toContain("Twilio posts answers to https://otter.example.ts.net.");
    expect(parse(stage.written() ?? "")).toMatchObject({ PUBLIC_URL: "https://otter.example.ts.net" });
  });

  it("of ngrok is kept with its token, which is never shown", async () => {
    const stage = await setSetupStage();
    const env = { ...TOKEN, NGROK_AUTHTOKEN: "ngrok-s3cret-of-mine" };
    const argv = [...GIVEN, "--ngrok-domain", "otter.ngrok.app", "--no-test", ...NO_OFFERS];
    const { code, out } = await stage.run(argv, { env });
    expect(code).toBe(0);
    expect(out).not.toContain("ngrok-s3cret-of-mine");
    expect(parse(stage.written() ?? "")).toMatchObject({
      NGROK_AUTHTOKEN: "ngrok-s3cret-of-mine",
      NGROK_DOMAIN: "otter.ngrok.app",
    });
    const without = await stage.run([...GIVEN, "--ngrok-domain", "otter.ngrok.app"], {
      env: { ...TOKEN, NGROK_AUTHTOKEN: "" },
    });
    expect(without.code).toBe(64);
    expect(without.err).toContain("NGROK_AUTHTOKEN in the environment");
  });
});

describe("what setup offers at its end", () => {
  const READY = [...GIVEN, "--no-test"];
  const ports = { ...TOKEN, SERVER_PORT: "18123", WEBHOOK_PORT: "18124" };

  it("is taken by --yes where it is possible: hooks, and the MCP entry without a secret in it", async () => {
    const stage = await setSetupStage();
    const { run, calls } = programs({ "claude --version": "2.1.329 (Claude Code)", "claude mcp": "added" });
    const { code, out } = await stage.run(READY, { env: ports, programs: run });
    expect(code).toBe(0);
    const settings = JSON.parse(
      readFileSync(join(stage.folder, ".claude", "settings.json"), "utf8"),
    ) as object;
    expect(JSON.stringify(settings)).toContain("permission-request 'http://127.0.0.1:18123'");
    const added = calls.find((call) => call.startsWith("claude mcp add-json --scope user approval-server "));
    expect(added).toContain(`http://127.0.0.1:18123/mcp?project=$${"{PWD}"}`);
    expect(added).toContain(`Bearer $${"{APPROVAL_TOKEN:-}"}`);
    expect(calls.join(" ")).not.toContain(AUTH_TOKEN);
    expect(out).toContain("claude --permission-prompt-tool mcp__approval-server__permissions__approve");
  });

  it("is left alone by its flags", async () => {
    const stage = await setSetupStage();
    const { run, calls } = programs({ "claude --version": "2.1.329 (Claude Code)" });
    const { code } = await stage.run([...READY, ...NO_OFFERS], { env: ports, programs: run });
    expect({ code, calls }).toEqual({ code: 0, calls: [] });
    expect(existsSync(join(stage.folder, ".claude"))).toBe(false);
  });

  it("replaces an MCP entry of another port, and leaves one that is right", async () => {
    const stage = await setSetupStage();
    const claude = { "claude --version": "2.1.329 (Claude Code)", "claude mcp": "done" };
    const first = programs(claude);
    await stage.run([...READY, "--no-hooks", "--no-service"], { env: ports, programs: first.run });
    const json = first.calls.find((call) => call.includes("add-json"))?.split("approval-server ")[1] ?? "";
    const state = (entry: unknown) =>
      writeFileSync(
        join(stage.folder, ".claude.json"),
        JSON.stringify({ mcpServers: { "approval-server": entry } }),
      );
    state(JSON.parse(json));
    const second = programs(claude);
    await stage.run([...READY, "--no-hooks", "--no-service"], { env: ports, programs: second.run });
    expect(second.calls).toEqual(["claude --version"]);
    state({ type: "http", url: "http://127.0.0.1:9/mcp" });
    const third = programs(claude);
    await stage.run([...READY, "--no-hooks", "--no-service"], { env: ports, programs: third.run });
    expect(third.calls.map((call) => call.split(" ").slice(0, 3).join(" "))).toEqual([
      "claude --version",
      "claude mcp remove",
      "claude mcp add-json",
    ]);
  });

  it("that fails is said, and what was written stays", async () => {
    const stage = await setSetupStage();
    writeFileSync(join(stage.folder, ".claude"), "in the way");
    const { code, out } = await stage.run([...READY, "--no-mcp", "--json"], { env: ports });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, offers: { hooks: "failed", mcp: "declined" } });
    expect(stage.written()).toContain("APPROVAL_PHONE");
  });
});
