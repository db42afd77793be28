// What the start says loudly.
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { startText } from "../../src/server/banner.ts";
import type { ApprovalServer } from "../../src/server/server-contract.ts";

const server: ApprovalServer = {
  localUrl: "http://127.0.0.1:8000",
  webhookUrl: "http://127.0.0.1:8001/twilio-webhook",
  hasWebhook: true,
  simulator: undefined,
  firstPairing: { begin() {} },
  missingTemplates: [],
  waiting: () => [],
  close: async () => {},
};
/** Built, so that no scanner takes it for a real one. */
const BOT_TOKEN = ["123456789", "t".repeat(35)].join(":");
const OPTIONS = { version: "0.0.0", root: "/srv", home: { envFile: "/srv/.env" }, colours: false } as const;
const shown = (VERIFY_REPLIES: string) =>
  startText(parseConfig({ VERIFY_REPLIES }), server, {
    version: "0.0.0",
    root: "/srv",
    home: { envFile: "/srv/.env" },
    colours: false,
  });

describe("the start", () => {
  it("warns when replies are not verified", () => {
    expect(shown("off")).toMatch(
      /^ {2}Warning +VERIFY_REPLIES is off: whoever can read TWILIO_AUTH_TOKEN can approve$/m,
    );
  });

  it.each(["", "approvals", "all"])("says nothing of it when they are: %j", (value) => {
    expect(shown(value)).not.toContain("VERIFY_REPLIES");
  });
});

it("names each channel that binds by a code, and what lists who is bound", () => {
  const text = startText(parseConfig({ TELEGRAM_BOT_TOKEN: BOT_TOKEN }), server, OPTIONS);
  expect(text).toMatch(/^ {2}Channel {4}Telegram \(who is bound: .*pair.* --list\)$/m);
  expect(startText(parseConfig({}), server, OPTIONS)).not.toContain("Channel");
});

describe("who may approve, as the start says it", () => {
  const config = parseConfig({ TELEGRAM_BOT_TOKEN: BOT_TOKEN, WHATSAPP_AGENT_KEY: "k".repeat(40) });
  const text = (...approving: readonly string[]) =>
    startText(
      config,
      { ...server, firstPairing: { begin() {}, approving: () => approving as readonly Phone[] } },
      OPTIONS,
    );

  it("nobody: no demo is offered, but what to do", () => {
    const said = text();
    expect(said).toContain("Channel    Telegram: nobody may approve there yet");
    expect(said).toContain("Nobody may approve yet, so everything that asks is denied. Bind a chat first");
    expect(said).toMatch(/pair -- whatsapp-agent or .*pair -- telegram\./);
    expect(said).not.toMatch(/demo|claude --mcp-config/);
  });

  it("somebody: by the end of each address, and the demo", () => {
    const said = text("telegram:4500000007001", "telegram:4500000007002");
    expect(said).toContain("Channel    Telegram …7001, Telegram …7002 (");
    expect(said).toContain("Channel    WhatsApp (agent): nobody may approve there yet");
    expect(said).toMatch(/demo\n/);
    expect(said).not.toContain("45000000");
    expect(said).not.toContain("Nobody may approve yet");
  });

  it("many: the first five, and how many more", () => {
    const chats = [1, 2, 3, 4, 5, 6, 7].map((end) => `telegram:450000000700${end}`);
    expect(text(...chats)).toContain("Telegram …7005, and 2 more (");
  });
});

describe("the start on a terminal", () => {
  const text = (options: object) => startText(parseConfig({}), server, { ...OPTIONS, ...options });
  const live = {
    status: "error",
    text: "refuses account SID and auth token",
    advice: "Copy both again.",
  } as const;

  it("has what Twilio says in one line, with the advice below it", () => {
    expect(text({ live })).toMatch(
      /^ {2}Twilio {4} {1}refuses account SID and auth token\n {13}→ Copy both again\.$/m,
    );
    expect(text({})).not.toContain("Twilio  ");
  });

  it("names what the simulated phone plays", () => {
    const played = (SIMULATE: string) => startText(parseConfig({ SIMULATE }), server, OPTIONS);
    expect(played("telegram")).toContain("(simulated Telegram: open it");
    expect(played("telegram,whatsapp-agent,twilio")).toContain(
      "(simulated Telegram, WhatsApp (agent) and WhatsApp: open it",
    );
  });

  it("says where the record can be read", () => {
    expect(text({})).toMatch(
      /^ {2}Record {5}http:\/\/127\.0\.0\.1:8000 \(what waits, what was decided; read-only\)$/m,
    );
  });

  it("names the settings file, and each warning", () => {
    expect(text({ warnings: ["one", "two"] })).toMatch(
      /^ {2}Settings {3}\/srv\/\.env\n {2}Warning {4}one\n {2}Warning {4}two$/m,
    );
    expect(text({ hasEnvFile: false })).toMatch(
      /^ {2}Settings {3}no \/srv\/\.env: the environment and the defaults$/m,
    );
  });

  it.each([40, 80])(
    "wraps between words at %i columns, and never an address or the line to paste",
    (columns) => {
      const wide = text({
        columns,
        live,
        warnings: ["a word and another ".repeat(10).trim()],
        hasKeys: true,
      });
      const long = wide.split("\n").filter((line) => line.length > columns);
      expect(long.every((line) => /^\s+(\S+|MCP +\S+|Webhook +\S+|claude .*)$/.test(line))).toBe(true);
      expect(wide).toContain("claude --mcp-config /srv/mcp-servers.json --permission-prompt-tool");
      expect(wide).toContain("Keys: p what waits");
    },
  );

  it("has colours only where they are wanted", () => {
    expect(text({ live })).not.toContain("\u001b");
    expect(text({ live, colours: true })).toContain("\u001b[31mrefuses");
  });

  it("names no keys where none are read", () => {
    expect(text({})).not.toContain("Keys:");
  });
});
