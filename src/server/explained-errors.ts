// Errors that say what to do are the operator's business, not a bug of ours: in the log they are a sentence without a stack,
// and one that several parts meet at once is explained only once.
import { ConfigError, DeliveryError } from "../domain/errors.ts";
import { visibleBlock } from "../domain/visible.ts";

/** How long a reason that was given need not be given again, ms. */
const REMEMBERED_MS = 60_000;
/** Different reasons that are remembered; each is a sentence of ours or of Twilio's. */
const MAX_REMEMBERED = 50;

export type ExplainedError = ConfigError | DeliveryError;

export function isExplained(error: unknown): error is ExplainedError {
  return error instanceof ConfigError || error instanceof DeliveryError;
}

/** For a program: without a stack, and without what caused it, which may hold a request. */
export function describeExplained(error: ExplainedError): object {
  const { name: type } = error;
  const message = visibleBlock(error.message);
  return error instanceof DeliveryError
    ? { type, message, advice: visibleBlock(error.advice), code: error.code }
    : { type, message };
}

export interface ReasonedLine {
  readonly fields: object;
  readonly message: string;
}

/** @param now a clock that is never set, ms */
export function createReasons(
  now: () => number,
): (fields: object, message: string, terminal: boolean) => ReasonedLine {
  const given = new Map<string, number>();

  function wasGiven(reason: string): boolean {
    const at = given.get(reason);
    const isFresh = at !== undefined && now() - at < REMEMBERED_MS;
    given.delete(reason);
    given.set(reason, isFresh ? at : now());
    for (const oldest of given.keys()) {
      if (given.size <= MAX_REMEMBERED) break;
      given.delete(oldest);
    }
    return isFresh;
  }

  return (fields, message, terminal) => {
    const error = "err" in fields ? fields.err : undefined;
    if (!terminal || !isExplained(error)) return { fields, message };
    const advice = error instanceof DeliveryError ? ` ${error.advice}` : "";
    // Indented, so that no line of it passes for one of the log.
    const reason = visibleBlock(`${error.message}${advice}`).replaceAll("\n", "\n    ");
    const { err: _, ...others } = fields as { err: unknown };
    return { fields: others, message: `${message}: ${wasGiven(reason) ? "for the same reason" : reason}` };
  };
}
