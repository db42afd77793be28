// The grants that hold: given with a tap on Session, used without a message, ended by time or by a person. Kept here for
// as long as the server runs and no longer; the record of each is in the store, and both must agree for a use.

import type { ApprovalRequest } from "../domain/approval.ts";
import { covers, coversInSession, type Grantable, type SessionOffer } from "../domain/grant.ts";
import type { ActiveGrant } from "../domain/notice.ts";
import type { Submission } from "../domain/submission.ts";
import type { ApprovalId, Phone } from "../domain/tool-call.ts";
import type { People } from "./people.ts";
import type { Clock } from "./ports/clock.ts";
import type { GrantEnd, GrantStore } from "./ports/grant-store.ts";
import type { Log } from "./ports/log.ts";
import { timeLeft } from "./timing.ts";

export interface GrantsDeps {
  readonly store: GrantStore;
  /** A grant allows nothing in a project that whoever has given it is not asked about. Default: everybody is asked about all. */
  readonly mayDecide?: People["mayDecide"] | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Grants {
  /** The grant that allows a call. @param grantable what the call is about, as it was looked at now */
  find(submission: Submission, grantable: Grantable): ApprovalId | undefined;
  /** Whether one would, if the call came from its session: then it is worth finding out. */
  wouldCover(submission: Submission, grantable: Grantable): boolean;
  holds(id: ApprovalId): boolean;
  /** Takes note of a grant that was recorded with its request's approval. */
  given(request: ApprovalRequest, offer: SessionOffer, by: Phone): void;
  used(id: ApprovalId, by: ApprovalRequest): void;
  /** What holds, oldest first. */
  list(): readonly ActiveGrant[];
  /** @returns whether there was one */
  end(id: ApprovalId, cause: GrantEnd): boolean;
  /** @returns those that held */
  endAll(cause: GrantEnd): readonly ApprovalId[];
}

interface Held {
  readonly request: ApprovalRequest;
  readonly offer: SessionOffer;
  readonly by: Phone;
  /** How long it still holds, ms. */
  leftMs(): number;
  uses: number;
}

export function createGrants({ store, clock, log, mayDecide = () => true }: GrantsDeps): Grants {
  const held = new Map<ApprovalId, Held>();

  function current(): readonly (readonly [ApprovalId, Held])[] {
    for (const [id, grant] of held) if (grant.leftMs() <= 0) held.delete(id);
    return [...held];
  }

  /** What has ended here allows nothing any longer, whatever becomes of the record. */
  function record(work: Promise<unknown>): void {
    work.catch((error: unknown) => log.error({ err: error }, "the end of a grant could not be recorded"));
  }

  return {
    find: (submission, grantable) =>
      current().find(
        ([, { offer, by }]) => mayDecide(by, submission.project) && covers(offer, submission, grantable),
      )?.[0],
    wouldCover: (submission, grantable) =>
      current().some(([, { offer }]) => coversInSession(offer, submission, grantable)),
    holds: (id) => current().some(([each]) => each === id),
    given(request, offer, by) {
      held.set(request.id, { request, offer, by, leftMs: timeLeft(offer.ms, clock), uses: 0 });
      log.info({ grant: request.id, tool: request.call.toolName, ms: offer.ms }, "a grant was given");
    },
    used(id, { id: request, call }) {
      const grant = held.get(id);
      if (grant !== undefined) grant.uses += 1;
      log.info({ id: request, grant: id, tool: call.toolName, uses: grant?.uses }, "approved by grant");
    },
    list: () =>
      current().map(([id, grant]) => {
        const { request, offer, uses } = grant;
        return { id, request, offer, leftMs: grant.leftMs(), uses };
      }),
    end(id, cause) {
      current();
      if (!held.delete(id)) return false;
      record(store.endGrant(id, cause, clock.now()));
      log.info({ grant: id, cause }, "a grant has ended");
      return true;
    },
    endAll(cause) {
      const ids = current().map(([id]) => id);
      held.clear();
      if (ids.length === 0) return ids;
      record(store.endGrants(cause, clock.now()));
      log.info({ grants: ids, cause }, "every grant has ended");
      return ids;
    },
  };
}
