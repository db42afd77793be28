// Whether requests can be recorded, for `/health`, and what happens when the record's file was lost while the server ran.
import type { Gate } from "../core/gate-contract.ts";
import type { Grants } from "../core/grants.ts";
import type { ModeKeeper } from "../core/mode.ts";
import type { People } from "../core/people.ts";
import type { ApprovalStore } from "../core/ports/approval-store.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Log } from "../core/ports/log.ts";
import type { Messenger } from "../core/ports/messenger.ts";

/** How often `/health` has something written at most, ms: each is a write to the disk. */
const PROBE_INTERVAL_MS = 5_000;

export interface WatchedStore {
  /** The same store, its decisive writes observed. */
  readonly store: ApprovalStore;
  /** Why requests cannot be recorded, from the last attempt; undefined when they can. */
  problem(): Promise<string | undefined>;
}

export function watchStore(store: ApprovalStore, clock: Clock): WatchedStore {
  let problem: string | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;

  async function observed<T>(work: Promise<T>): Promise<T> {
    try {
      const result = await work;
      problem = undefined;
      triedAt = clock.now();
      return result;
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
      triedAt = clock.now();
      throw error;
    }
  }

  return {
    store: {
      ...store,
      insert: (request) => observed(store.insert(request)),
      settle: (...settled) => observed(store.settle(...settled)),
    },
    async problem() {
      // A clock that was set back does not keep the probe away.
      if (Math.abs(clock.now() - triedAt) >= PROBE_INTERVAL_MS) await observed(store.probe()).catch(() => {});
      return problem;
    },
  };
}

export interface LostRecordDeps {
  readonly gate: Pick<Gate, "fail">;
  readonly grants: Pick<Grants, "endAll">;
  readonly mode: Pick<ModeKeeper, "keep">;
  readonly messenger: Messenger;
  readonly people: Pick<People, "toTell">;
  readonly log: Log;
}

/** What waits has no record any longer: it is denied, and the phones are told. @param problem why there is no new file yet */
export async function recordLost(deps: LostRecordDeps, problem: string | undefined): Promise<void> {
  const { gate, grants, mode, messenger, people, log } = deps;
  const isRenewed = problem === undefined;
  // Their record is gone with it.
  grants.endAll("restart");
  const denied = await gate.fail("its record is gone: the database file was removed or replaced.");
  log.error(
    { denied, problem },
    isRenewed
      ? "the database file was removed or replaced: what waited was denied, a new one was begun"
      : "the database file was removed or replaced, and there is no other yet: nothing can be approved",
  );
  // A pause or a panic must not end with the file that it was written in.
  if (isRenewed) await mode.keep();
  await Promise.all(
    people
      .toTell()
      .map((approver) =>
        messenger
          .tell(approver, { kind: "record-lost", denied, isRenewed })
          .catch((error: unknown) => log.warn({ err: error }, "that the record was lost could not be told")),
      ),
  );
}
