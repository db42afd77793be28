// Writes that are asked for in one turn of the event loop are one transaction: one wait for the disk for all of them. Each
// stands by itself in it: one that fails is taken back alone. Nobody is told of a write before the disk has it.
import type Database from "better-sqlite3";
import type { LiveDatabase } from "./live-database.ts";

export type UsedFile = ReturnType<LiveDatabase["use"]>;

/** May be taken back, and run again: it must change nothing but the database. */
export type Work<T> = (file: UsedFile) => T;

/** How long a note waits for a group that it can join, ms. */
const NOTE_WAIT_MS = 20;

export interface GroupCommit {
  /** Resolves once the write, with all others of its group, is on the disk. @throws what the work throws, or the commit */
  write<T>(work: Work<T>): Promise<T>;
  /** The same for what nobody waits for: it joins the next group, and makes one only when none comes. */
  note<T>(work: Work<T>): Promise<T>;
  /** Sees all that was asked for before, and nothing that is not on the disk: with some of it waiting, it waits with that. */
  read<T>(work: Work<T>): Promise<T>;
  /** Commits at once what was asked for. Never throws. */
  flush(): void;
}

/** A write that was asked for. */
interface Asked {
  readonly work: Work<unknown>;
  readonly isRead: boolean;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

type Result = { readonly value: unknown } | { readonly error: unknown };

/** @param onCommitted called after each group that is on the disk */
export function createGroupCommit(
  live: Pick<LiveDatabase, "use" | "confirm">,
  onCommitted: () => void = () => {},
): GroupCommit {
  let group: Asked[] = [];
  let atTurnsEnd: NodeJS.Immediate | undefined;
  let later: NodeJS.Timeout | undefined;

  function ask<T>(work: Work<T>, isRead = false): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      group.push({ work, isRead, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  function atEndOfTurn<T>(work: Work<T>, isRead?: boolean): Promise<T> {
    atTurnsEnd ??= setImmediate(flush);
    return ask(work, isRead);
  }

  // The driver is synchronous: wrapping it turns a throw into a rejection.
  const now = async <T>(work: Work<T>): Promise<T> => work(live.use());

  function flush(): void {
    clearImmediate(atTurnsEnd);
    clearTimeout(later);
    atTurnsEnd = later = undefined;
    const asked = group;
    group = [];
    if (asked.length > 0) commit(asked);
  }

  function commit(asked: readonly Asked[]): void {
    let results: readonly Result[];
    try {
      const file = live.use();
      results = runAll(file, asked);
      // Into a file that nobody finds again is nowhere.
      live.confirm();
    } catch (error) {
      // What only reads needs no room on the disk.
      for (const { work, isRead, resolve, reject } of asked) {
        if (isRead) now(work).then(resolve, reject);
        else reject(error);
      }
      return;
    }
    asked.forEach(({ resolve, reject }, index) => {
      const result = results[index];
      if (result !== undefined && "value" in result) resolve(result.value);
      else reject(result?.error);
    });
    onCommitted();
  }

  return {
    write: (work) => atEndOfTurn(work),
    note(work) {
      if (atTurnsEnd === undefined) later ??= setTimeout(flush, NOTE_WAIT_MS);
      return ask(work);
    },
    read: (work) => (group.length === 0 ? now(work) : atEndOfTurn(work, true)),
    flush,
  };
}

type Transaction = Database.Transaction<(work: () => unknown) => unknown>;

const transactions = new WeakMap<Database.Database, Transaction>();

/** Made once for each database: the driver makes four functions for each of them. */
function transactionOf(db: Database.Database): Transaction {
  const known = transactions.get(db) ?? db.transaction((work: () => unknown) => work());
  transactions.set(db, known);
  return known;
}

/** Thrown where an error has taken back the whole transaction, and with it what others had written. */
const TAKEN_BACK = new Error("the transaction was taken back");

/** @throws when nothing of it could be committed */
function runAll(file: UsedFile, asked: readonly Asked[]): readonly Result[] {
  const { db } = file;
  const [only] = asked;
  if (asked.length === 1 && only !== undefined) return [alone(file, only)];
  try {
    return transactionOf(db).immediate(() => asked.map((each) => inSavepoint(db, file, each))) as Result[];
  } catch (error) {
    if (error !== TAKEN_BACK) throw error;
    return asked.map((each) => alone(file, each));
  }
}

function alone(file: UsedFile, { work }: Asked): Result {
  try {
    return { value: transactionOf(file.db).immediate(() => work(file)) };
  } catch (error) {
    return { error };
  }
}

function inSavepoint(db: Database.Database, file: UsedFile, { work }: Asked): Result {
  try {
    return { value: transactionOf(db)(() => work(file)) };
  } catch (error) {
    // A full disk ends the transaction, not only what has met it.
    if (!db.inTransaction) throw TAKEN_BACK;
    return { error };
  }
}
