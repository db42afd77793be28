// Appends to the event log, inside the transaction of the row that an entry tells of. Before each entry the end of the log is
// compared with its head and with what this connection knows: a log that was cut, or changed at its end, is noticed at once.
import type Database from "better-sqlite3";
import { asciiJson, GENESIS, hashOf, isSealedHead, type LogHead, sealOfHead } from "../core/event-chain.ts";
import type { NewEvent } from "../core/ports/event-log.ts";
import { keep } from "./open-database.ts";

export interface EventOptions {
  /** What the head is sealed with: none, no seal. */
  readonly secrets?: readonly string[] | undefined;
  /** Epoch ms. */
  readonly now?: (() => number) | undefined;
  /** The end of the log is not what this server has written. Said once for each. @param problem a sentence */
  readonly onBroken?: ((problem: string) => void) | undefined;
}

export interface EventWriter {
  /**
   * Only within a transaction. @returns the new head
   * @throws where it cannot be written; and for an approval where the log was tampered with: nothing is approved on that
   */
  append(event: NewEvent): LogHead;
  /** Looks at the end of the log, and notes what is wrong with it. Only within a transaction. @returns a sentence */
  check(): string | undefined;
  /** @returns the newest entry, where the end of the log is what this server has written; undefined where it is not */
  sound(): LogHead | undefined;
  /** The last entry that this connection knows of. */
  known(): LogHead | undefined;
}

interface Ends {
  readonly seq: number | null;
  readonly hash: string | null;
  readonly seal: string | null;
  readonly purged: number | null;
  readonly lastSeq: number | null;
  readonly lastHash: string | null;
  readonly knownSeq: number | null;
  readonly knownHash: string | null;
}

class LogTampered extends Error {
  override readonly name = "LogTampered";
}

