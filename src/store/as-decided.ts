// Whether a request's row says what the event log says of it: whoever can write to the file can write "approved" into a row, and cannot
// make the entry for it that the chain, the seal and this process's memory of the last entry would let pass.
import type Database from "better-sqlite3";
import { hashOf, isSealedHead, type LogHead, type StoredEvent } from "../core/event-chain.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import { COMPARED_COLUMNS, type ComparedColumns, type ToldOfRow, toldProblem } from "./compare-rows.ts";
import type { EventWriter } from "./events.ts";
import { keep } from "./open-database.ts";

/** Requests whose entries are remembered: the next look at one of them reads its row only. */
const MAX_REMEMBERED = 2_000;
/** Entries that are read in one go. */
const PAGE = 2_000;

export interface DecisionCheck {
  /** Follows the log from the request's first entry to its end, in steps. */
  isAsDecided(id: ApprovalId): Promise<boolean>;
}

type ReadFrom = <T>(work: (db: Database.Database, events: EventWriter) => T) => Promise<T>;

const prepared = new WeakMap<Database.Database, ReturnType<typeof prepare>>();

function prepare(db: Database.Database) {
  return {
    row: keep(
      db.prepare<[string], ComparedColumns>(`SELECT ${COMPARED_COLUMNS} FROM approvals a WHERE a.id = ?`),
    ),
    first: keep(
      db.prepare<[string], { seq: number }>(
        "SELECT seq FROM events WHERE request = ? AND kind = 'requested' ORDER BY seq DESC LIMIT 1",
      ),
    ),
    page: keep(
      db.prepare<[number, number], StoredEvent>(
        "SELECT seq, at, kind, request, data, prev, hash FROM events WHERE seq >= ? ORDER BY seq LIMIT ?",
      ),
    ),
  };
}

function sqlOf(db: Database.Database): ReturnType<typeof prepare> {
  const sql = prepared.get(db) ?? prepare(db);
  prepared.set(db, sql);
  return sql;
}

/** @param secrets what heads are sealed with */
export function createDecisionCheck(read: ReadFrom, secrets: readonly string[]): DecisionCheck {
  const remembered = new Map<ApprovalId, ToldOfRow>();

  async function isLike(id: ApprovalId, told: ToldOfRow): Promise<boolean> {
    const row = await read((db) => sqlOf(db).row.get(id));
    return row !== undefined && toldProblem(row, told) === undefined;
  }

  /** @returns undefined where the log does not hold from there on */
  async function followed(id: ApprovalId): Promise<ToldOfRow | undefined> {
    const first = await read((db) => sqlOf(db).first.get(id)?.seq);
    if (first === undefined) return undefined;
    const told: { -readonly [name in keyof ToldOfRow]: ToldOfRow[name] } = {};
    let last: LogHead | undefined;
    for (;;) {
      const from: number = last === undefined ? first : last.seq + 1;
      const entries = await read((db) => sqlOf(db).page.all(from, PAGE));
      for (const entry of entries) {
        if (hashOf(entry) !== entry.hash || !follows(entry, last, first)) return undefined;
        if (last !== undefined && breaks(entry, last)) return undefined;
        if (entry.request === id) note(told, entry);
        last = entry;
      }
      if (entries.length < PAGE) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    // Up to what this process has written itself.
    const known = await read((_, events) => events.sound());
    return known !== undefined && last !== undefined && known.seq >= last.seq ? told : undefined;
  }

  const follows = (entry: StoredEvent, last: LogHead | undefined, first: number) =>
    last === undefined ? entry.seq === first : entry.seq === last.seq + 1 && entry.prev === last.hash;

  /** What the server has found changed, or could not tell from that: all before it is in doubt. */
  function breaks({ kind, data }: StoredEvent, last: LogHead): boolean {
    if (kind === "broken") return true;
    if (kind !== "sealed" || secrets.length === 0) return false;
    const { before } = JSON.parse(data) as { before?: unknown };
    return typeof before !== "string" || !isSealedHead(secrets, last, before);
  }

  return {
    async isAsDecided(id) {
      const known = remembered.get(id);
      if (known !== undefined && (await isLike(id, known))) return true;
      remembered.delete(id);
      const told = await followed(id);
      if (told === undefined || !(await isLike(id, told))) return false;
      const [oldest] = remembered.keys();
      if (remembered.size >= MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
      remembered.set(id, told);
      return true;
    },
  };
}

function note(
  told: { -readonly [name in keyof ToldOfRow]: ToldOfRow[name] },
  { kind, data }: StoredEvent,
): void {
  if (kind === "requested") told.asked = data;
  if (kind === "decided") told.decided = data;
  if (kind === "written") told.written = data;
  if (kind === "ran") told.ran = data;
}
