// `npm run audit`: the event log, listed, exported, or verified.

import { resolve } from "node:path";
import type { Writable } from "node:stream";
import { eventWords } from "../../audit/event-line.ts";
import { csvHeader, csvLines, exported, hideNumbers } from "../../audit/export.ts";
import type { StoredEvent } from "../../core/event-chain.ts";
import type { EventQuery, EventReader } from "../../core/ports/event-reader.ts";
import { isEventKind } from "../../domain/audit-event.ts";
import { numberForms } from "../../domain/phone-number.ts";
import { visibleLine } from "../../domain/visible.ts";
import { sealSecrets } from "../../server/seal-secrets.ts";
import { openEventReader } from "../../store/event-reader.ts";
import { type CommandContext, type CommandInput, columnsOf, UsageError } from "../command.ts";
import { EXIT } from "../exit.ts";
import { createPaint, type Paint } from "../paint.ts";
import { fittingLine } from "../record/fitting.ts";
import { jsonLine } from "../record/lines.ts";
import { type GivenOptions, limitOf, spanOf, textOf } from "../record/narrowing.ts";
import { readClientConfig } from "../settings.ts";
import { verify } from "./verify.ts";

const LIMIT = 50;
const MAX_LIMIT = 1_000_000;
/** Entries that are in memory at once. */
const PAGE = 1_000;

export async function audit({ options }: CommandInput, context: CommandContext): Promise<number> {
  checkTogether(options);
  const query = queryOf(options, context.clock.now());
  const limit = countOf(options);
  const config = await readClientConfig(context);
  const file = options["file"];
  const reader =
    typeof file === "string"
      ? openEventReader(resolve(context.current, file), { by: "--file" })
      : openEventReader(config.databasePath);
  try {
    if (options["verify"] === true) return verify(reader, sealSecrets(config), options, context);
    return await list(reader, query, limit, options, context);
  } finally {
    reader.close();
  }
}

async function list(
  reader: EventReader,
  query: EventQuery,
  limit: number | undefined,
  options: CommandInput["options"],
  context: CommandContext,
): Promise<number> {
  const { out, stdout } = context;
  const write = writerOf(options, context);
  out(write.head);
  let after = limit === undefined ? 0 : reader.before(query, limit - 1) - 1;
  let count = 0;
  for (let page = reader.page(query, after, PAGE); page.length > 0; page = reader.page(query, after, PAGE)) {
    out(write.entries(page));
    count += page.length;
    after = page.at(-1)?.seq ?? after;
    // Whoever reads it slowly must not have all of it kept for them; whoever has gone gets no more.
    await taken(stdout);
    if (stdout.destroyed || stdout.errored) break;
  }
  if (count === 0) context.err("No entry of the log matches.\n");
  return EXIT.ok;
}

function taken(stdout: Writable): Promise<void> {
  return new Promise((done) => stdout.write("", () => done()));
}

function writerOf(options: CommandInput["options"], { colours, stdout }: CommandContext) {
  const hide = hideNumbers();
  if (options["csv"] === true) {
    return {
      head: csvHeader(),
      entries: (page: readonly StoredEvent[]) => csvLines(page.map((each) => exported(each, hide))),
    };
  }
  if (options["json"] === true) {
    return {
      head: "",
      entries: (page: readonly StoredEvent[]) => page.map((each) => jsonLine(exported(each, hide))).join(""),
    };
  }
  const paint = createPaint(colours.out);
  const width = columnsOf(stdout);
  return {
    head: "",
    entries: (page: readonly StoredEvent[]) => page.map((each) => humanLine(each, paint, width)).join(""),
  };
}

const COLOURS: Readonly<Record<string, "red" | "green" | "dim">> = {
  broken: "red",
  failed: "red",
  refused: "red",
  decided: "green",
  sent: "dim",
  delivered: "dim",
  read: "dim",
};
const KIND_WIDTH = 14;
/** Columns below which the numbers of entries stand where they begin. */
const NARROW = 50;

function humanLine(event: StoredEvent, paint: Paint, width: number | undefined): string {
  const { seq, at, request } = event;
  const kind = visibleLine(event.kind).padEnd(KIND_WIDTH);
  const head = `${String(seq).padStart(width === undefined || width >= NARROW ? 6 : 0)}  ${localTime(at)}  `;
  const words = [request === null ? "" : visibleLine(request), eventWords(event)].filter(
    (part) => part !== "",
  );
  const colour = COLOURS[event.kind];
  const shown = `${head}${colour === undefined ? kind : paint(colour, kind)}`;
  return fittingLine({ columns: head.length + kind.length, shown }, words.join("  "), width);
}

/** "2026-10-31 14:05:09", this machine's time. */
export function localTime(at: number): string {
  const when = new Date(at);
  if (Number.isNaN(when.getTime())) return String(at);
  const two = (part: number) => String(part).padStart(2, "0");
  const day = [when.getFullYear(), two(when.getMonth() + 1), two(when.getDate())].join("-");
  return `${day} ${[when.getHours(), when.getMinutes(), when.getSeconds()].map(two).join(":")}`;
}

function checkTogether(options: CommandInput["options"]): void {
  const narrowing = ["since", "until", "kind", "request", "project", "status", "phone", "limit", "csv"];
  const given = narrowing.find((name) => options[name] !== undefined);
  if (options["verify"] === true && given !== undefined)
    throw new UsageError(`--verify checks the whole log: leave --${given} out.`);
  if (options["head"] !== undefined && options["verify"] !== true)
    throw new UsageError("--head goes with --verify.");
  if (options["json"] === true && options["csv"] === true)
    throw new UsageError("--json and --csv are two formats: choose one.");
}

function queryOf(options: GivenOptions, now: number): EventQuery {
  const kind = textOf(options, "kind");
  const phone = textOf(options, "phone");
  if (phone !== undefined && !/^\+\d{7,15}$/.test(phone))
    throw new UsageError("--phone is a number with its country: +15005550006.");
  return {
    kind: kind !== undefined && isEventKind(kind) ? kind : undefined,
    requestId: textOf(options, "request")?.toLowerCase(),
    project: textOf(options, "project"),
    status: textOf(options, "status"),
    phones: phone === undefined ? undefined : numberForms(phone),
    ...spanOf(options, now),
  };
}

/** @returns undefined: all */
function countOf(options: GivenOptions): number | undefined {
  const isWhole = ["since", "json", "csv"].some((name) => options[name] !== undefined);
  return limitOf(options, MAX_LIMIT) ?? (isWhole ? undefined : LIMIT);
}
