// Sends one message surely: in a form that Twilio takes, and again when that may help, but never twice by mistake. When a
// message may exist already, it is looked for before it is sent again.

import pRetry, { AbortError } from "p-retry";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Log } from "../../../core/ports/log.ts";
import { withDeadline } from "../../../core/timing.ts";
import { fieldsOf } from "../error-advice.ts";
import { retryAfterOf } from "../retry-after.ts";
import { failureKind } from "./failure-kind.ts";
import { fallbacksAfter, formsOf, isTemplateGone } from "./fallbacks.ts";
import { createSentMessages } from "./find-sent-message.ts";
import type { MessageApi, MessageParams, MessageText, OutgoingMessage } from "./message.ts";
import type { Left, SendOrder, Ticket } from "./send-order.ts";
import { held, tooLate, unknownWhether } from "./send-problems.ts";

export interface SendDeps {
  /** The SDK's `client.messages`. */
  readonly api: MessageApi;
  /** The sender with its `whatsapp:` prefix. */
  readonly from: string;
  /** Where Twilio reports the fate of a message; asked for each, because the tunnel may open later. */
  readonly statusCallback: () => string | undefined;
  readonly clock: Clock;
  /** Twilio's clock, epoch ms: what its list of messages is dated by. Default: this machine's. */
  readonly twilioNow?: (() => number) | undefined;
  readonly log: Log;
  /** Told which template Twilio says it does not have. */
  readonly onTemplateGone?: ((contentSid: string) => void) | undefined;
  /** Between two messages, ms. The Sandbox takes one in 3,000; 0 means no pacing. */
  readonly intervalMs: number;
  /** The first pause before a message is sent again, ms; each further one doubles, and jitter adds up to as much. */
  readonly retryPauseMs?: number | undefined;
}

// With four posts the pauses are 7–14 s in all.
const RETRY_PAUSE_MS = 1_000;
const MAX_RETRY_PAUSE_MS = 10_000;
const MAX_POSTS = 4;
// The client gives a call up after 15 s by itself, but not every half-open connection and not behind a proxy.
const CALL_LIMIT_MS = 20_000;
// No new attempt after this. What Twilio asks to wait does not count while the message is still wanted.
const TRY_FOR_MS = 60_000;
const MAX_VALIDITY_SECONDS = 36_000;

/** What is known of one message, over every form in which it is sent. */
interface SendState {
  /** When the first attempt began, by `elapsed`; undefined before. */
  startedAt: number | undefined;
  /** Whether an earlier post may have worked. */
  inDoubt: boolean;
  readonly ticket: Ticket;
  /** The first turn, which was waited for with nothing else begun, until it is used. */
  firstTurn: Left | undefined;
}

/**
 * Sends one message.
 * @returns Twilio's SID.
 * @throws the error of the last post as it was; a DeliveryError when it is too late, or when nobody can tell whether the
 *   message exists; the signal's reason.
 */
export type SendMessage = (message: OutgoingMessage, ticket: Ticket) => Promise<string>;

