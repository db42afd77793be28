// Compares the requests of the record with what the event log says of them: a row that was changed, added or removed beside the log.
// What the log has said of each request is kept in a temporary table of SQLite's own: memory does not grow with the log.
import type Database from "better-sqlite3";
import type { RowProblem } from "../core/ports/event-reader.ts";
import { digestEarlier, type Earlier, type EarlierRow } from "./event-beginning.ts";
import { type FixedColumns, rowHash, sha256 } from "./event-facts.ts";
import { keep } from "./open-database.ts";

const TOLD = `DROP TABLE IF EXISTS temp.told;
  CREATE TEMP TABLE told (request TEXT PRIMARY KEY, asked INTEGER, decided INTEGER, written INTEGER, ran INTEGER) WITHOUT ROWID;
  INSERT INTO told SELECT request, max(iif(kind = 'requested', seq, NULL)), max(iif(kind = 'decided', seq, NULL)),
      max(iif(kind = 'written', seq, NULL)), max(iif(kind = 'ran', seq, NULL))
    FROM events WHERE kind IN ('requested', 'decided', 'written', 'ran') AND request IS NOT NULL GROUP BY request`;

const NOT_AS_ASKED = "its row is not as it was asked: the call, or where it came from, was changed";

/** Of rows that are there, and no purge or person has taken: only within a transaction. @returns the first, by its id */
export function changedRequest(db: Database.Database): string | undefined {
  return findRowProblems(db, Number.MAX_SAFE_INTEGER).find(({ problem }) => problem === NOT_AS_ASKED)
    ?.requestId;
}

export interface ComparedColumns extends FixedColumns, EarlierRow {
  readonly answered: number | null;
  readonly run: string | null;
}

/** What the log has said of a request last, as JSON. */
export interface ToldOfRow {
  readonly asked?: string | null;
  readonly decided?: string | null;
  readonly written?: string | null;
  readonly ran?: string | null;
}

interface ComparedRow extends ComparedColumns, Required<ToldOfRow> {
  readonly askedSeq: number | null;
  readonly decidedSeq: number | null;
}

export const COMPARED_COLUMNS = `a.id, a.status, a.door, a.project, a.requester, a.session_id AS sessionId, a.tool_name AS toolName,
    a.tool_use_id AS toolUseId, a.masked_input AS maskedInput, a.input_sha256 AS inputSha256, a.created_at AS createdAt,
    a.expires_at AS expiresAt, a.outcome, a.decided_at AS decidedAt, a.answered, a.run`;

const ROWS = `SELECT ${COMPARED_COLUMNS},
    r.seq AS askedSeq, r.data AS asked, d.seq AS decidedSeq, d.data AS decided, w.data AS written, n.data AS ran
  FROM approvals a
  LEFT JOIN temp.told t ON t.request = a.id
  LEFT JOIN events r ON r.seq = t.asked
  LEFT JOIN events d ON d.seq = t.decided AND d.seq > coalesce(t.asked, 0)
  LEFT JOIN events w ON w.seq = t.written AND w.seq > coalesce(t.asked, 0)
  LEFT JOIN events n ON n.seq = t.ran AND n.seq > coalesce(t.asked, 0)
  WHERE a.id > ? ORDER BY a.id LIMIT 500`;

/** Only within a transaction that reads. @param limit how many to find at most */
export function findRowProblems(db: Database.Database, limit: number): readonly RowProblem[] {
  db.exec(TOLD);
  const page = keep(db.prepare<[string], ComparedRow>(ROWS));
  const found: RowProblem[] = [];
  const earlier = digestEarlier();
  for (let rows = page.all(""); rows.length > 0; rows = page.all(rows.at(-1)?.id ?? "")) {
    for (const row of rows) {
      if (row.asked === null) earlier.add(row, row.decided !== null);
      const problem = toldProblem(row, row);
      if (problem === undefined) continue;
      found.push({ requestId: row.id, seq: row.decidedSeq ?? row.askedSeq ?? undefined, problem });
      if (found.length >= limit) return found;
    }
  }
  const purges = purgesOf(db);
  const expected = purges.isUnfinished ? undefined : (purges.earlier ?? begunWith(db));
  const { rows, digest } = earlier.result();
  if (expected !== undefined && (expected.rows !== rows || expected.digest !== digest))
    found.push({ problem: earlierText(expected.rows, rows) });
  return [...found, ...goneRows(db, purges.before)].slice(0, limit);
}

