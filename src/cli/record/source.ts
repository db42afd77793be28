// Where `status` and `log` read from: the running server, and for what has been, the database when it is down.
import type { Config } from "../../config/config.ts";
import type { RecordQuery } from "../../core/ports/history-store.ts";
import { withDeadline } from "../../core/timing.ts";
import { RECORD_API } from "../../history/history.ts";
import { type RecordStatus, SHOWN_STATUSES } from "../../history/outcome-words.ts";
import { placeOf, type RecordPage, readPage } from "../../history/read-record.ts";
import { openRecordReader } from "../../store/record-reader.ts";
import type { CommandContext } from "../command.ts";
import { localAddress, ServerError } from "../local-client.ts";

/** The longest wait for an answer, ms: news are waited for for 25 s. */
const LIMIT_MS = 40_000;
const PAGE = 200;

export interface LogQuery extends Omit<RecordQuery, "statuses" | "requester" | "words"> {
  readonly status?: RecordStatus | undefined;
}

export type ReadLog = (query: LogQuery, before: string | undefined, limit: number) => Promise<RecordPage>;

/** Reads from the running server. @throws as fetch does; ServerError for an answer that is none */
export async function readServer(
  path: string,
  config: Pick<Config, "host" | "serverPort" | "token">,
  context: Pick<CommandContext, "fetch" | "clock" | "signal">,
): Promise<unknown> {
  const { url, headers } = localAddress(config);
  return withDeadline(
    LIMIT_MS,
    async (signal) => {
      const response = await context.fetch(`${url}${RECORD_API}/${path}`, { headers, signal });
      if (response.status === 401) throw new Error("HTTP 401");
      if (response.ok) return response.json();
      const advice = "Another program, or another version of the server, may listen there.";
      throw new ServerError(`${url} answered HTTP ${response.status}.`, advice);
    },
    context,
  );
}

/** Nothing listens there; or what did has just ended, on a connection that was still open. */
const GONE = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

/** Whether the server is not there. */
export function isDown(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  if (typeof cause !== "object" || cause === null || !("code" in cause)) return false;
  return GONE.has(String(cause.code));
}

export function serverLog(
  config: Pick<Config, "host" | "serverPort" | "token">,
  context: Pick<CommandContext, "fetch" | "clock" | "signal">,
): ReadLog {
  return async ({ status, project, toolName, door, since, until }, before, limit) => {
    const all = { status, project, tool: toolName, door, since, until, before, limit: Math.min(limit, PAGE) };
    const given = new URLSearchParams();
    for (const [name, value] of Object.entries(all)) if (value !== undefined) given.set(name, String(value));
    return (await readServer(`requests?${given}`, config, context)) as RecordPage;
  };
}

/** From the database, read-only. @throws ConfigError */
export function databaseLog(path: string): { readonly read: ReadLog; close(): void } {
  const store = openRecordReader(path);
  return {
    read: ({ status, ...query }, before, limit) => {
      const statuses = status === undefined ? undefined : SHOWN_STATUSES[status];
      const from = before === undefined ? undefined : placeOf(before);
      return readPage(store, { ...query, statuses }, { from, limit: Math.min(limit, PAGE) });
    },
    close: store.close,
  };
}
