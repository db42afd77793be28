// Tries again when that may help, and never twice by mistake: when a message may exist, it is looked for first.
import pRetry, { AbortError } from "p-retry";
import { DeliveryError } from "../../../domain/errors.ts";
import { toDeliveryError } from "../error-advice.ts";
import { failureKind } from "./failure-kind.ts";

export interface RetryOptions {
  /** The first pause, ms; each further one doubles, and jitter adds up to as much again. Default 1,000. */
  readonly minTimeoutMs?: number;
  /** How often a message is sent at most. Default 4: with the default pauses 7–14 s in all. */
  readonly maxPosts?: number;
}

/** What is known of one message, over every form in which it is sent. */
export interface Trail {
  /** Whether an earlier attempt may have made it. */
  inDoubt: boolean;
}

export interface Attempt {
  readonly trail: Trail;
  /** Sends once. @returns Twilio's SID. */
  readonly post: () => Promise<string>;
  /** Looks for the message. @returns its SID if it exists. */
  readonly find: () => Promise<string | undefined>;
  /** False when it is too late to send. */
  readonly inTime: () => boolean;
  readonly retry: RetryOptions;
  readonly signal?: AbortSignal;
}

const MIN_TIMEOUT_MS = 1_000;
const MAX_TIMEOUT_MS = 10_000;
const MAX_POSTS = 4;

/**
 * @returns the SID of the one message.
 * @throws what the last `post` threw, as it was; a DeliveryError when it is too late, or when nobody can tell whether
 *   the message exists; the signal's reason.
 */
export async function sendSurely({ trail, post, find, inTime, retry, signal }: Attempt): Promise<string> {
  const maxPosts = retry.maxPosts ?? MAX_POSTS;
  let failure: unknown = tooLate();
  let unresolved = trail.inDoubt;

  async function attempt(number: number): Promise<string> {
    if (trail.inDoubt) {
      const sid = await find();
      if (sid !== undefined) return sid;
      unresolved = false;
    }
    if (number > maxPosts || !inTime()) throw new AbortError("no more attempts");
    try {
      return await post();
    } catch (error) {
      failure = error;
      const kind = failureKind(error);
      if (kind === "doubtful") trail.inDoubt = unresolved = true;
      // In doubt there is one more round, which only looks.
      const isLast = kind === "final" || (number === maxPosts && !trail.inDoubt);
      throw isLast ? new AbortError("no more attempts") : new Error("this attempt failed");
    }
  }

  try {
    return await pRetry(attempt, {
      retries: maxPosts,
      minTimeout: retry.minTimeoutMs ?? MIN_TIMEOUT_MS,
      maxTimeout: MAX_TIMEOUT_MS,
      randomize: true,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch {
    signal?.throwIfAborted();
    throw unresolved ? unknownWhether(failure) : failure;
  }
}

function tooLate(): DeliveryError {
  return new DeliveryError(
    "The message could not be sent before the request expired.",
    "Try again when fewer messages wait, or raise APPROVAL_TIMEOUT_SECONDS.",
  );
}

function unknownWhether(failure: unknown): DeliveryError {
  const { message, advice, code, cause } = toDeliveryError(failure);
  const doubt = "Look at the phone: the message may have arrived all the same.";
  return new DeliveryError(message, `${advice} ${doubt}`, code, { cause });
}
