// An entry of the event log in one line, for a person. Foreign text in it is made safe to show.
import type { StoredEvent } from "../core/event-chain.ts";
import { channelOf } from "../domain/channel.ts";
import { phoneText, toolText } from "../domain/names.ts";
import { decodeVisible, visibleLine } from "../domain/visible.ts";
import { entryData } from "./entry-data.ts";

/** The longest value, UTF-16 units. */
const MAX_VALUE = 160;
/** What says nothing to a person: it is in the export. */
const UNSAID: ReadonlySet<string> = new Set([
  ...["input", "row", "outcome", "createdAt", "expiresAt", "decidedAt", "session", "message", "subject"],
  ...["holder", "hash", "seal", "identity", "fingerprint", "startedAt", "endedAt", "expected", "found"],
]);
const PHONES: ReadonlySet<string> = new Set(["by", "from", "to"]);

/** What is said of the entry behind its kind; empty where there is nothing. */
export function eventWords({ data }: Pick<StoredEvent, "data">): string {
  return wordsOf(parsed(data)).join(", ");
}

function wordsOf(data: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(data).flatMap(([name, value]) => {
    if (UNSAID.has(name) || value === null) return [];
    const text = valueText(name, value);
    if (text === "") return [];
    return name === "status" || name === "step" || name === "problem" || name === "call"
      ? [text]
      : [`${shortened(name)} ${text}`];
  });
}

function valueText(name: string, value: unknown): string {
  if (typeof value === "string") {
    return shortened(saidOf(name, value));
  }
  if (typeof value === "number" && (name === "before" || name === "until" || name === "since"))
    return Number.isFinite(value) && Math.abs(value) < 8.64e15
      ? new Date(value).toISOString()
      : String(value);
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return wordsOf({ ...value }).join(" ");
  return Array.isArray(value) ? `${value.length}` : String(value);
}

function saidOf(name: string, value: string): string {
  if (name === "tool") return toolText(value);
  // The call's line was made safe when it was recorded.
  if (name === "call") return decodeVisible(value);
  return PHONES.has(name) && isAddress(value) ? phoneText(value) : value;
}

/** Names of values as well: an entry may be somebody else's. */
function shortened(said: string): string {
  const line = visibleLine(said.slice(0, MAX_VALUE));
  return said.length > MAX_VALUE ? `${line}…` : line;
}

/** Not the name of a channel, which stands in the same fields. */
function isAddress(value: string): boolean {
  return /\d{7}/.test(value) || channelOf(value) !== "whatsapp";
}

function parsed(text: string): Record<string, unknown> {
  const value = entryData(text);
  return typeof value === "object" && value !== null ? { ...value } : { data: text };
}
