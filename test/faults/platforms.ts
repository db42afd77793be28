// The simulated platforms of the other channels, somebody bound to them, and what the server is told to find them there.
import { openBindings } from "../../src/core/bindings.ts";
import { createPeople } from "../../src/core/people.ts";
import { CHANNELS, type PairedChannel } from "../../src/domain/channel.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { systemClock } from "../../src/server/system.ts";
import { createAgentPlatform } from "../../src/simulator/agent/create-agent-platform.ts";
import { createTelegramSimulator } from "../../src/simulator/telegram/create-telegram.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { agentPhone, type FaultPhone, telegramPhone } from "./platform-phones.ts";

export interface FaultPlatform {
  readonly url: string;
  readonly phone: FaultPhone;
  /** Whether an answer says nothing but which message it is in reply to. */
  readonly hearsQuotesOnly?: boolean;
  /** Where the server looks for it. */
  settings(url: string): Readonly<Record<string, string>>;
  /** Every message is refused from now on, and none was taken. */
  refuse(): void;
  /** The last tap is told once more, as a new piece of news. */
  replay?(): void;
  close(): Promise<void>;
}

const USER = 70_000_001;
const AGENT_USER = "user:111222333";
// In two halves: no scanner takes them for real ones.
const BOT_TOKEN = `7000000001:${"AAtest".repeat(6)}`;
const AGENT_KEY = `agent-key-of-a-test-${"x".repeat(16)}`;
const ACCOUNTS: Readonly<Record<PairedChannel, { readonly secret: string; readonly address: Phone }>> = {
  telegram: { secret: BOT_TOKEN, address: `telegram:${USER}` as Phone },
  "whatsapp-agent": { secret: AGENT_KEY, address: `whatsapp-agent:${AGENT_USER}` as Phone },
};

const OPENERS: Readonly<Record<PairedChannel, () => Promise<FaultPlatform>>> = {
  async telegram() {
    const telegram = await createTelegramSimulator({ token: BOT_TOKEN, users: [USER] });
    return {
      url: telegram.url,
      phone: telegramPhone(telegram),
      settings: (url) => ({ TELEGRAM_BOT_TOKEN: BOT_TOKEN, TELEGRAM_BASE_URL: url }),
      refuse: () => void telegram.fault({ kind: "page", status: 403 }, { method: "sendMessage" }),
      close: () => telegram.stop(),
    };
  },
  async "whatsapp-agent"() {
    const platform = await createAgentPlatform({ key: AGENT_KEY, clock: systemClock, user: AGENT_USER });
    platform.switches.hasLimits = false;
    return {
      url: platform.url,
      phone: agentPhone(platform),
      hearsQuotesOnly: true,
      settings: (url) => ({ WHATSAPP_AGENT_KEY: AGENT_KEY, WHATSAPP_AGENT_BASE_URL: url }),
      refuse: () => platform.fail("messages", ...Array.from({ length: 1_000 }, () => ({ status: 403 }))),
      close: () => platform.close(),
    };
  },
};

/** Opens it, and binds that person there in a new database. */
export async function openPlatform(
  channel: PairedChannel,
  databasePath: string,
  person: string,
  secret: string,
): Promise<FaultPlatform> {
  const store = createSqliteStore(databasePath, { isServer: true, secrets: [secret] });
  try {
    const people = createPeople({ people: [], channels: CHANNELS });
    const secretOf = (each: PairedChannel) => ACCOUNTS[each].secret;
    const bindings = await openBindings({
      people,
      store,
      secretOf,
      clock: systemClock,
      log: createKeptLog(),
    });
    await bindings.bind(ACCOUNTS[channel].address, person);
  } finally {
    await store.close();
  }
  return OPENERS[channel]();
}
