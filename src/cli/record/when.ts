// Reads a time as a person writes it: a span before now, a day, or a time of ISO 8601. Without a zone it is this machine's.
import ms, { type StringValue } from "ms";
import { visibleLine } from "../../domain/visible.ts";
import { UsageError } from "../command.ts";

/** @param now epoch ms @returns epoch ms @throws UsageError */
export function whenOf(text: string, flag: string, now: number): number {
  const at = spanBefore(text, now) ?? dayOf(text, now) ?? isoTime(text);
  if (at !== undefined) return at;
  const examples = "2h, 3d, today, yesterday, 2026-10-31 or 2026-10-31T14:00";
  throw new UsageError(`${flag} '${visibleLine(text.slice(0, 60))}' is no time: write ${examples}.`);
}

function spanBefore(text: string, now: number): number | undefined {
  // A number without its unit would be read as milliseconds.
  if (!/^\d+(\.\d+)? ?[a-z]+$/i.test(text)) return undefined;
  const span = ms(text as StringValue) as number | undefined;
  return span === undefined || !Number.isFinite(span) ? undefined : Math.max(0, now - span);
}

function dayOf(text: string, now: number): number | undefined {
  const back = { today: 0, yesterday: 1 }[text.toLowerCase()];
  if (back === undefined) return undefined;
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - back).getTime();
}

function isoTime(text: string): number | undefined {
  const [, day, time, zone = ""] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(text) ?? [];
  // 31 February would be taken for a day of March.
  if (day === undefined || !isDay(day)) return undefined;
  const at = Date.parse(`${day}T${time ?? "00:00"}${zone}`);
  return Number.isNaN(at) || at < 0 ? undefined : at;
}

function isDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}
