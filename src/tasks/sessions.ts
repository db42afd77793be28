// The sessions of tasks: who may have one, one turn at a time, and what ends them. What a person has allowed is run here; nothing
// here asks.
import { randomBytes } from "node:crypto";
import type { TaskOutcome, TaskProblem, TaskSession } from "../core/ports/task-store.ts";
import type { TaskDeps, VerificationOrder } from "./contract.ts";
import { createLiveTurns, type HeldTurn } from "./live-turns.ts";
import { createMasking } from "./masking.ts";
import {
  BUSY,
  continueProblem,
  maySee,
  NOT_FOUND,
  NOT_RECORDED,
  nestingProblem,
  obstacle,
  STOPPING,
} from "./session-checks.ts";
import type { HeldOrProblem, Sessions } from "./session-contract.ts";
import { isOwnSession } from "./session-seal.ts";
import { createTurns } from "./turn.ts";

/** Sessions that may be asked about or at work at the same time. */
const MAX_UNDER_WAY = 4;
/** Beyond its own limit a turn has so long to be written down, ms. */
const GRACE_MS = 60_000;
function refusedOutcome(problem: TaskProblem): TaskOutcome {
  return { summary: problem.message, outputText: "", artifacts: [], warnings: [], errors: [problem] };
}

export function createSessions(deps: TaskDeps & { readonly askMs: number }): Sessions {
  const { store, folders, mode, clock, log } = deps;
  const turn = createTurns(deps);
  const masking = createMasking(deps);
  const live = createLiveTurns();
  const listeners = new Set<Parameters<Sessions["onChange"]>[0]>();
  /** Counted before they are written. */
  let arriving = 0;
  let isClosed = false;

  mode.onClose(({ kind }) => {
    if (kind === "panic") live.stopAll("panic");
  });

  function tell(session: TaskSession, kind: "started" | "ended" | "changed"): void {
    for (const listener of [...listeners]) {
      try {
        listener(session, kind);
      } catch (error) {
        log.error({ err: error }, "what became of a task could not be passed on");
      }
    }
  }

  async function counted(work: () => Promise<HeldOrProblem>): Promise<HeldOrProblem> {
    if (isClosed) return STOPPING;
    if (live.count() + arriving >= MAX_UNDER_WAY)
      return obstacle("limit", `${MAX_UNDER_WAY} tasks are under way already. Wait for one to end.`);
    arriving += 1;
    try {
      return await work();
    } catch (error) {
      log.error({ err: error }, "a task could not be recorded");
      return NOT_RECORDED;
    } finally {
      arriving -= 1;
    }
  }

  /** Writes how a turn ended, and lets the session go. Its own tasks end with it. */
  async function end(
    held: HeldTurn,
    change: Parameters<TaskDeps["store"]["changeTask"]>[2],
    kind: "ended" | "changed",
  ): Promise<TaskSession> {
    const { session } = held;
    live.stopChildren(session.id);
    const at = clock.now();
    const ended = { ...session, ...change, changedAt: at };
    await store.changeTask(session.id, session.turn, change, at).catch((error: unknown) => {
      log.error({ err: error, task: session.id }, "how a task ended could not be recorded");
    });
    const kept = (await store.findTask(session.id).catch(() => undefined)) ?? ended;
    const told = kept.turn === session.turn ? kept : ended;
    // Before whoever waits for the end goes on: they may have to know who was told.
    tell(told, kind);
    live.release(held);
    return told;
  }

  async function runHeld(
    held: HeldTurn,
    onNote: (line: string) => void,
    verification: VerificationOrder | undefined,
  ): Promise<TaskSession> {
    const { session, text, task, signal } = held;
    const now = clock.now();
    const running: TaskSession = { ...session, status: "running", task, changedAt: now };
    try {
      const isMine = await store.changeTask(session.id, session.turn, { status: "running", task }, now);
      if (!isMine) throw new Error("another turn has taken the session");
    } catch (error) {
      log.error(
        { err: error, task: session.id },
        "that a task begins could not be recorded: it does not run",
      );
      return giveBack(held, NOT_RECORDED.problem);
    }
    tell(running, "started");
    const { status, outcome } = await turn({ session, text, verification, signal, onNote });
    return end(held, { status, outcome }, "ended");
  }

  async function giveBack(held: HeldTurn, problem: TaskProblem): Promise<TaskSession> {
    const { before } = held;
    const refused = refusedOutcome(problem);
    const status = before ?? (held.signal.reason === "cancelled" ? "cancelled" : "refused");
    // What the turn before came to stays what the session came to.
    const change = { status, ...(before === undefined ? { outcome: refused } : {}) };
    const back = await end(held, change, "changed");
    return before === undefined
      ? back
      : { ...back, outcome: { ...refused, ...back.outcome, errors: [problem] } };
  }

  function turnsFor(maxTurns: number, requester: string | undefined): number {
    return Math.min(maxTurns, live.byRequester(requester)?.maxTurns ?? maxTurns);
  }

  return {
    turnsFor,
    begin: ({ text, folder, profile, workflow, maxTurns, requester }) =>
      counted(async () => {
        const parent = live.byRequester(requester);
        const nested = nestingProblem(requester, parent);
        if (nested !== undefined) return nested;
        const now = clock.now();
        const created = {
          id: `sess_${randomBytes(12).toString("hex")}`,
          status: "asking" as const,
          profile,
          workflow,
          folder: folder.path,
          project: folder.name,
          task: await masking.words(text, folder.path),
          maxTurns: turnsFor(maxTurns, requester),
          requester,
          parent: parent?.id,
          createdAt: now,
        };
        const number = await store.addTask(created, now + deps.askMs + deps.turnMs + GRACE_MS);
        const session = { ...created, number, turn: 1, asked: 0, changedAt: now };
        return { held: live.hold({ session, text, task: created.task }) };
      }),

    goOn: (id, text, workflow, requester) =>
      counted(async () => {
        const found = await store.findTask(id);
        if (found === undefined || !maySee(found, requester)) return NOT_FOUND;
        const problem = continueProblem(found, folders, (each) => isOwnSession(deps.sealSecrets, each));
        if (problem !== undefined) return problem;
        const task = await masking.words(text, found.folder);
        const now = clock.now();
        const until = now + deps.askMs + deps.turnMs + GRACE_MS;
        const number = live.has(id) ? undefined : await store.claimTaskTurn(id, workflow, now, until);
        if (number === undefined) return BUSY;
        const session = { ...found, workflow, turn: number, status: "asking" as const, changedAt: now };
        return { held: live.hold({ session, text, task, before: found.status }) };
      }),

    run: (held, onNote = () => {}, verification = undefined) => runHeld(held, onNote, verification),
    giveBack,
    obstacleIn({ folder }) {
      if (isClosed) return "The approval server is shutting down.";
      const { kind } = mode.current();
      if (kind !== "open")
        return `The approval server is ${kind === "panic" ? "stopped by PANIC" : "paused"}.`;
      const named = folders.find(({ path }) => path === folder);
      return named !== undefined && deps.isStillFolder(named)
        ? undefined
        : `${folder} is not the folder that TASK_DIRS named when the server started.`;
    },
    stop: live.stop,
    underWay: live.count,
    ended: live.ended,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      isClosed = true;
      live.stopAll("shutdown");
      await live.allEnded();
    },
  };
}
