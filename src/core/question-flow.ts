// Asks the questions of a call one after another and keeps what has been answered. In memory only: a request that ends
// before all of them are answered is denied, and its answers are forgotten.

import type { Outcome } from "../domain/approval.ts";
import { type ApproverAction, howOf, outcomeOf } from "../domain/approver-action.ts";
import { needsAnswers, questionsToAsk } from "../domain/asked-questions.ts";
import type { SentMessage } from "../domain/delivery.ts";
import { DeliveryError } from "../domain/errors.ts";
import { readFieldAnswer } from "../domain/form-answer.ts";
import type { Question } from "../domain/question.ts";
import { type QuestionAnswer, readAnswer, type Said } from "../domain/question-answer.ts";
import type { AskedQuestion } from "../domain/question-message.ts";
import type { Phone } from "../domain/tool-call.ts";
import type { PendingRequest } from "./pending-request.ts";
import type { Clock } from "./ports/clock.ts";
import type { QuestionReplyResult, ReplyResult } from "./reply-result.ts";

/**
 * A typed answer names no question. One that comes sooner after the next question may have been meant for the last
 * one: nobody reads and types that fast, and what is fetched comes 2 s late. ms
 */
export const READING_TIME_MS = 3_000;

/** One message to send: the request itself, or one of its questions. */
interface Round {
  readonly question?: AskedQuestion | undefined;
  /** Aborts when it no longer needs an answer. */
  readonly signal: AbortSignal;
}

/** What an action makes of a waiting request. */
export type ActionResult =
  | { readonly kind: "final"; readonly outcome: Outcome }
  | { readonly kind: "pending"; readonly result: ReplyResult };

export interface QuestionFlow {
  /** What is to be sent now. @throws DeliveryError when the questions cannot be asked. */
  round(pending: PendingRequest): Round;
  /** A message of the current round was accepted. */
  shown(pending: PendingRequest, message: SentMessage): void;
  /** With the result `next`, the next round is to be sent. */
  apply(pending: PendingRequest, action: ApproverAction): ActionResult;
}

interface State {
  readonly questions: readonly Question[];
  answers: readonly QuestionAnswer[];
  /** Aborts when the current question no longer needs an answer. */
  answered: AbortController;
  /** When each phone was sent the current question, by `elapsed`. */
  shownAt: Map<Phone, number>;
}

export function createQuestionFlow(clock: Clock): QuestionFlow {
  const states = new WeakMap<PendingRequest, State>();

  function stateOf(pending: PendingRequest): State {
    const known = states.get(pending);
    if (known !== undefined) return known;
    const asked = questionsToAsk(pending.request.call, pending.request.inspection.shown);
    if (!asked.ok)
      throw new DeliveryError(
        `They are not valid: ${asked.problem}.`,
        "Ask again with 1 to 4 different questions of 2 to 4 different options, or go on without.",
      );
    const { questions } = asked;
    const state: State = { questions, answers: [], answered: new AbortController(), shownAt: new Map() };
    // Not AbortSignal.any: what hangs on its signal can be collected while it is still needed (Node 20).
    pending.ended.addEventListener("abort", () => state.answered.abort(), { once: true });
    if (pending.ended.aborted) state.answered.abort();
    states.set(pending, state);
    return state;
  }

  function applyAnswer(
    pending: PendingRequest,
    action: Extract<ApproverAction, { kind: "answer" }>,
  ): ActionResult {
    const state = states.get(pending);
    if (state === undefined) return stillPending({ kind: "no-question" });
    const { request } = pending;
    const { by, said, question = state.answers.length + 1 } = action;
    const place = { number: state.answers.length + 1, total: state.questions.length };
    if (question < place.number)
      return stillPending({ kind: "question-stale", place: { ...place, number: question } });
    if (action.question === undefined && isTooSoon(state, action))
      return stillPending({ kind: "question-moved", place });
    const asked = state.questions[place.number - 1];
    const answer = asked && question === place.number ? answerTo(asked, said, by) : undefined;
    if (answer === undefined) return stillPending({ kind: "answer-unclear", question: asked });
    const answers = [...state.answers, answer];
    // The last answer is kept by the record, not here: the first one that is written wins.
    if (answers.length === place.total)
      return {
        kind: "final",
        outcome: { status: "approved", by, answers, ...howOf(action) },
      };
    state.answered.abort();
    Object.assign(state, { answers, answered: new AbortController(), shownAt: new Map() });
    return stillPending({ kind: "next", request, place });
  }

  /** Counted from when it was typed: what is fetched may come long after that. */
  function isTooSoon(
    { answers, shownAt }: State,
    { by, at = clock.now() }: Extract<ApproverAction, { kind: "answer" }>,
  ): boolean {
    if (answers.length === 0) return false;
    const shown = shownAt.get(by);
    const typedAt = clock.elapsed() - Math.max(0, clock.now() - at);
    return shown === undefined || typedAt - shown < READING_TIME_MS;
  }

  return {
    round(pending) {
      if (!needsAnswers(pending.request.call)) return { signal: pending.ended };
      const { answers, answered } = stateOf(pending);
      return {
        question: { number: answers.length + 1, leftMs: pending.leftMs() },
        signal: answered.signal,
      };
    },
    shown(pending, { to, hasButtons, question }) {
      const state = states.get(pending);
      if (hasButtons && question === (state?.answers.length ?? 0) + 1)
        state?.shownAt.set(to, clock.elapsed());
    },
    apply(pending, action) {
      if (action.kind === "answer") return applyAnswer(pending, action);
      const outcome = outcomeOf(action, pending.request, pending.offersSession);
      if (outcome !== undefined) return { kind: "final", outcome };
      const state = states.get(pending);
      if (state === undefined) return stillPending({ kind: "not-offered" });
      return stillPending({ kind: "answer-unclear", question: state.questions[state.answers.length] });
    },
  };
}

/** A field of a form that has options is answered as any question is. */
function answerTo(question: Question, said: Said, by: Phone): QuestionAnswer | undefined {
  const { field, options } = question;
  const isLeftOut = field?.isOptional === true && "text" in said && said.text.trim() === "-";
  if (field !== undefined && (options.length === 0 || isLeftOut)) return readFieldAnswer(said, field, by);
  const answer = readAnswer(said, question, by);
  // A form takes its own options only, no words.
  return field !== undefined && answer !== undefined && "text" in answer ? undefined : answer;
}

function stillPending(result: QuestionReplyResult | { kind: "not-offered" }): ActionResult {
  return { kind: "pending", result };
}
