// SIMULATE: what it simulates, in which order, and that it never stands beside a real account.
import { describe, expect, it } from "vitest";
import { parseConfig, SIMULATED_PHONE } from "../../src/config/config.ts";
import { ConfigError } from "../../src/domain/errors.ts";

// In two halves: no scanner takes them for real ones.
const BOT_TOKEN = ["123456789", "t".repeat(35)].join(":");
const AGENT_KEY = `agent-key-${"x".repeat(16)}`;
const SID = `AC${"0123456789abcdef".repeat(2)}`;

function problemsOf(env: Readonly<Record<string, string>>): string {
  try {
    parseConfig(env);
    return "";
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.join("\n");
    throw error;
  }
}

describe("SIMULATE", () => {
  it.each([
    ["telegram", ["telegram"], "none"],
    ["whatsapp-agent", ["whatsapp-agent"], "none"],
    ["twilio", ["whatsapp"], "simulator"],
    ["telegram, Twilio", ["telegram", "whatsapp"], "simulator"],
    ["twilio,telegram,whatsapp-agent", ["whatsapp", "telegram", "whatsapp-agent"], "simulator"],
  ])("%s is asked in its order, by one person who may approve", (SIMULATE, channels, kind) => {
    const config = parseConfig({ SIMULATE, SIMULATOR_PORT: "8077" });
    expect(config).toMatchObject({ channels, phone: { kind }, simulation: { channels, port: 8077 } });
    expect(config.people).toHaveLength(1);
    expect(config.people[0]).toMatchObject({ role: "approve" });
    expect(config.people[0]?.addresses).toHaveLength(channels.length);
    expect(config.pairedAccounts.size).toBe(0);
  });

  it("is Twilio's WhatsApp where no account is set, and nothing with one", () => {
    expect(parseConfig({}).simulation).toEqual({ channels: ["whatsapp"], port: 8002 });
    expect(parseConfig({}).people).toMatchObject([{ addresses: [SIMULATED_PHONE] }]);
    expect(parseConfig({ TELEGRAM_BOT_TOKEN: BOT_TOKEN }).simulation).toBeUndefined();
  });

  it.each([
    ["whatsapp", /^SIMULATE.*must name what is simulated.*twilio, whatsapp-agent, telegram/],
    ["telegram,telegram", /^SIMULATE.*names one twice/],
    ["telegram,", /^SIMULATE.*must name what is simulated/],
  ])("%j is refused", (SIMULATE, problem) => {
    expect(problemsOf({ SIMULATE })).toMatch(problem);
  });

  it.each([
    ["telegram", "TELEGRAM_BOT_TOKEN", BOT_TOKEN],
    ["whatsapp-agent", "WHATSAPP_AGENT_KEY", AGENT_KEY],
    ["twilio", "TWILIO_ACCOUNT_SID", SID],
    ["twilio", "TWILIO_AUTH_TOKEN", "t".repeat(32)],
    ["twilio", "TWILIO_API_KEY_SECRET", "t".repeat(32)],
  ])("%s with its own %s is refused, and both are named", (SIMULATE, name, value) => {
    const said = problemsOf({ SIMULATE, [name]: value });
    expect(said).toContain(`SIMULATE: names ${SIMULATE} while ${name} is set`);
    expect(said).not.toContain(value);
  });

  it.each([
    ["telegram", "WHATSAPP_AGENT_KEY", AGENT_KEY],
    ["telegram", "TWILIO_AUTH_TOKEN", "t".repeat(32)],
    ["twilio", "TELEGRAM_BOT_TOKEN", BOT_TOKEN],
    ["whatsapp-agent,twilio", "TELEGRAM_BOT_TOKEN", BOT_TOKEN],
  ])("%s is refused beside %s, whose phone is real", (SIMULATE, name, value) => {
    const said = problemsOf({ SIMULATE, [name]: value });
    expect(said).toContain(`SIMULATE: is set beside ${name}: anyone on this machine can tap`);
    expect(said).not.toContain(value);
  });

  it.each([
    ["telegram", "whatsapp,telegram", "CHANNELS: names whatsapp, which SIMULATE does not"],
    ["telegram,twilio", "telegram", "CHANNELS: leaves out whatsapp, which SIMULATE names"],
  ])("%s has to fit CHANNELS=%s", (SIMULATE, CHANNELS, problem) => {
    expect(problemsOf({ SIMULATE, CHANNELS })).toBe(problem);
  });
});

describe("CHANNELS", () => {
  it.each([
    ["whatsapp,telegram", { TELEGRAM_BOT_TOKEN: BOT_TOKEN }],
    ["whatsapp-agent,whatsapp", { WHATSAPP_AGENT_KEY: AGENT_KEY }],
  ])("%s puts no simulated phone beside a real one", (CHANNELS, account) => {
    expect(problemsOf({ CHANNELS, ...account })).toMatch(
      /^TWILIO_ACCOUNT_SID: is missing while CHANNELS names whatsapp beside/,
    );
  });

  it("whatsapp alone is the simulated phone where no account is set", () => {
    expect(parseConfig({ CHANNELS: "whatsapp" }).simulation?.channels).toEqual(["whatsapp"]);
  });
});
