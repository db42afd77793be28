// A configuration that no setting gives: the simulated Twilio in the place of the real one, beside other channels' accounts.
import { channelList } from "../../src/config/channel-values.ts";
import { type Config, parseConfig } from "../../src/config/config.ts";

/** What the settings of a Twilio account look like, for commands that never call it. */
export const TWILIO_ENV = {
  TWILIO_ACCOUNT_SID: `AC${"0".repeat(32)}`,
  TWILIO_AUTH_TOKEN: "t".repeat(32),
  APPROVAL_PHONE: "+15005550006",
};

/** As `parseConfig`, but that `CHANNELS` may name whatsapp beside others without an account of Twilio's. */
export function parseTestConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const names = channelList.parse(env["CHANNELS"] ?? "whatsapp");
  const others = names.filter((name) => name !== "whatsapp");
  const isMixed = names.includes("whatsapp") && others.length > 0;
  if (!isMixed || env["TWILIO_ACCOUNT_SID"] !== undefined) return parseConfig(env);
  const { CHANNELS: _, TELEGRAM_BOT_TOKEN: _token, WHATSAPP_AGENT_KEY: _key, ...numbers } = env;
  const { phone, simulation, approvers, people } = parseConfig(numbers);
  const paired = parseConfig({ ...env, CHANNELS: others.join() });
  return { ...paired, channels: names, phone, simulation, approvers, people };
}
