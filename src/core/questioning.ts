// Asks the questions of a call one after another and keeps what has been answered. In memory only: a request that ends
// before all of them are answered is denied, and its answers are forgotten.
import type { Outcome, Phone, Verdict } from "../domain/approval.ts";
import { DeliveryError } from "../domain/errors.ts";
import { askableQuestions, isQuestion, type Question } from "../domain/question.ts";
import { type QuestionAnswer, readAnswer } from "../domain/question-answer.ts";
import type { AskedQuestion } from "../domain/question-prompt.ts";
import { outcomeOf } from "../domain/verdict.ts";
import type { Clock, SentMessage } from "./ports.ts";
import type { QuestionResolution, Resolution } from "./resolution.ts";
import type { Wait } from "./wait.ts";

/**
 * A typed answer names no question. One that comes sooner after the next question may have been meant for the last
 * one: nobody reads and types that fast, and what is fetched comes 2 s late. ms
 */
export const READING_TIME_MS = 3_000;

/** One message to send: the request itself, or one of its questions. */
interface Round {
  readonly question?: AskedQuestion;
  /** Aborts when it needs no answer any more. */
  readonly signal: AbortSignal;
}

/** What a verdict makes of a waiting request. */
export type Judgement =
  | { readonly kind: "ends"; readonly outcome: Outcome }
  | { readonly kind: "stays"; readonly resolution: Resolution };

export interface Questioning {
  /** What is to be sent now. @throws DeliveryError when the questions cannot be asked. */
  round(wait: Wait): Round;
  /** A message of the current round was accepted. */
  shown(wait: Wait, message: SentMessage): void;
  /** With the resolution `next`, the next round is to be sent. */
  judge(wait: Wait, verdict: Verdict): Judgement;
}

interface State {
  readonly questions: readonly Question[];
  answers: readonly QuestionAnswer[];
  /** Aborts when the current question needs no answer any more. */
  answered: AbortController;
  /** When each phone was sent the current question, epoch ms. */
  shownAt: Map<Phone, number>;
}

export function createQuestioning(clock: Clock): Questioning {
  const states = new WeakMap<Wait, State>();

  function stateOf(wait: Wait): State {
    const known = states.get(wait);
    if (known !== undefined) return known;
    const asked = askableQuestions(wait.request);
    if (!asked.ok)
      throw new DeliveryError(
        `They are not valid: ${asked.problem}.`,
        "Ask again with 1 to 4 different questions of 2 to 4 different options, or go on without.",
      );
    const { questions } = asked;
    const state: State = { questions, answers: [], answered: new AbortController(), shownAt: new Map() };
    // Not AbortSignal.any: what hangs on its signal can be collected while it is still needed (Node 20).
    wait.ended.addEventListener("abort", () => state.answered.abort(), { once: true });
    if (wait.ended.aborted) state.answered.abort();
    states.set(wait, state);
    return state;
  }

  function judgeAnswer(wait: Wait, verdict: Extract<Verdict, { kind: "answer" }>): Judgement {
    const state = states.get(wait);
    if (state === undefined) return stays({ kind: "no-question" });
    const { request } = wait;
    const { by, said, question = state.answers.length + 1 } = verdict;
    const place = { number: state.answers.length + 1, total: state.questions.length };
    if (question < place.number)
      return stays({ kind: "question-stale", place: { ...place, number: question } });
    if (verdict.question === undefined && isTooSoon(state, verdict))
      return stays({ kind: "question-moved", place });
    const asked = state.questions[place.number - 1];
    const answer = asked && question === place.number ? readAnswer(said, asked, by) : undefined;
    if (answer === undefined) return stays({ kind: "answer-unclear", question: asked });
    const answers = [...state.answers, answer];
    // The last answer is kept by the record, not here: the first one that is written wins.
    if (answers.length === place.total) return { kind: "ends", outcome: { status: "approved", by, answers } };
    state.answered.abort();
    Object.assign(state, { answers, answered: new AbortController(), shownAt: new Map() });
    return stays({ kind: "next", request, place });
  }

  /** Counted from when it was typed: what is fetched may come long after that. */
  function isTooSoon(
    { answers, shownAt }: State,
    { by, at = clock.now() }: Extract<Verdict, { kind: "answer" }>,
  ): boolean {
    if (answers.length === 0) return false;
    const shown = shownAt.get(by);
    return shown === undefined || Math.min(at, clock.now()) - shown < READING_TIME_MS;
  }

  return {
    round(wait) {
      if (!isQuestion(wait.request.call)) return { signal: wait.ended };
      const { answers, answered } = stateOf(wait);
      return {
        question: { number: answers.length + 1, leftMs: wait.request.expiresAt - clock.now() },
        signal: answered.signal,
      };
    },
    shown(wait, { to, hasButtons, question }) {
      const state = states.get(wait);
      if (hasButtons && question === (state?.answers.length ?? 0) + 1) state?.shownAt.set(to, clock.now());
    },
    judge(wait, verdict) {
      if (verdict.kind === "answer") return judgeAnswer(wait, verdict);
      const outcome = outcomeOf(verdict, wait.request);
      if (outcome !== undefined) return { kind: "ends", outcome };
      const state = states.get(wait);
      if (state === undefined) return stays({ kind: "not-offered" });
      return stays({ kind: "answer-unclear", question: state.questions[state.answers.length] });
    },
  };
}

function stays(resolution: QuestionResolution | { kind: "not-offered" }): Judgement {
  return { kind: "stays", resolution };
}
