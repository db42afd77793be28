// Follows the event log from its beginning, or from its last purge, to its head, and says what is wrong with it first. What it can
// show and what it cannot is in docs/audit.md.
import {
  GENESIS,
  hashOf,
  isSealedHead,
  type LogHead,
  SEAL_SECRET,
  type StoredEvent,
} from "../core/event-chain.ts";
import type { EventReader } from "../core/ports/event-reader.ts";

/** Entries that are read at once. */
const PAGE = 2_000;
/** Rows that are named at most. */
const MAX_ROWS = 20;

export interface LogProblem {
  /** The entry; absent where it is about a row or the whole. */
  readonly seq?: number | undefined;
  /** When that entry was written, epoch ms; absent where it is not there. */
  readonly at?: number | undefined;
  readonly requestId?: string | undefined;
  /** A sentence without its subject. */
  readonly problem: string;
}

export interface LogVerdict {
  /** The first is the first broken entry, where one is. None: all of it holds. */
  readonly problems: readonly LogProblem[];
  readonly entries: number;
  readonly head: LogHead | undefined;
  /** Whether the seal of the head was compared; `none`: there is none. */
  readonly seal: "fits" | "none" | "unchecked";
  /** Where the chain begins; 0 where nothing was purged. */
  readonly purgedUpTo: number;
  /** The entry that the person has named, where one was. */
  readonly found?: StoredEvent | undefined;
}

export interface VerifyOptions {
  /** What heads are sealed with; none: they are not checked. */
  readonly secrets: readonly string[];
  /** The beginning of a hash that the log must have: hex digits. */
  readonly wanted?: string | undefined;
}

export function verifyLog(reader: EventReader, { secrets, wanted }: VerifyOptions): LogVerdict {
  return reader.atOnce(() => {
    const head = reader.head();
    const start = beginning(reader);
    const chain = followChain(reader, start.from, { secrets, wanted });
    const { last } = chain;
    const ends =
      head === undefined ? { problem: "the head of the log is gone" } : endProblem(head, last, secrets);
    const broken = start.problem ?? chain.problem ?? ends;
    const missing =
      wanted !== undefined && chain.found === undefined && broken === undefined
        ? { problem: `no entry has the hash ${wanted}: the log was replaced, or that part of it was purged` }
        : undefined;
    const rows = reader.rowProblems(MAX_ROWS);
    return {
      problems: [broken, missing, ...rows].filter((each) => each !== undefined),
      entries: chain.entries,
      head: last.seq === 0 ? undefined : last,
      seal: head === undefined || head.seal === "" ? "none" : secrets.length === 0 ? "unchecked" : "fits",
      purgedUpTo: start.from.seq,
      found: chain.found,
    };
  });
}

/** @returns what the first entry must continue */
function beginning(reader: EventReader): { from: LogHead; problem?: LogProblem } {
  const genesis = { seq: 0, hash: GENESIS };
  const first = reader.first();
  if (first === undefined || first.seq === 1) return { from: genesis };
  const purge = reader.newest("purged");
  const { upTo, hash } = purge === undefined ? {} : read(purge.data);
  // A purge that was broken off leaves entries that it has already taken out of the chain.
  if (typeof upTo === "number" && typeof hash === "string" && first.seq <= upTo + 1)
    return { from: { seq: upTo, hash } };
  const problem = `entries 1 to ${first.seq - 1} are gone, and no purge took them`;
  return { from: { seq: first.seq - 1, hash: first.prev }, problem: { seq: 1, problem } };
}

interface Chain {
  readonly last: LogHead;
  readonly entries: number;
  readonly found: StoredEvent | undefined;
  readonly problem: LogProblem | undefined;
}

function followChain(reader: EventReader, from: LogHead, options: VerifyOptions): Chain {
  const { secrets, wanted } = options;
  let last = from;
  let lastAt: number | undefined;
  let entries = 0;
  let found: StoredEvent | undefined;
  let isSealed = false;
  for (let page = reader.page({}, from.seq, PAGE); page.length > 0; page = reader.page({}, last.seq, PAGE)) {
    for (const entry of page) {
      const { seq, at } = entry;
      const problem = linkProblem(entry, last, lastAt) ?? toldProblem(entry, last, isSealed, secrets);
      if (problem !== undefined) return { last, entries, found, problem: { seq, at, ...problem } };
      if (entry.kind === "sealed") isSealed = read(entry.data)["now"] === true;
      if (wanted !== undefined && entry.hash.startsWith(wanted)) found = entry;
      last = { seq, hash: entry.hash };
      lastAt = at;
      entries += 1;
    }
  }
  return { last, entries, found, problem: undefined };
}

function linkProblem(entry: StoredEvent, last: LogHead, lastAt: number | undefined): LogProblem | undefined {
  if (entry.seq !== last.seq + 1) {
    const gap = entry.seq - 1 > last.seq + 1 ? `entries ${last.seq + 1} to ${entry.seq - 1} are` : "it is";
    return { seq: last.seq + 1, at: lastAt, problem: `${gap} gone` };
  }
  if (hashOf(entry) !== entry.hash) return { problem: "it was changed: its hash does not fit" };
  if (entry.prev !== last.hash) return { problem: "it does not continue the entry before it" };
  return undefined;
}

/** What the server has noticed itself, and seals that were exchanged. */
function toldProblem(
  { kind, data }: StoredEvent,
  last: LogHead,
  isSealed: boolean,
  secrets: readonly string[],
): LogProblem | undefined {
  // Nearly all entries are of other kinds, and are not read for this.
  if (kind === "broken") return { problem: `the server found here: ${String(read(data)["problem"])}` };
  if (kind !== "sealed") return undefined;
  const before = String(read(data)["before"]);
  if (before === "") {
    return isSealed ? { problem: "the seal of the entries before it was taken away" } : undefined;
  }
  if (secrets.length === 0 || isSealedHead(secrets, last, before)) return undefined;
  return {
    problem:
      "the entries before it were sealed with another token, or written anew. Where TWILIO_AUTH_TOKEN was changed then, set the old one as TWILIO_AUTH_TOKEN_SECONDARY for this check; the old key or token of another channel cannot be set",
  };
}

function endProblem(
  { seq, hash, seal }: LogHead & { readonly seal: string },
  last: LogHead,
  secrets: readonly string[],
): LogProblem | undefined {
  if (last.seq < seq)
    return { seq: last.seq + 1, problem: `it and what follows are gone: the head names entry ${seq}` };
  if (last.seq > seq) return { seq: seq + 1, problem: `it was added: the head names entry ${seq}` };
  if (last.hash !== hash && seq > 0) return { seq, problem: "the head names another entry" };
  if (secrets.length === 0 || (seal !== "" && isSealedHead(secrets, last, seal)) || seq === 0)
    return undefined;
  const how = seal === "" ? "the head has no seal" : "the seal of the head does not fit";
  return {
    seq,
    problem: `${how}: entries were written without ${SEAL_SECRET}, or that was changed and the server has not started since`,
  };
}

function read(text: string): Record<string, unknown> {
  try {
    return { ...(JSON.parse(text) as Record<string, unknown>) };
  } catch {
    return {};
  }
}
