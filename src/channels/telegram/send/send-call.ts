// Makes one call about a chat surely: in its turn, again where nothing can have been done, and never again where it may have been.
import type { Clock } from "../../../core/ports/clock.ts";
import type { Log } from "../../../core/ports/log.ts";
import { DeliveryError } from "../../../domain/errors.ts";
import { TelegramError } from "../api/api-error.ts";
import type { ApiCallOptions, TelegramApi } from "../api/client.ts";
import { problemOf } from "../api/error-table.ts";
import type { ChatLanes, Priority } from "./send-lanes.ts";

export interface ChatCall {
  readonly chat: number;
  readonly method: string;
  /** Without `chat_id`. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly file?: ApiCallOptions["file"];
  readonly priority: Priority;
  /** Aborts when it is no longer wanted: it is dropped while it waits. One that is on its way is waited for. */
  readonly signal?: AbortSignal | undefined;
  /** How long it is of use, ms; asked again later. */
  readonly leftMs?: (() => number) | undefined;
  /** Doing it twice is the same as once. */
  readonly isIdempotent?: boolean | undefined;
}

/** @returns `result`. @throws TelegramError; DeliveryError where it was too late; the signal's reason while it waited. */
export type SendCall = (call: ChatCall) => Promise<unknown>;

export interface SendCallDeps {
  readonly api: TelegramApi;
  readonly lanes: ChatLanes;
  readonly clock: Clock;
  readonly log: Log;
}

/** Pauses of 1, 2 and 4 s. */
const MAX_CALLS = 4;
const FIRST_PAUSE_MS = 1_000;
/** What is longer, Telegram has asked for. */
const MAX_PAUSE_MS = 5_000;
/** Without a request that waits: later it is no news any more. ms */
const TRY_FOR_MS = 60_000;

export function createSendCall({ api, lanes, clock, log }: SendCallDeps): SendCall {
  return async (call) => {
    const { chat, method, params, file, priority, signal, isIdempotent } = call;
    const since = clock.elapsed();
    const leftMs = call.leftMs ?? (() => since + TRY_FOR_MS - clock.elapsed());
    for (let failures = 1; ; failures += 1) {
      const heldMs = lanes.heldFor(chat);
      if (heldMs > leftMs()) throw heldMs > MAX_PAUSE_MS ? held(heldMs) : tooLate();
      const done = await lanes.turn(chat, priority, signal);
      try {
        if (leftMs() <= 0) throw tooLate();
        return await api.call(method, { chat_id: chat, ...params }, file === undefined ? {} : { file });
      } catch (error) {
        if (!(error instanceof TelegramError)) throw error;
        const { kind, code, reason, retryAfterMs } = error.failure;
        // The next one is held back as well: it would fare no better.
        if (kind === "limited") lanes.hold(chat, retryAfterMs ?? MAX_PAUSE_MS);
        const mayRepeat = kind === "limited" || kind === "not-sent" || (kind === "unknown" && isIdempotent);
        if (!mayRepeat || failures === MAX_CALLS) throw error;
        if (kind !== "limited") lanes.hold(chat, FIRST_PAUSE_MS * 2 ** (failures - 1));
        log.warn({ method, kind, code, reason, failures }, "a call to Telegram is tried again");
      } finally {
        done();
      }
    }
  };
}

function tooLate(): DeliveryError {
  return new DeliveryError(
    "The message could not be sent before the request expired.",
    "Try again when fewer messages wait, or raise APPROVAL_TIMEOUT_SECONDS.",
  );
}

function held(ms: number): DeliveryError {
  return new DeliveryError(
    "Telegram takes no more messages for now: too many were sent.",
    `It asks to wait ${Math.ceil(ms / 1000)} seconds.`,
    429,
    { channel: "telegram" },
  );
}

/** For a call that nobody waits for. */
export function logFailure(log: Log, what: string): (error: unknown) => void {
  return (error) => log.debug({ problem: problemOf(error) }, what);
}
