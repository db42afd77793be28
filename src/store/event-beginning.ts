// How the event log begins: with what was in the record before there was one, so that a row without entries is known for one of
// those, and one that is added later is not.
import { createHash } from "node:crypto";
import type Database from "better-sqlite3";
import type { EventWriter } from "./events.ts";
import { keep } from "./open-database.ts";

export interface EarlierRow {
  readonly id: string;
  readonly status: string;
  readonly inputSha256: string;
  readonly outcome: string | null;
  readonly decidedAt: number | null;
}

export interface Earlier {
  readonly rows: number;
  readonly digest: string;
}

export const EARLIER_COLUMNS =
  "a.id, a.status, a.input_sha256 AS inputSha256, a.outcome, a.decided_at AS decidedAt";

/** Rows that are read at once. */
const PAGE = 2_000;

/** Takes the rows in the order of their ids; one that is pending now is expected to end. */
export function digestEarlier() {
  const hash = createHash("sha256");
  let rows = 0;
  return {
    /** @param hasEnded whether it was pending then, and has ended since */
    add({ id, status, inputSha256, outcome, decidedAt }: EarlierRow, hasEnded = false): void {
      const isOpen = status === "pending" || hasEnded;
      hash.update(JSON.stringify(isOpen ? [id, inputSha256] : [id, inputSha256, status, outcome, decidedAt]));
      rows += 1;
    },
    result: (): Earlier => ({ rows, digest: hash.digest("hex") }),
  };
}

/** Writes the first entry, where there is none. */
export function beginLog(db: Database.Database, events: EventWriter): void {
  const isNew = keep(
    db
      .prepare<[], number>(
        "SELECT seq = 0 AND hash = '' AND NOT EXISTS (SELECT 1 FROM events) FROM event_head",
      )
      .pluck(),
  );
  if (isNew.get() !== 1) return;
  db.transaction(() => {
    if (isNew.get() === 1) events.append({ kind: "log-begun", data: { earlier: digestAll(db) } });
  }).immediate();
}

function digestAll(db: Database.Database): Earlier {
  const page = keep(
    db.prepare<[string], EarlierRow>(
      `SELECT ${EARLIER_COLUMNS} FROM approvals a WHERE a.id > ? ORDER BY a.id LIMIT ${PAGE}`,
    ),
  );
  const digest = digestEarlier();
  for (let rows = page.all(""); rows.length > 0; rows = page.all(rows.at(-1)?.id ?? ""))
    for (const row of rows) digest.add(row);
  return digest.result();
}
