// Inbound messages that were seen, and which of them are still being carried out.
import type Database from "better-sqlite3";
import type { ContactStore, LeftDenial, UnfinishedReply } from "../core/ports/contact-store.ts";
import { isClosingWord } from "../domain/closing-word.ts";
import { type ApprovalId, isApprovalId } from "../domain/tool-call.ts";
import { keep } from "./open-database.ts";

interface UnfinishedRow {
  readonly inbound_id: string;
  readonly sender: string;
  readonly seen_at: number;
  readonly request: string | null;
  /** Of `LeftDenial`, in JSON; or `done`, with the command that it was. */
  readonly denial: string | null;
}

export function prepareInboundStatements(db: Database.Database) {
  const prepared = <P extends unknown[] | object, R = unknown>(source: string) =>
    keep(db.prepare<P, R>(source));
  return {
    firstSeen: prepared<[string, number]>(
      "INSERT INTO inbound (id, seen_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
    ),
    wasSeen: prepared<[string]>("SELECT 1 FROM inbound WHERE id = ?"),
    beginReply: prepared<[string, string, string | null, string | null]>(
      "INSERT INTO unfinished_replies (inbound_id, sender, request, denial) VALUES (?, ?, ?, ?)",
    ),
    replyDone: prepared<[string, string]>("UPDATE unfinished_replies SET denial = ? WHERE inbound_id = ?"),
    finishReply: prepared<[string]>("DELETE FROM unfinished_replies WHERE inbound_id = ?"),
    unfinishedReplies: prepared<[], UnfinishedRow>(
      `SELECT u.*, i.seen_at FROM unfinished_replies u JOIN inbound i ON i.id = u.inbound_id
       ORDER BY i.seen_at, i.rowid`,
    ),
    firstRequest: prepared<[], { at: number | null }>("SELECT min(created_at) AS at FROM approvals"),
    // The log begins when a database is made; a record of before it has requests that are older.
    beginning: prepared<[], { at: number | null }>(
      "SELECT min(at) AS at FROM (SELECT min(created_at) AS at FROM approvals UNION ALL SELECT * FROM (SELECT at FROM events ORDER BY seq LIMIT 1))",
    ),
  };
}

type InboundStatements = ReturnType<typeof prepareInboundStatements>;
type Run = <T>(work: (sql: InboundStatements) => T) => Promise<T>;

interface InboundStoreDeps {
  /** Runs what writes on the database that is open. */
  run<T>(work: (sql: InboundStatements, db: Database.Database) => T): Promise<T>;
  /** The same for what nobody waits for. */
  readonly note: Run;
  /** Runs what only reads. */
  readonly read: Run;
}

export function createInboundStore({
  run,
  note,
  read,
}: InboundStoreDeps): Pick<
  ContactStore,
  | "firstSeen"
  | "wasSeen"
  | "replyDone"
  | "finishReply"
  | "unfinishedReplies"
  | "firstRequestAt"
  | "recordBeganAt"
> {
  return {
    firstSeen: (inboundId, at, unfinished) =>
      run((sql, db) =>
        db.transaction(() => {
          if (sql.firstSeen.run(inboundId, at).changes === 0) return false;
          if (unfinished === undefined) return true;
          const { from, request, denial } = unfinished;
          const text = denial === undefined ? null : JSON.stringify(denial);
          sql.beginReply.run(inboundId, from, request ?? null, text);
          return true;
        })(),
      ),
    wasSeen: (inboundId) => read((sql) => sql.wasSeen.get(inboundId) !== undefined),
    replyDone: (inboundId, done) => run((sql) => void sql.replyDone.run(JSON.stringify({ done }), inboundId)),
    finishReply: (inboundId) => note((sql) => void sql.finishReply.run(inboundId)),
    unfinishedReplies: () => read((sql) => sql.unfinishedReplies.all().map(toReply)),
    recordBeganAt: () => read((sql) => sql.beginning.get()?.at ?? undefined),
    firstRequestAt: () => read((sql) => sql.firstRequest.get()?.at ?? undefined),
  };
}

function toReply({ inbound_id, sender, seen_at, request, denial }: UnfinishedRow): UnfinishedReply {
  return {
    inboundId: inbound_id,
    from: sender,
    at: seen_at,
    ...(request === null ? {} : { request: request as ApprovalId }),
    ...(denial === null ? {} : readDenial(denial)),
  };
}

/** What another hand has written is no denial, and must not keep the others from being answered. */
function readDenial(text: string): Pick<UnfinishedReply, "denial" | "done"> {
  try {
    const { text: said, ids, done, ...names } = JSON.parse(text) as LeftDenial & { readonly done?: unknown };
    if (isClosingWord(done)) return { done };
    if (typeof said !== "string") return { denial: undefined };
    const { buttonId, quotedMessageId } = names;
    const given = Object.entries({ buttonId, quotedMessageId }).filter(
      ([, value]) => typeof value === "string",
    );
    const listed = Array.isArray(ids) && ids.every((id) => typeof id === "string" && isApprovalId(id));
    return { denial: { text: said, ...Object.fromEntries(given), ...(listed ? { ids } : {}) } };
  } catch {
    return { denial: undefined };
  }
}
