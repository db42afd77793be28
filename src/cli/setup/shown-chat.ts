// A chat as a person at the terminal reads it, so that they see whether it is theirs.
import { CHANNEL_TITLES, channelOf } from "../../domain/channel.ts";
import type { Phone } from "../../domain/tool-call.ts";
import { cutEnd, visibleLine } from "../../domain/visible.ts";

/** Longer than a name on the platforms; the rest says nothing. */
const MAX_NAME = 80;

/** `"Ada Example (@ada)" (Telegram 7001)`. @param name what the platform calls them */
export function shownChat(address: Phone, name: string | undefined): string {
  const channel = channelOf(address);
  // What the title says already is not said twice.
  const user = address.startsWith(`${channel}:`) ? address.slice(channel.length + 1) : address;
  const where = `${CHANNEL_TITLES[channel]} ${visibleLine(user)}`;
  return name === undefined ? where : `${quotedName(name)} (${where})`;
}

/** A name is whatever its owner has chosen: in quotes that it cannot close, and not at any length. */
export function quotedName(name: string): string {
  const shown = visibleLine(name).replaceAll('"', "'");
  const cut = shown.slice(0, cutEnd(shown, MAX_NAME));
  return `"${cut}${cut === shown ? "" : "…"}"`;
}
