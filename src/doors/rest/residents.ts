// All requests made over REST that wait or whose answer has not been fetched. Bounded; nothing is left after `close`.
import type { Gate } from "../../core/gate-contract.ts";
import type { Clock } from "../../core/ports.ts";
import type { Submission } from "../../core/record.ts";
import type { Answer, Progress } from "../../core/wait.ts";
import type { ApprovalId } from "../../domain/approval.ts";
import { Problem } from "./problem.ts";
import { createResident, type Resident } from "./resident.ts";

/** Requests of one caller that are open at once, answers that wait to be fetched included. */
export const MAX_RESIDENTS = 200;

/** A request that waits, or the gate's refusal of one that it could not even record. */
export type Started =
  | { readonly kind: "waiting"; readonly resident: Resident }
  | { readonly kind: "refused"; readonly answer: Answer };

export interface Residents {
  /** Resolves as soon as the request is recorded. @throws Problem when too many are open */
  start(submission: Submission): Promise<Started>;
  get(id: ApprovalId): Resident | undefined;
  /** Takes back every approval that has not been fetched. */
  revoke(): void;
  /** Gives up what is left: an answer that was not fetched counts no more. */
  close(): Promise<void>;
}

/** @param isPanic whether a person has stopped everything */
export function createResidents(gate: Gate, clock: Clock, isPanic: () => boolean): Residents {
  const residents = new Map<ApprovalId, Resident>();
  const starting: Submission[] = [];

  /** One caller must not take the places of the others. */
  function openOf({ requester }: Submission): number {
    const held = [...residents.values()].map(({ request }) => request);
    return [...held, ...starting].filter((one) => one.requester === requester).length;
  }

  async function begin(submission: Submission): Promise<Started> {
    const leaver = new AbortController();
    let resident: Resident | undefined;
    return new Promise((resolve) => {
      // Called at once when the wait begins: that is when the id is known.
      const onProgress = ({ request }: Progress) => {
        if (resident !== undefined) return;
        resident = createResident(request, clock, leaver, () => residents.delete(request.id));
        residents.set(request.id, resident);
        resolve({ kind: "waiting", resident });
      };
      void gate.request(submission, { signal: leaver.signal, onProgress }).then((answer) => {
        if (resident !== undefined) return resident.end(answer);
        answer.answered(false);
        resolve({ kind: "refused", answer });
      });
    });
  }

  return {
    // The one place that limits how many requests are open.
    async start(submission) {
      if (openOf(submission) >= MAX_RESIDENTS) {
        throw new Problem("too-many", "Too many requests are open. Nothing was asked.", {
          headers: { "retry-after": "30" },
        });
      }
      starting.push(submission);
      return begin(submission).finally(() => {
        starting.splice(starting.indexOf(submission), 1);
      });
    },
    get(id) {
      residents.get(id)?.lapseIfDue();
      // Decided in the very moment of a panic.
      if (isPanic()) residents.get(id)?.revoke();
      return residents.get(id);
    },
    revoke() {
      for (const resident of [...residents.values()]) resident.revoke();
    },
    async close() {
      const left = [...residents.values()];
      await Promise.all(left.map((resident) => resident.idle()));
      for (const resident of left) resident.close();
    },
  };
}
