// The platforms whose one key is all that they need: a new one is its file and its line here.
import type { PairedChannel } from "../../domain/channel.ts";
import { agentPlatform } from "./agent-platform.ts";
import type { Platform } from "./platform.ts";
import { telegramPlatform } from "./telegram-platform.ts";

export const PLATFORMS: Readonly<Record<PairedChannel, Platform>> = {
  "whatsapp-agent": agentPlatform,
  telegram: telegramPlatform,
};
