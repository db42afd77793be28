// Notes each reply to a request, with what became of it, for those who read the record. After the decision, and nobody waits for it.
import type { Gate } from "./gate-contract.ts";
import type { Clock } from "./ports/clock.ts";
import type { CorrespondenceStore } from "./ports/correspondence-store.ts";
import type { Log } from "./ports/log.ts";

export interface NotedRepliesDeps {
  readonly store: Pick<CorrespondenceStore, "noteReply">;
  readonly clock: Clock;
  readonly log: Log;
}

/** The same gate. What cannot be noted is logged: it changes nothing. */
export function noteReplies(gate: Gate, { store, clock, log }: NotedRepliesDeps): Gate {
  return {
    ...gate,
    async resolve(id, action) {
      const at = clock.now();
      const result = await gate.resolve(id, action);
      if (result.kind !== "unknown") {
        store
          .noteReply({
            requestId: id,
            from: action.by,
            said: action.kind,
            result: result.kind,
            at,
            ...(action.via === undefined ? {} : { via: action.via }),
          })
          .catch((error: unknown) => log.warn({ id, err: error }, "a reply could not be recorded"));
      }
      return result;
    },
  };
}
