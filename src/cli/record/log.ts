// `npm run log`: what was asked and how it ended, oldest first; with --follow what comes.
import type { Config } from "../../config/config.ts";
import { waitAtMost } from "../../core/timing.ts";
import type { Door } from "../../domain/tool-call.ts";
import type { RecordStatus } from "../../history/outcome-words.ts";
import type { ShownRequest } from "../../history/shown-record.ts";
import { type CommandContext, type CommandInput, columnsOf } from "../command.ts";
import { EXIT } from "../exit.ts";
import { callServer } from "../local-client.ts";
import { createPaint } from "../paint.ts";
import { readClientConfig } from "../settings.ts";
import { jsonLine, logLine } from "./lines.ts";
import { type GivenOptions, limitOf, spanOf, textOf } from "./narrowing.ts";
import { databaseLog, isDown, type LogQuery, type ReadLog, readServer, serverLog } from "./source.ts";

const LIMIT = 50;
const MAX_LIMIT = 10_000;
/** How long after a loss the server is tried again, ms. */
const RETRY_MS = 2_000;

export async function log({ options }: CommandInput, context: CommandContext): Promise<number> {
  const query = queryOf(options, context.clock.now());
  const limit = limitOf(options, MAX_LIMIT) ?? (query.since === undefined ? LIMIT : MAX_LIMIT);
  const config = await readClientConfig(context);
  const print = printer(options["json"] === true, context);
  const read = serverLog(config, context);
  const tellOfNone = (found: ReadonlyMap<string, ShownRequest>) => {
    if (found.size === 0) context.err("No request in the record matches.\n");
  };
  if (options["follow"] === true) {
    // Before the first reading: what changes meanwhile is news.
    const version = await callServer(() => newsOf("", config, context));
    const known = print.all(await callServer(() => newest(read, query, limit)));
    await follow(version, query, known, { config, context, read, print });
    return EXIT.ok;
  }
  try {
    tellOfNone(print.all(await newest(read, query, limit)));
  } catch (error) {
    if (!isDown(error)) return await callServer(() => Promise.reject(error));
    const database = databaseLog(config.databasePath);
    context.err(`The server is not running: read from ${config.databasePath}.\n`);
    try {
      tellOfNone(print.all(await newest(database.read, query, limit)));
    } finally {
      database.close();
    }
  }
  return EXIT.ok;
}

/** The newest, oldest first. */
async function newest(read: ReadLog, query: LogQuery, limit: number): Promise<readonly ShownRequest[]> {
  const found: ShownRequest[] = [];
  let before: string | undefined;
  do {
    const page = await read(query, before, limit - found.length);
    found.push(...page.requests);
    before = page.next;
  } while (before !== undefined && found.length < limit);
  return found.reverse();
}

async function newsOf(after: string, config: Config, context: CommandContext): Promise<string> {
  const news = (await readServer(`changes?after=${encodeURIComponent(after)}`, config, context)) as {
    record_version?: string;
  };
  return news.record_version ?? "";
}

interface Following {
  readonly config: Config;
  readonly context: CommandContext;
  readonly read: ReadLog;
  readonly print: ReturnType<typeof printer>;
}

/** Prints what is asked and what ends, until the command is interrupted. @param known what was printed of which request */
async function follow(
  first: string,
  query: LogQuery,
  known: Map<string, ShownRequest>,
  { config, context, read, print }: Following,
): Promise<void> {
  const { signal, clock } = context;
  const startedAt = clock.now();
  let version = first;
  let isLost = false;
  while (!signal.aborted) {
    try {
      version = await newsOf(version, config, context);
      if (isLost) context.err("The server is there again.\n");
      isLost = false;
      // Back to the oldest that has not ended, or the newest that is known.
      const open = [...known.values()].filter(({ status }) => status === "waiting");
      const times = [...(open.length > 0 ? open : [...known.values()].slice(-1))].map((each) =>
        Date.parse(each.created_at),
      );
      const since = Math.max(query.since ?? 0, Math.min(startedAt, ...times));
      // What was waiting may no longer match --status: it is printed when it does.
      const found = await newest(read, { ...query, since }, MAX_LIMIT);
      const printed = print.all(found.filter(({ id, status }) => known.get(id)?.status !== status));
      for (const [id, request] of printed) {
        known.delete(id);
        known.set(id, request);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!isLost) context.err("The connection to the server is lost: trying again.\n");
      isLost = true;
      version = "";
      if (!isDown(error)) await callServer(() => Promise.reject(error));
      await waitAtMost(
        RETRY_MS,
        new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true })),
        clock,
      );
    }
  }
}

function printer(isJson: boolean, { out, stdout, colours }: CommandContext) {
  const paint = createPaint(colours.out);
  return {
    /** @returns them by id */
    all(requests: readonly ShownRequest[]): Map<string, ShownRequest> {
      const width = columnsOf(stdout);
      for (const request of requests) out(isJson ? jsonLine(request) : logLine(request, paint, width));
      return new Map(requests.map((request) => [request.id, request]));
    },
  };
}

function queryOf(options: GivenOptions, now: number): LogQuery {
  return {
    project: textOf(options, "project"),
    toolName: textOf(options, "tool"),
    door: textOf(options, "door") as Door | undefined,
    status: textOf(options, "status") as RecordStatus | undefined,
    ...spanOf(options, now),
  };
}