export function createMessageSender(deps: SendDeps, order: Pick<SendOrder, "hold" | "heldFor">): SendMessage {
  const { api, from, clock, log, twilioNow = clock.now, retryPauseMs = RETRY_PAUSE_MS } = deps;
  const sentMessages = createSentMessages(api, from);

  /** Sends the best form that Twilio takes: what it refuses for its template or a variable goes out in another one. */
  async function send(message: OutgoingMessage, ticket: Ticket): Promise<string> {
    // Thousands may wait for their turn, each for as long as a person thinks: nothing is made for them before.
    const isFirst = !isTooLate(message) && !isHeld(message);
    const firstTurn = isFirst ? await ticket.turn() : undefined;
    const state: SendState = { startedAt: undefined, inDoubt: false, ticket, firstTurn };
    try {
      return await sendInForms(message, state);
    } finally {
      state.firstTurn?.(false);
    }
  }

  async function sendInForms(message: OutgoingMessage, state: SendState): Promise<string> {
    let [form, ...others] = formsOf(message.content);
    for (;;) {
      try {
        const sid = await sendForm(message, form.text, state);
        sentMessages.remember(sid);
        return sid;
      } catch (error) {
        const goneSid = isTemplateGone(error) && "contentSid" in form.text ? form.text.contentSid : undefined;
        if (goneSid !== undefined) deps.onTemplateGone?.(goneSid);
        const [next, ...rest] = fallbacksAfter(error, others);
        if (next === undefined) throw error;
        log.warn(
          { code: fieldsOf(error).code, refused: form.name, next: next.name },
          goneSid !== undefined
            ? "the template is gone at Twilio: sent as plain text without buttons; it is found or made again within minutes"
            : "Twilio refused a template's variables: sent again in another form",
        );
        [form, others] = [next, rest];
      }
    }
  }

  /** Posts until Twilio takes it. Once a post may have worked, the message is looked for before each further one. */
  async function sendForm(message: OutgoingMessage, text: MessageText, state: SendState): Promise<string> {
    const { signal } = message;
    let failure: unknown;
    let mayExist = state.inDoubt;

    /** Twilio's clock may have been read only since. */
    const find = async () => {
      const age = clock.elapsed() - (state.startedAt ?? clock.elapsed());
      return sentMessages.find(message, () => twilioNow() - age);
    };

    async function attempt(number: number): Promise<string> {
      if (state.inDoubt) {
        const sid = await inTime(find, signal);
        if (sid !== undefined) return sid;
        mayExist = false;
      }
      if (number > MAX_POSTS || isTooLate(message, state.startedAt)) throw new AbortError("no more attempts");
      try {
        return await post(message, text, state);
      } catch (error) {
        failure = error;
        order.hold(retryAfterOf(error));
        const kind = failureKind(error);
        if (kind === "doubtful") state.inDoubt = mayExist = true;
        // In doubt there is one more round, which only looks.
        const isLast = kind === "final" || (number === MAX_POSTS && !state.inDoubt);
        if (isLast) throw new AbortError("no more attempts");
        const { status, code } = fieldsOf(error);
        log.warn({ attempt: number, status, code, kind }, "a message was not sent: it is tried again");
        throw new Error("this attempt failed");
      }
    }

    try {
      const pauses = { minTimeout: retryPauseMs, maxTimeout: MAX_RETRY_PAUSE_MS, randomize: true };
      return await pRetry(attempt, { retries: MAX_POSTS, ...pauses, signal });
    } catch {
      signal?.throwIfAborted();
      throw mayExist ? unknownWhether(failure) : (failure ?? tooLate());
    }
  }

  /** Whether Twilio wants to wait for longer than the message is wanted. */
  function isHeld({ leftMs }: OutgoingMessage): boolean {
    return order.heldFor() > (leftMs?.() ?? TRY_FOR_MS);
  }

  async function post(message: OutgoingMessage, text: MessageText, state: SendState): Promise<string> {
    const { to, leftMs, signal } = message;
    if (state.firstTurn === undefined && isHeld(message)) throw held(order.heldFor());
    const left = state.firstTurn ?? (await state.ticket.turn());
    state.firstTurn = undefined;
    state.startedAt ??= clock.elapsed();
    const statusCallback = deps.statusCallback();
    // The SDK's types want a parameter to be absent rather than undefined.
    const params: MessageParams = {
      ...text,
      from,
      to: `whatsapp:${to}`,
      ...(statusCallback === undefined ? {} : { statusCallback }),
      ...(leftMs === undefined ? {} : { validityPeriod: validityPeriod(leftMs()) }),
    };
    try {
      const { sid } = await inTime(() => api.create(params), signal);
      left(true);
      return sid;
    } catch (error) {
      // What Twilio refused never reached the channel that counts; what was given up on may have.
      left(signal?.aborted === true || failureKind(error) === "doubtful");
      throw error;
    }
  }

  function inTime<T>(call: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return withDeadline(CALL_LIMIT_MS, call, { clock, signal });
  }

  function isTooLate({ leftMs }: OutgoingMessage, startedAt?: number): boolean {
    const tried = startedAt === undefined ? 0 : clock.elapsed() - startedAt;
    return tried >= TRY_FOR_MS || (leftMs?.() ?? 1) <= 0;
  }

  return send;
}

function validityPeriod(leftMs: number): number {
  return Math.min(Math.max(Math.floor(leftMs / 1000), 1), MAX_VALIDITY_SECONDS);
}