function prepareEventStatements(db: Database.Database) {
  const prepared = <P extends unknown[] | object, R = unknown>(source: string) =>
    keep(db.prepare<P, R>(source));
  // Takes part in every transaction and savepoint, and no other connection can see or change it.
  db.exec(
    `PRAGMA temp_store = MEMORY;
     CREATE TEMP TABLE IF NOT EXISTS known_head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL)`,
  );
  return {
    ends: prepared<[], Ends>(
      `SELECT h.seq, h.hash, h.seal, h.purged, e.seq AS lastSeq, e.hash AS lastHash, k.seq AS knownSeq, k.hash AS knownHash
       FROM (SELECT 1) LEFT JOIN event_head h ON h.one = 1
       LEFT JOIN (SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1) e
       LEFT JOIN temp.known_head k`,
    ),
    add: prepared<[number, number, string, string | null, string, string, string]>(
      "INSERT INTO events (seq, at, kind, request, data, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ),
    setHead: prepared<[number, string, string]>(
      `INSERT INTO event_head (one, seq, hash, seal) VALUES (1, ?, ?, ?)
       ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, seal = excluded.seal`,
    ),
    know: prepared<[number, string]>(
      "INSERT OR REPLACE INTO temp.known_head (one, seq, hash) VALUES (1, ?, ?)",
    ),
    since: prepared<[number], { prev: string; hash: string }>(
      "SELECT prev, hash FROM events WHERE seq > ? ORDER BY seq",
    ),
    at: prepared<[number], { hash: string }>("SELECT hash FROM events WHERE seq = ?"),
    known: prepared<[], LogHead>("SELECT seq, hash FROM temp.known_head"),
  };
}

/** @param known what an earlier connection to the same file knew */
export function createEventWriter(
  db: Database.Database,
  options: EventOptions = {},
  known?: LogHead,
): EventWriter {
  const { secrets = [], now = Date.now, onBroken = () => {} } = options;
  const sql = prepareEventStatements(db);
  if (known !== undefined) sql.know.run(known.seq, known.hash);
  let told: string | undefined;

  function add(last: LogHead, { kind, requestId, data }: NewEvent): LogHead {
    const entry = {
      seq: last.seq + 1,
      at: now(),
      kind,
      request: requestId ?? null,
      data: asciiJson(data),
      prev: last.hash,
    };
    const head = { seq: entry.seq, hash: hashOf(entry) };
    sql.add.run(entry.seq, entry.at, kind, entry.request, entry.data, entry.prev, head.hash);
    sql.setHead.run(head.seq, head.hash, sealOfHead(secrets, head));
    sql.know.run(head.seq, head.hash);
    return head;
  }

  /** What others have added since is theirs to add where it continues what is known, and is sealed. */
  function isContinued({ knownSeq, knownHash, seq, hash, seal, purged }: Ends): boolean {
    if (knownSeq === null || seq === null || hash === null || seal === null) return true;
    if (knownSeq === seq && knownHash === hash) return true;
    if (knownSeq > seq || !isFitting({ seq, hash }, seal)) return false;
    const known = sql.at.get(knownSeq);
    if (known === undefined) return knownSeq <= (purged ?? 0);
    let before = known.hash;
    if (before !== knownHash) return false;
    for (const entry of sql.since.all(knownSeq)) {
      if (entry.prev !== before) return false;
      before = entry.hash;
    }
    return before === hash;
  }

  const isFitting = (head: LogHead, seal: string) =>
    secrets.length === 0 ? seal === "" : isSealedHead(secrets, head, seal);

  function problemOf(ends: Ends): string | undefined {
    const { seq, hash, lastSeq, lastHash, knownSeq } = ends;
    if (seq === null) return "the head of the event log is gone";
    if (lastSeq === null ? seq !== 0 : lastSeq < seq)
      return `the event log was cut: it ended with entry ${seq}, and now with ${lastSeq ?? 0}`;
    if (lastSeq !== null && (lastSeq !== seq || lastHash !== hash))
      return `the end of the event log was changed: entry ${lastSeq} is not the one that the head names`;
    if (!isContinued(ends))
      return `the event log was cut or changed while the server ran: entry ${knownSeq} is not followed by what is there now`;
    return undefined;
  }

  function note(last: LogHead, ends: Ends, problem: string): LogHead {
    const expected = ends.knownSeq === null ? pick(ends.seq, ends.hash) : pick(ends.knownSeq, ends.knownHash);
    // A trigger takes only what follows the head.
    sql.setHead.run(last.seq, last.hash, "");
    return add(last, { kind: "broken", data: { problem, expected, found: last } });
  }

  /** Where the seal is not one of ours, the old one is kept: whoever has its secret can still tell what it covered. */
  function sealAnew(last: LogHead, { seal, knownSeq }: Ends): LogHead {
    if (knownSeq !== null || last.seq === 0 || isFitting(last, seal ?? "")) return last;
    return add(last, { kind: "sealed", data: { before: seal ?? "", now: secrets.length > 0 } });
  }

  /** @returns the end to go on from */
  function mended(isApproval: boolean): { last: LogHead; problem: string | undefined } {
    if (!db.inTransaction) throw new Error("an event is appended within a transaction only");
    const ends = sql.ends.get() as Ends;
    const last = pick(ends.lastSeq, ends.lastHash) ?? { seq: 0, hash: GENESIS };
    const problem = problemOf(ends);
    if (problem === undefined) return { last: sealAnew(last, ends), problem };
    if (told !== problem) onBroken(problem);
    told = problem;
    if (isApproval) throw new LogTampered(problem);
    return { last: note(last, ends, problem), problem };
  }

  return {
    append(event) {
      const isApproval =
        event.kind === "endorsed" || (event.kind === "decided" && event.data["status"] === "approved");
      return add(mended(isApproval).last, event);
    },
    check: () => mended(false).problem,
    sound() {
      const ends = sql.ends.get() as Ends;
      return problemOf(ends) === undefined ? pick(ends.lastSeq, ends.lastHash) : undefined;
    },
    known: () => sql.known.get(),
  };
}

function pick(seq: number | null, hash: string | null): LogHead | undefined {
  return seq === null || hash === null ? undefined : { seq, hash };
}
