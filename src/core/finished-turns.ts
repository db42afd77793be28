// The turns that have ended and whose hook waits for a person's next words. One wait a session; it ends by words, by time, or by
// anything that shows that Claude or its person has gone on. Memory only: after a restart nobody waits.

import type { NotTaken } from "../domain/instruction.ts";
import type { Clock } from "./ports/clock.ts";
import { deferred, timeLeft } from "./timing.ts";

/** Hooks that may wait at once: each holds a connection. */
const MAX_WAITING = 100;
/** Turns that are remembered, so that a late reply is told why it changed nothing. */
const MAX_KEPT = 1_000;
/** Two hooks of one session bring the same end within this time, ms. */
const TWIN_MS = 10_000;
/** Claude Code ends a turn that hooks have continued more often than this without a tool call between (measured with 2.1.329). */
const MAX_IN_A_ROW = 8;

interface TurnSource {
  /** Identifies the session, with the token that it shows. */
  readonly session: string;
  readonly sessionId: string | undefined;
  readonly project: string | undefined;
  readonly requester: string | undefined;
  /** Which of several hooks of ours it is. */
  readonly hookOf: string | undefined;
  /** Whether the session has a terminal, so that each instruction begins a turn of its own. */
  readonly isAttended: boolean;
}

/** Words on their way to Claude. */
interface HandedWords {
  readonly text: string;
  /** Must be called once it is known whether the hook has them. */
  taken(isTaken: boolean): void;
}

export interface WaitingTurn {
  readonly subject: string;
  readonly forMs: number;
  /** Whether a phone's words have begun the turn: its end is their answer. */
  readonly isAnswer: boolean;
  /** Aborts when nobody waits any longer. */
  readonly signal: AbortSignal;
  /** Resolves with undefined when no words come. */
  readonly words: Promise<HandedWords | undefined>;
  end(why: NotTaken): void;
}

export interface Claim {
  readonly source: TurnSource;
  /** Resolves with true when whoever waited has the words, else with why not. */
  hand(text: string): Promise<true | NotTaken>;
  /** Lets another reply try. */
  release(): void;
}

export interface FinishedTurns {
  /** @returns undefined where nobody can wait: the session's own hook does already, or too many do */
  wait(source: TurnSource): WaitingTurn | undefined;
  /** Takes a turn for the words of one reply: the first one counts. */
  claim(subject: string): Claim | NotTaken;
  /** A session has gone on, or has ended. */
  over(session: string, why: NotTaken): void;
  /** A tool has run: Claude Code counts anew. */
  worked(session: string): void;
  /** Nobody waits any longer. */
  closeAll(why: NotTaken): void;
}

interface Turn {
  readonly source: TurnSource;
  readonly openedAt: number;
  readonly leftMs: () => number;
  readonly give: (words: HandedWords | undefined) => void;
  readonly controller: AbortController;
  state: "waiting" | "claimed" | NotTaken;
}

export function createFinishedTurns(
  forMs: number,
  { clock, newSubject }: { readonly clock: Clock; readonly newSubject: () => string },
): FinishedTurns {
  const turns = new Map<string, Turn>();
  /** How many instructions in a row each session has got, and which sessions work at one. */
  const inARow = new Map<string, number>();
  const instructed = new Set<string>();
  const isOpen = ({ state }: Turn) => state === "waiting" || state === "claimed";
  const open = () => [...turns.values()].filter(isOpen);

  function end(turn: Turn, why: NotTaken): void {
    if (!isOpen(turn)) return;
    turn.state = why;
    turn.controller.abort();
    turn.give(undefined);
  }

  function noteInstructed(session: string): void {
    if (instructed.size > MAX_KEPT) instructed.clear();
    if (inARow.size > MAX_KEPT) inARow.clear();
    instructed.add(session);
    inARow.set(session, (inARow.get(session) ?? 0) + 1);
  }

  return {
    wait(source) {
      const now = clock.elapsed();
      const waiting = open();
      const own = waiting.filter(({ source: { session } }) => session === source.session);
      const isTwin = ({ openedAt, source: { hookOf } }: Turn) =>
        hookOf !== source.hookOf && now - openedAt < TWIN_MS;
      if (own.some(isTwin)) return undefined;
      for (const turn of own) end(turn, "went-on");
      const isTooOften = !source.isAttended && (inARow.get(source.session) ?? 0) >= MAX_IN_A_ROW;
      if (isTooOften || waiting.length - own.length >= MAX_WAITING) return undefined;
      const subject = newSubject();
      const { promise: words, resolve } = deferred<HandedWords | undefined>();
      const controller = new AbortController();
      const turn: Turn = {
        source,
        openedAt: now,
        leftMs: timeLeft(forMs, clock),
        controller,
        give: resolve,
        state: "waiting",
      };
      const cancel = clock.after(forMs, () => end(turn, "late"));
      controller.signal.addEventListener("abort", cancel, { once: true });
      turns.set(subject, turn);
      const forgotten = [...turns].find(([, each]) => !isOpen(each));
      if (turns.size > MAX_KEPT && forgotten !== undefined) turns.delete(forgotten[0]);
      return {
        subject,
        forMs,
        isAnswer: instructed.delete(source.session),
        signal: controller.signal,
        words,
        end: (why) => end(turn, why),
      };
    },
    claim(subject) {
      const turn = turns.get(subject);
      if (turn === undefined) return "forgotten";
      if (turn.leftMs() <= 0) end(turn, "late");
      if (turn.state === "claimed") return "answered";
      if (turn.state !== "waiting") return turn.state;
      turn.state = "claimed";
      return {
        source: turn.source,
        async hand(text) {
          // Whatever has ended the wait meanwhile has said why.
          if (turn.state !== "claimed") return turn.state === "waiting" ? "gone" : turn.state;
          const { promise, resolve } = deferred<boolean>();
          turn.state = "answered";
          turn.controller.abort();
          turn.give({ text, taken: resolve });
          if (!(await promise)) {
            turn.state = "gone";
            return "gone";
          }
          noteInstructed(turn.source.session);
          return true;
        },
        release() {
          if (turn.state === "claimed") turn.state = "waiting";
        },
      };
    },
    over(session, why) {
      for (const turn of open()) if (turn.source.session === session) end(turn, why);
      if (why === "went-on") return;
      inARow.delete(session);
      instructed.delete(session);
    },
    worked: (session) => void inARow.delete(session),
    closeAll(why) {
      for (const turn of open()) end(turn, why);
    },
  };
}
