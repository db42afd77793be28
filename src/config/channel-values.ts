// What the settings of the channels beside Twilio's may be.
import { z } from "zod";
import { CHANNELS } from "../domain/channel.ts";

/** Where an account without Twilio comes from. */
export const TELEGRAM_WHERE = "Telegram → @BotFather → /newbot";
export const AGENT_WHERE = "WhatsApp → Settings → Agents → your agent → Chat info → API key";

export const channelList = z
  .string()
  .transform((text) => text.split(",").map((name) => name.trim().toLowerCase()))
  .pipe(
    z.array(z.enum(CHANNELS, { error: `must name channels, separated by commas: ${CHANNELS.join(", ")}` })),
  )
  .refine((names) => new Set(names).size === names.length, "names a channel twice");

/** `twilio` is WhatsApp by Twilio. */
const SIMULATED = { twilio: "whatsapp", "whatsapp-agent": "whatsapp-agent", telegram: "telegram" } as const;
const SIMULATED_NAMES = Object.keys(SIMULATED) as (keyof typeof SIMULATED)[];

export const simulatedList = z
  .string()
  .transform((text) => text.split(",").map((name) => name.trim().toLowerCase()))
  .pipe(
    z.array(
      z.enum(SIMULATED_NAMES, {
        error: `must name what is simulated, separated by commas: ${SIMULATED_NAMES.join(", ")}`,
      }),
    ),
  )
  .refine((names) => new Set(names).size === names.length, "names one twice")
  .transform((names) => names.map((name) => SIMULATED[name]));

export const botToken = z
  .string()
  .regex(
    /^\d{5,20}:[A-Za-z0-9_-]{20,100}$/,
    `must be a bot's token, digits, a colon and letters (${TELEGRAM_WHERE})`,
  );

/** Its form is nowhere fixed: only what can be no key is refused. */
export const agentKey = z
  .string()
  .regex(/^[\x21-\x7e]{8,4096}$/, `must be the key as the phone shows it (${AGENT_WHERE})`);
