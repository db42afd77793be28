// Tells who is only told: what was asked, and how it ended, one message each. What goes wrong with it reaches nobody else.
import type { ApprovalRequest, Outcome } from "../domain/approval.ts";
import type { PeopleNotice } from "../domain/people-notice.ts";
import type { ApprovalId, Phone } from "../domain/tool-call.ts";
import type { People } from "./people.ts";
import type { Journal } from "./ports/journal.ts";
import type { Log } from "./ports/log.ts";
import type { Messenger } from "./ports/messenger.ts";

export interface Watchers {
  /** A request is sent to those who are asked. Of its further questions nothing is told. */
  asked(request: ApprovalRequest): void;
  readonly journal: Journal;
}

export interface WatchersDeps {
  readonly people: Pick<People, "watching">;
  readonly tell: Messenger["tell"];
  readonly log: Log;
}

interface Watched {
  readonly request: ApprovalRequest;
  readonly to: readonly Phone[];
  outcome?: Outcome;
}

export function createWatchers({ people, tell, log }: WatchersDeps): Watchers {
  const open = new Map<ApprovalId, Watched>();

  function tellAll({ to }: Watched, notice: PeopleNotice): void {
    for (const address of to)
      tell(address, notice).catch((error: unknown) =>
        log.warn({ err: error }, "who is only told could not be told of a request"),
      );
  }

  return {
    asked(request) {
      if (open.has(request.id)) return;
      const to = people.watching(request.project).flatMap(({ addresses }) => addresses.slice(0, 1));
      if (to.length === 0) return;
      const watched = { request, to };
      open.set(request.id, watched);
      tellAll(watched, { kind: "watched", request });
    },
    journal: {
      asked() {},
      ended({ request: { id }, outcome }) {
        const watched = open.get(id);
        if (watched !== undefined) watched.outcome = outcome;
      },
      // Nobody is told "approved" before the caller has it.
      answered(id, acknowledged) {
        const watched = open.get(id);
        open.delete(id);
        if (watched?.outcome === undefined) return;
        const { request, outcome } = watched;
        tellAll(watched, { kind: "watched-ended", request, outcome, acknowledged });
      },
      turnedAway() {},
    },
  };
}
