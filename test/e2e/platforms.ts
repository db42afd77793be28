// The three platforms as the built server finds them: simulated ones on loopback, named by its settings, each with one person.
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { SANDBOX_SENDER } from "../../src/config/environment.ts";
import type { ChannelName } from "../../src/domain/channel.ts";
import { packageRoot, systemClock } from "../../src/server/system.ts";
import { createAgentPlatform } from "../../src/simulator/agent/create-agent-platform.ts";
import { createTelegramSimulator } from "../../src/simulator/telegram/create-telegram.ts";
import { freePorts } from "../helpers/server-process.ts";
import { createTestTwilio } from "../twilio/create-test-twilio.ts";

export interface Platform {
  /** The settings that name it, as a person writes them into .env. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether a chat is bound by a code; otherwise the settings say whose it is. */
  readonly isPaired: boolean;
  /** All messages of ours to the person. */
  texts(): readonly string[];
  write(text: string): Promise<void>;
  /** As this platform's people do: a tap where there are buttons, words in reply where there are none. @param text of the message */
  approve(text: string): Promise<void>;
  /** Nothing listens there any more. */
  die(): Promise<void>;
}

const PERSON = "+15005550006";
const USER = 70_000_001;
// In parts: no scanner takes them for real ones.
const BOT_TOKEN = `7000000001:${"AAtest".repeat(6)}`;
const AGENT_KEY = `agent-key-of-a-test-${"x".repeat(16)}`;
const ACCOUNT = `AC${"1".repeat(32)}`;
const AUTH_TOKEN = "0123456789abcdef".repeat(2);

async function openTwilio(): Promise<Platform> {
  const [webhookPort = 0] = await freePorts(1);
  const publicUrl = `http://127.0.0.1:${webhookPort}`;
  const twilio = await createTestTwilio({
    accountSid: ACCOUNT,
    authToken: AUTH_TOKEN,
    sender: SANDBOX_SENDER,
    phones: [PERSON],
    // What a person does in Twilio's console.
    webhookUrl: () => `${publicUrl}/twilio-webhook`,
    pageDir: join(packageRoot(), "public", "phone"),
    port: 0,
  });
  onTestFinished(() => twilio.close());
  const ours = () => twilio.messages().filter(({ direction }) => direction === "to-phone");
  return {
    settings: {
      TWILIO_ACCOUNT_SID: ACCOUNT,
      TWILIO_AUTH_TOKEN: AUTH_TOKEN,
      TWILIO_BASE_URL: twilio.url,
      APPROVAL_PHONE: PERSON,
      PUBLIC_URL: publicUrl,
      WEBHOOK_PORT: String(webhookPort),
    },
    isPaired: false,
    texts: () => ours().map(({ body }) => body),
    write: async (text) => void (await twilio.type(text)),
    async approve(text) {
      const message = ours().find(({ body }) => body === text);
      await twilio.tap(message?.sid ?? "", "approve");
    },
    die: () => twilio.close(),
  };
}

async function openTelegram(): Promise<Platform> {
  const telegram = await createTelegramSimulator({ token: BOT_TOKEN, users: [USER] });
  onTestFinished(() => telegram.stop());
  const ours = () => telegram.chat().filter(({ author }) => author === "bot");
  return {
    settings: { TELEGRAM_BOT_TOKEN: BOT_TOKEN, TELEGRAM_BASE_URL: telegram.url },
    isPaired: true,
    texts: () => ours().map(({ text }) => text),
    write: async (text) => void telegram.write(text),
    async approve(text) {
      const message = ours().find((each) => each.text === text);
      const button = message?.keyboard.flat().find(({ callback_data }) => callback_data.startsWith("approve:"));
      telegram.tap(message?.id ?? 0, button?.callback_data ?? "");
    },
    die: () => telegram.stop(),
  };
}

async function openAgent(): Promise<Platform> {
  const agent = await createAgentPlatform({ key: AGENT_KEY, clock: systemClock });
  onTestFinished(() => agent.close());
  const ours = () => agent.chat().filter(({ by }) => by === "agent");
  return {
    settings: { WHATSAPP_AGENT_KEY: AGENT_KEY, WHATSAPP_AGENT_BASE_URL: agent.url },
    isPaired: true,
    texts: () => ours().map(({ text }) => text),
    write: async (text) => void agent.write(text),
    approve: async (text) => void agent.write("yes", { quote: ours().find((each) => each.text === text)?.id }),
    die: () => agent.close(),
  };
}

/** Each is gone when the running test ends. */
export const OPEN_PLATFORM: Readonly<Record<ChannelName, () => Promise<Platform>>> = {
  whatsapp: openTwilio,
  telegram: openTelegram,
  "whatsapp-agent": openAgent,
};
