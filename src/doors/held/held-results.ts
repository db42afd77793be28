// All requests whose callers come back for the answer, that wait or whose answer has not been fetched. Bounded; nothing is left after `close`.

import type { Gate } from "../../core/gate-contract.ts";
import type { ModeKeeper } from "../../core/mode.ts";
import type { Answer, Progress } from "../../core/pending-request.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Submission } from "../../domain/submission.ts";
import type { ApprovalId } from "../../domain/tool-call.ts";
import { createHeldResult, type HeldResult } from "./held-result.ts";

/** Requests of one caller that are open at once, answers that wait to be fetched included. */
export const MAX_RESIDENTS = 200;

/** When a caller may try again, seconds. */
export const RETRY_SECONDS = 30;

/** One caller has too many open requests. Nothing was asked. */
export class TooManyOpenError extends Error {
  override readonly name = "TooManyOpenError";
  constructor() {
    super("Too many requests are open. Nothing was asked.");
  }
}

/** A request that waits, or the gate's refusal of one that it could not even record. */
export type Started =
  | { readonly kind: "waiting"; readonly held: HeldResult }
  | { readonly kind: "refused"; readonly answer: Answer };

export interface HeldResults {
  /** Resolves as soon as the request is recorded. @throws TooManyOpenError */
  start(submission: Submission): Promise<Started>;
  get(id: ApprovalId): HeldResult | undefined;
  /** Gives up what is left: an answer that was not fetched no longer counts. */
  close(): Promise<void>;
}

/** Forgets, at a panic, every approval that has not been fetched. */
export function createHeldResults(
  gate: Pick<Gate, "request">,
  clock: Clock,
  mode: Pick<ModeKeeper, "current" | "onClose">,
): HeldResults {
  const isPanic = () => mode.current().kind === "panic";
  const heldResults = new Map<ApprovalId, HeldResult>();
  const starting: Submission[] = [];

  /** One caller must not take the places of the others. */
  function openOf({ requester }: Submission): number {
    const held = [...heldResults.values()].map(({ request }) => request);
    return [...held, ...starting].filter((one) => one.requester === requester).length;
  }

  async function begin(submission: Submission): Promise<Started> {
    const leaver = new AbortController();
    let held: HeldResult | undefined;
    return new Promise((resolve) => {
      // Called as soon as the request is pending: that is when the id is known.
      const onProgress = ({ request }: Progress) => {
        if (held !== undefined) return;
        held = createHeldResult(request, clock, leaver, () => heldResults.delete(request.id));
        heldResults.set(request.id, held);
        resolve({ kind: "waiting", held });
      };
      void gate.request(submission, { signal: leaver.signal, onProgress }).then((answer) => {
        if (held !== undefined) return held.end(answer);
        answer.acknowledge(false);
        resolve({ kind: "refused", answer });
      });
    });
  }

  function revoke(): void {
    for (const held of [...heldResults.values()]) held.revoke();
  }

  mode.onClose(({ kind }) => {
    if (kind === "panic") revoke();
  });

  return {
    // The one place that limits how many requests are open.
    async start(submission) {
      if (openOf(submission) >= MAX_RESIDENTS) throw new TooManyOpenError();
      starting.push(submission);
      return begin(submission).finally(() => {
        starting.splice(starting.indexOf(submission), 1);
      });
    },
    get(id) {
      heldResults.get(id)?.lapseIfDue();
      // Decided in the very moment of a panic.
      if (isPanic()) heldResults.get(id)?.revoke();
      return heldResults.get(id);
    },
    async close() {
      const left = [...heldResults.values()];
      await Promise.all(left.map((held) => held.idle()));
      for (const held of left) held.close();
    },
  };
}
