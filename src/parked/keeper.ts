// Keeps the requests that wait on without Claude, and starts Claude again for one that a person has approved: at most once, with a
// row that says so first. One for each session: Claude Code keeps one call back (measured with 2.1.329).
import type { Answer } from "../core/pending-request.ts";
import { deferred, waitAtMost } from "../core/timing.ts";
import type { Submission } from "../domain/submission.ts";
import { taskFolderAt } from "../domain/task-folder.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import { hashOf } from "./allowed-calls.ts";
import type { ParkedDeps } from "./contract.ts";
import { type ParkedRequest, parkedRow } from "./parked-row.ts";
import type { StartAgain } from "./start-again.ts";
import type { ParkedTelling } from "./tell.ts";

/** How long a stop waits for what it ends, ms: below what a stop may take. */
const STOP_MS = 2_500;

export interface Keeper {
  /** What is parked of a session. */
  of(sessionId: string | undefined): KeptRequest | undefined;
  /** What is parked and is this call, in whichever of the two ways that can be told. */
  find(submission: Submission): KeptRequest | undefined;
  /** Parks a request that waits. @returns undefined where that cannot be, and nothing has changed */
  park(id: ApprovalId, claudePid: number | undefined): Promise<KeptRequest | undefined>;
  /** Keeps a request of an earlier run. */
  reopen(request: ParkedRequest, inspection: Answer["request"]["inspection"]): void;
  runEnded(sessionId: string): void;
  /** Ends every session that was resumed, and says so. */
  endAll(): void;
  /** The server stops: what is parked waits on without it, and no session goes on. */
  leave(): void;
  stop(): Promise<void>;
}

interface KeptRequest {
  readonly id: ApprovalId;
  isCall(call: Submission["call"]): boolean;
  /** Claude Code goes on with this call by itself: nothing is to be resumed for it. */
  giveUp(cause: "withdrawn" | "disconnected"): Promise<void>;
}

interface ParkedEntry extends KeptRequest {
  readonly runEnded: { readonly promise: Promise<void>; resolve(value?: undefined): void };
  readonly claudePid: number | undefined;
  readonly requester: string | undefined;
  readonly leaving: AbortController;
}

export function createKeeper(deps: ParkedDeps, start: StartAgain, tell: ParkedTelling): Keeper {
  const { gate, store, clock, log, folders } = deps;
  const bySession = new Map<string, ParkedEntry>();
  const over = new AbortController();
  const resumed = new Set<AbortController>();
  const underWay = new Set<Promise<void>>();

  function enter(request: Answer["request"], sessionId: string, claudePid?: number): ParkedEntry {
    const leaving = new AbortController();
    const gone = deferred<void>();
    const { promise, resolve } = deferred<void>();
    const hash = hashOf(request.call);
    const entry: ParkedEntry = {
      id: request.id,
      claudePid,
      requester: request.requester,
      leaving,
      runEnded: { promise, resolve },
      isCall: ({ toolUseId = request.call.toolUseId, ...call }) =>
        toolUseId === request.call.toolUseId && hashOf(call) === hash,
      giveUp(cause) {
        leaving.abort(cause);
        return gone.promise;
      },
    };
    bySession.set(sessionId, entry);
    leaving.signal.addEventListener("abort", () => void leave(sessionId, entry).then(gone.resolve));
    return entry;
  }

  async function leave(sessionId: string, entry: ParkedEntry): Promise<void> {
    if (bySession.get(sessionId) === entry) bySession.delete(sessionId);
    await store.endParked(entry.id, clock.now()).catch((error: unknown) => {
      log.error({ id: entry.id, err: error }, "what came of a parked request could not be recorded");
    });
  }

  function follow(sessionId: string, entry: ParkedEntry, answer: Promise<Answer>): void {
    const work = answer
      .then((each) => answered(sessionId, entry, each))
      .catch((error: unknown) => log.error({ id: entry.id, err: error }, "a parked request failed"))
      .finally(() => underWay.delete(work));
    underWay.add(work);
  }

  async function answered(sessionId: string, entry: ParkedEntry, answer: Answer): Promise<void> {
    const { outcome, acknowledge } = answer;
    // It waits on: the next start finds it.
    if (outcome.status === "cancelled" && outcome.cause === "shutdown") return;
    if (outcome.status !== "approved") {
      await leave(sessionId, entry);
      return acknowledge(true);
    }
    const { end, words } = await stoppable((stop) =>
      start(answer, entry, stop, () => bySession.delete(sessionId)),
    );
    const next = bySession.get(sessionId);
    const told = next !== undefined && next !== entry && end === "finished" ? "waits-again" : end;
    if (over.signal.aborted) return;
    await leave(sessionId, entry);
    await tell.ended(entry.id, nameOf(answer.request.parking?.folder), told, words);
  }

  /** @param work ends early by a stop of the server, and by a panic */
  async function stoppable<Result>(work: (stop: AbortSignal) => Promise<Result>): Promise<Result> {
    const own = new AbortController();
    if (over.signal.aborted) own.abort();
    resumed.add(own);
    return work(own.signal).finally(() => resumed.delete(own));
  }

  function endAll(): void {
    for (const each of resumed) each.abort();
  }

  function leaveAll(): void {
    over.abort();
    endAll();
  }

  const nameOf = (folder: string | undefined) => taskFolderAt(folders, folder)?.name ?? "its folder";

  return {
    of: (sessionId) => (sessionId === undefined ? undefined : bySession.get(sessionId)),
    find({ sessionId, call, requester }) {
      if (sessionId === undefined && call.toolUseId === undefined) return undefined;
      const isIt = ([session, entry]: [string, ParkedEntry]) =>
        (sessionId === undefined || sessionId === session) &&
        requester === entry.requester &&
        entry.isCall(call);
      return [...bySession].find(isIt)?.[1];
    },
    async park(id, claudePid) {
      const request = gate.waiting().find((each) => each.id === id);
      const parking = request?.parking;
      if (request === undefined || parking === undefined || bySession.has(parking.sessionId))
        return undefined;
      const { sessionId, folder } = parking;
      const entry = enter(request, sessionId, claudePid);
      // What its messages do not show, the next run no longer knows: it asks for as many people as they say.
      const asked = { ...request, quorum: gate.quorumOf(id) };
      const row = parkedRow(asked, { ...parking, parkedAt: clock.now() }, clock.now(), deps.secrets);
      const isWritten = await store.park(row).catch((error: unknown) => {
        log.error({ id, err: error }, "a request could not be parked: that cannot be recorded");
        return false;
      });
      const answer = isWritten ? gate.park(id, { signal: entry.leaving.signal }) : undefined;
      if (answer === undefined) {
        bySession.delete(sessionId);
        if (isWritten) await store.unpark(id).catch(() => {});
        return undefined;
      }
      follow(sessionId, entry, answer);
      void tell.parked(id, nameOf(folder), request.expiresAt - clock.now());
      return entry;
    },
    reopen(request, inspection) {
      const { sessionId } = request.parking;
      const whole = { ...request, inspection };
      const entry = enter(whole, sessionId);
      entry.runEnded.resolve();
      follow(sessionId, entry, gate.reopen(whole, { signal: entry.leaving.signal }));
    },
    runEnded: (sessionId) => bySession.get(sessionId)?.runEnded.resolve(),
    endAll,
    leave: leaveAll,
    async stop() {
      leaveAll();
      await waitAtMost(STOP_MS, Promise.all(underWay), clock);
    },
  };
}