/** @returns what the row says otherwise than the log, a sentence; undefined where they say the same */
export function toldProblem(
  row: ComparedColumns,
  { asked = null, decided = null, written = null, ran = null }: ToldOfRow,
): string | undefined {
  const { status, outcome, decidedAt, answered } = row;
  if (asked !== null && read(asked)["row"] !== rowHash(row)) return NOT_AS_ASKED;
  if (decided === null) {
    // Without entries it is of before the log: the digest tells.
    if (status === "pending" || asked === null) return undefined;
    return `its row says ${status}, and the log has no decision`;
  }
  const told = read(decided);
  if (status !== told["status"]) return `its row says ${status}, and the log says ${String(told["status"])}`;
  if (told["outcome"] !== sha256(outcome ?? "") || told["decidedAt"] !== decidedAt)
    return "its row says otherwise how or when it was decided than the log does";
  if (asked === null) return undefined;
  const taken = written === null ? undefined : read(written)["taken"];
  if (answered !== null && taken !== (answered === 1))
    return "its row says otherwise whether the caller got the answer than the log does";
  return isSameRun(row.run, ran) ? undefined : "its row says otherwise what ran than the log does";
}

function isSameRun(run: string | null, ran: string | null): boolean {
  if (run === null || ran === null) return run === ran;
  const [row, told] = [read(run), read(ran)];
  return ["startedAt", "endedAt", "ok"].every((name) => row[name] === told[name]);
}

function read(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text) as Record<string, unknown> | null;
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

interface Purges {
  /** What is older may be gone, epoch ms. */
  readonly before: number;
  /** What was left of before the log. */
  readonly earlier?: Earlier | undefined;
  readonly isUnfinished: boolean;
}

function purgesOf(db: Database.Database): Purges {
  const all = keep(
    db.prepare<[], { data: string }>("SELECT data FROM events WHERE kind = 'purged' ORDER BY seq"),
  ).all();
  const entries = all.map(({ data }) => read(data));
  const last = entries.at(-1);
  const before = Math.max(0, ...entries.map((entry) => Number(entry["before"]) || 0));
  return {
    before,
    earlier: last?.["earlier"] as Earlier | undefined,
    isUnfinished: last?.["done"] === false,
  };
}

function begunWith(db: Database.Database): Earlier | undefined {
  const begun = keep(
    db.prepare<[], { data: string }>(
      "SELECT data FROM events WHERE kind = 'log-begun' ORDER BY seq DESC LIMIT 1",
    ),
  ).get();
  return begun === undefined ? undefined : (read(begun.data)["earlier"] as Earlier | undefined);
}

function earlierText(expected: number, rows: number): string {
  if (rows > expected) return `${rows - expected} more rows than the log knows: they have no entries`;
  if (rows < expected) return `${expected - rows} rows from before the log are gone`;
  return "a row from before the log was changed";
}

function goneRows(db: Database.Database, before: number): RowProblem[] {
  return keep(
    db.prepare<{ before: number }, { request: string; seq: number }>(
      `SELECT t.request, t.asked AS seq FROM temp.told t JOIN events r ON r.seq = t.asked
       WHERE NOT EXISTS (SELECT 1 FROM approvals a WHERE a.id = t.request) AND coalesce(iif(json_valid(r.data), json_extract(r.data, '$.createdAt'), NULL), @before) >= @before
       ORDER BY t.asked LIMIT 20`,
    ),
  )
    .all({ before })
    .map(({ request, seq }) => ({
      requestId: request,
      seq,
      problem: "its row is gone, and no purge took it",
    }));
}
