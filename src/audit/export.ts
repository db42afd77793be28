// The event log for other programs: an entry as JSON or CSV, its phone numbers replaced by what stands for the same number in the
// whole export, and leads nobody back to it: the key is made for one export and kept nowhere.
import { createHmac, randomBytes } from "node:crypto";
import { stringify } from "csv-stringify/sync";
import type { StoredEvent } from "../core/event-chain.ts";
import { isUserId } from "../domain/phone-number.ts";
import { entryData } from "./entry-data.ts";

export interface ExportedEvent {
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
  readonly kind: string;
  readonly request?: string | undefined;
  readonly data: unknown;
  readonly prev: string;
  readonly hash: string;
}

/** A number in E.164 form, wherever it stands in a text. */
const NUMBER = /\+\d{7,15}(?!\d)/g;
/** Fields that hold a number, or WhatsApp's id of its user, and nothing else. */
const PHONE_FIELDS: ReadonlySet<string> = new Set(["by", "from", "to"]);

/** @returns hides the numbers of one export */
export function hideNumbers(): (value: unknown) => unknown {
  const key = randomBytes(32);
  const hidden = (number: string) =>
    `phone:${createHmac("sha256", key).update(number).digest("hex").slice(0, 12)}`;

  function hide(value: unknown, field = ""): unknown {
    if (typeof value === "string") {
      const isPhone = PHONE_FIELDS.has(field) && (/^\+?\d{7,}$/.test(value) || isUserId(value));
      return isPhone ? hidden(value) : value.replace(NUMBER, hidden);
    }
    if (Array.isArray(value)) return value.map((each) => hide(each, field));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, hide(each, name)]));
  }

  return (value) => hide(value);
}

export function exported(event: StoredEvent, hide: (value: unknown) => unknown): ExportedEvent {
  const { seq, at, kind, request, data, prev, hash } = event;
  const about = request === null ? {} : { request };
  return { seq, at: timeText(at), kind, ...about, data: hide(entryData(data)), prev, hash };
}

const CSV_COLUMNS = ["seq", "at", "kind", "request", "status", "who", "tool", "project", "data", "hash"];

/** Cells that a spreadsheet would take for a formula begin with an apostrophe. @returns lines that each end with CRLF */
export function csvLines(events: readonly ExportedEvent[]): string {
  return rows(
    events.map(({ seq, at, kind, request = "", data, hash }) => {
      const of = (name: string) => textOf(data, name);
      const who = of("by") || of("from") || of("to");
      return [
        seq,
        at,
        kind,
        request,
        of("status"),
        who,
        of("tool"),
        of("project"),
        JSON.stringify(data),
        hash,
      ];
    }),
  );
}

export const csvHeader = (): string => rows([CSV_COLUMNS]);

/** What a terminal would obey, or a reader not see; a tab and a line break stand in quotes. */
const HIDDEN = /(?![\t\r\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

function visibleCell(cell: string | number): string | number {
  if (typeof cell === "number") return cell;
  return cell.replace(HIDDEN, (found) =>
    Array.from(
      { length: found.length },
      (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}

function rows(records: readonly (readonly (string | number)[])[]): string {
  return stringify(
    records.map((record) => record.map(visibleCell)),
    // A line break that stands bare begins another row for some readers, and a formula with it.
    { escape_formulas: true, record_delimiter: "windows", quoted_match: /[\r\n]/ },
  );
}

function textOf(data: unknown, name: string): string {
  const value = typeof data === "object" && data !== null ? Object.entries(data) : [];
  const found = value.find(([key]) => key === name)?.[1] as unknown;
  return typeof found === "string" ? found : "";
}

/** @param at epoch ms, or what somebody has made of it */
export function timeText(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString();
}
