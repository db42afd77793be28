// Which programs run for callers: a file for each, beside the database. A server that was killed leaves its programs running, and
// nobody watches over them any more: the next start finds their files, and ends what still carries their mark.
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NoteRun } from "../core/ports/processes.ts";

/** Nothing else is ever looked for: a file that somebody else has put there must not name other programs. */
const ENTRY = /^APPROVAL_(?:SCRIPT|CLAUDE|GATEWAY)_RUN=([0-9a-f]{32})$/;

export interface RunLedger {
  readonly noteRun: NoteRun;
  /** Never throws. @returns how many runs an earlier server has left */
  endLeftOver(): number;
}

interface RunLedgerDeps {
  /** Made where it is missing; absolute. */
  readonly folder: string;
  /** Kills whatever has this entry in its environment. Never throws. */
  readonly killMarked: (entry: string) => void;
  /** This process's own. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function createRunLedger({ folder, killMarked, environment }: RunLedgerDeps): RunLedger {
  return {
    noteRun(entry) {
      const path = join(folder, ENTRY.exec(entry)?.[1] ?? "");
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeFileSync(path, entry, { flag: "wx", mode: 0o600 });
      } catch {
        // It was approved, and runs; after a crash it is then not found.
        return () => {};
      }
      return () => rmSync(path, { force: true });
    },
    endLeftOver() {
      const left = namesIn(folder).flatMap((name) => entryIn(join(folder, name)));
      // Where one of them has started this server, it is not for this one to end itself.
      const others = left.filter(({ name, value }) => environment[name] !== value);
      for (const { path, entry } of others) {
        killMarked(entry);
        remove(path);
      }
      return others.length;
    },
  };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^[0-9a-f]{32}$/.test(name));
  } catch {
    return [];
  }
}

/** Longer than any entry, bytes. */
const MAX_ENTRY = 100;

function entryIn(path: string) {
  try {
    // A pipe would hold the start, and a link may lead to a file without end.
    const stats = lstatSync(path);
    if (!stats.isFile() || stats.size > MAX_ENTRY) return [];
    const entry = readFileSync(path, "utf8");
    const [name = "", value = ""] = entry.split("=");
    return ENTRY.test(entry) ? [{ path, entry, name, value }] : [];
  } catch {
    return [];
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The next start looks for it again, and finds nothing.
  }
}
