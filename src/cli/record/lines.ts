// The lines of `log`: one a request, in columns that fit the terminal, or two where it is narrow. What is foreign was made safe to show; JSON is made so here.
import { decodeVisible, visibleLine } from "../../domain/visible.ts";
import type { ShownRequest } from "../../history/shown-record.ts";
import type { Paint } from "../paint.ts";
import { cut, fittingLine } from "./fitting.ts";

const COLOURS: Readonly<Record<string, "red" | "green" | "dim">> = {
  approved: "green",
  denied: "red",
  failed: "red",
  expired: "dim",
  withdrawn: "dim",
};
const STATUS_WIDTH = 9;
const TOOK_WIDTH = 6;
const MAX_TOOL = 18;
const MAX_PROJECT = 16;

/** @param width of the terminal, in columns; undefined where it is none, and nothing is cut */
export function logLine(request: ShownRequest, paint: Paint, width: number | undefined): string {
  const { id, status, tool, project, summary, outcome, created_at, took_ms } = request;
  const took = took_ms === undefined ? "" : spanText(took_ms);
  const head = `${localTime(created_at)}  ${id}  `;
  const shown = status.padEnd(STATUS_WIDTH);
  const rest = [
    took.padStart(TOOK_WIDTH),
    cut(tool, MAX_TOOL),
    ...(project === undefined ? [] : [cut(project, MAX_PROJECT)]),
    summary,
    status === "waiting" ? "" : `(${outcome})`,
  ].filter((part) => part !== "");
  const text = safeLine(rest.join("  ").trimStart());
  const colour = COLOURS[status];
  const painted = `${head}${colour === undefined ? shown : paint(colour, shown)}`;
  return fittingLine({ columns: head.length + shown.length, shown: painted }, text, width);
}

/** What the server has made safe stays as it is; what another program at its port has not becomes so. */
export function safeLine(text: string): string {
  return visibleLine(decodeVisible(text));
}

/** One line of JSON. Controls and characters that reorder or hide are escapes, which read back as they were. */
export function jsonLine(value: object): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${JSON.stringify(value).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (found) =>
    [...Array(found.length).keys()].map((at) => escaped(found.charAt(at))).join(""),
  )}\n`;
}

/** "2026-10-31 14:05", this machine's time. */
function localTime(at: string): string {
  const when = new Date(at);
  const two = (part: number) => String(part).padStart(2, "0");
  const day = `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())}`;
  return `${day} ${two(when.getHours())}:${two(when.getMinutes())}`;
}

/** "12 s", "3 min", "2 h". */
function spanText(ms: number): string {
  if (ms < 99_500) return `${Math.round(ms / 1000)} s`;
  return ms < 99.5 * 60_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}
