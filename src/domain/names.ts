// How things are named in a sentence: a phone, a tool, a number of things.

import { CHANNEL_TITLES, channelOf, userOf } from "./channel.ts";
import { charactersIn, linesIn } from "./characters.ts";
import { behindGate } from "./own-tool.ts";
import type { Phone } from "./tool-call.ts";

/** How much of an address is shown, characters of its end. */
const SHOWN = 4;

/**
 * Enough of an address to recognise it by, not enough to leak it: "…0006", "Telegram …7001". Of a channel's own id, letters and digits
 * only: it may be any text.
 */
export function phoneText(phone: string): string {
  const channel = channelOf(phone);
  if (channel === "whatsapp") return `…${phone.replace(/\D/g, "").slice(-SHOWN)}`;
  return `${CHANNEL_TITLES[channel]} …${userOf(phone as Phone)
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(-SHOWN)}`;
}

/** Who has answered: by the name that the settings give, else by the end of the address. Foreign: still to be shown safely. */
export function whoText(by: string, name: string | undefined): string {
  return name ?? phoneText(by);
}

/**
 * `mcp__github__create_issue` → "github › create_issue", `mcp__approval-server__fs__write` → "approval-server › fs › write"; other names as they are.
 * Foreign text: still to be shown safely.
 */
export function toolText(toolName: string): string {
  const [prefix, server, ...tool] = toolName.split("__");
  if (prefix !== "mcp" || !server || tool.join("__") === "") return toolName;
  const behind = behindGate(toolName);
  if (behind !== undefined) return `${server} › ${behind.server} › ${behind.tool}`;
  return `${server} › ${tool.join("__")}`;
}

/** "1 part", "1,234 characters". */
export function count(number: number, thing: string): string {
  return `${number.toLocaleString("en-US")} ${thing}${number === 1 ? "" : "s"}`;
}

/** "1,234 characters, 40 lines". */
export function sizeText(content: string): string {
  return `${count(charactersIn(content), "character")}, ${count(linesIn(content), "line")}`;
}
