// What can go wrong between our server and Twilio, as a test orders it. First ordered, first hit.

/**
 * A fault for the next matching REST call. `on` defaults to "messages": sending. "message-list" is every read of
 * messages, "content" every call of the Content API; `callback` and `silent` make sense for sending only.
 * - `reject`: answers at once with this HTTP status and Twilio code (429 → code 20429, 5xx → no code needed). Nothing is created.
 * - `callback`: accepts the message, then reports `failed`, or `sent` and `undelivered`, with this code by status callback.
 * - `hang`: never answers; the connection stays open until the caller gives up. Nothing is created.
 * - `lost`: creates the message, then breaks the connection before answering (the message exists).
 * - `silent`: accepts; no status callback ever comes (stays `sent`).
 * - `shuffled`: accepts; its status callbacks come in the wrong order, and twice.
 * - `pace`: refuses what comes sooner than this after the last message that it took, as the Sandbox does (63018).
 * - `blank`: answers with null in every field that may be null by Twilio's OpenAPI, but does what it was asked to do.
 */
export type Fault = {
  readonly on?: FaultTarget;
  /** How many calls it hits. Default 1. */
  readonly times?: number;
} & (
  | {
      readonly kind: "reject";
      readonly httpStatus: number;
      readonly code?: number;
      readonly message?: string;
      /** The header of the same name. */
      readonly retryAfter?: string;
    }
  | { readonly kind: "callback"; readonly status: "failed" | "undelivered"; readonly code: number }
  | { readonly kind: "hang" }
  | { readonly kind: "lost" }
  | { readonly kind: "silent" }
  | { readonly kind: "shuffled" }
  | { readonly kind: "pace"; readonly intervalMs: number }
  | { readonly kind: "blank" }
);

export type FaultTarget = "messages" | "message-list" | "content";

/**
 * Faults of the way in: how the webhook of an inbound message goes.
 * - `duplicate`: posted twice, one after the other, same MessageSid, each validly signed; the second answer is returned.
 * - `unsigned`: without a signature header. - `bad-signature`: signed with another token.
 * - `late`: the message exists at once, its webhook is posted by `releaseLate`.
 */
export type InboundFault = "duplicate" | "unsigned" | "bad-signature" | "late";

export type Faults = ReturnType<typeof createFaults>;

/** The queue of faults. */
export function createFaults() {
  let queue: { fault: Fault; left: number }[] = [];
  return {
    /** @throws TypeError when the fault cannot happen to such a call. */
    push(fault: Fault): void {
      if (!fits(fault)) throw new TypeError(`a fault "${fault.kind}" makes sense for sending only`);
      queue.push({ fault, left: fault.times ?? 1 });
    },

    /** How many are still to hit a call. */
    waiting: () => queue.length,

    /** The fault that hits this call, used up by it. */
    take(on: FaultTarget): Fault | undefined {
      const hit = queue.find((queued) => targetOf(queued.fault) === on);
      if (hit === undefined) return undefined;
      hit.left -= 1;
      queue = queue.filter((queued) => queued.left > 0);
      return hit.fault;
    },
  };
}

function targetOf(fault: Fault): FaultTarget {
  return fault.on ?? "messages";
}

const ONLY_FOR_SENDING: ReadonlySet<Fault["kind"]> = new Set(["callback", "silent", "shuffled", "pace"]);

function fits(fault: Fault): boolean {
  return targetOf(fault) === "messages" || !ONLY_FOR_SENDING.has(fault.kind);
}
