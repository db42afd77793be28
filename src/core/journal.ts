// Tells the journals what becomes of requests: masked, and so that nothing that goes wrong there reaches the gate.
import type { ApprovalRequest, Outcome } from "../domain/approval.ts";
import { callLine } from "../domain/call-line.ts";
import type { PendingRequest } from "./pending-request.ts";
import type { Journal, JournalRequest } from "./ports/journal.ts";
import type { Log } from "./ports/log.ts";

export interface JournalKeeper {
  asked(pending: PendingRequest): void;
  ended(pending: PendingRequest, outcome: Outcome): void;
  /** @param request was never written down, nor looked through: nothing of its call may be told */
  turnedAway(request: ApprovalRequest, outcome: Outcome): void;
}

export function keepJournals(journals: readonly Journal[], log: Log): JournalKeeper {
  const told = new WeakMap<PendingRequest, JournalRequest>();

  function tell(what: (journal: Journal) => void): void {
    for (const journal of journals) {
      try {
        what(journal);
      } catch (error) {
        log.error({ err: error }, "a journal failed");
      }
    }
  }

  return {
    asked(pending) {
      if (journals.length === 0) return;
      const { request } = pending;
      const masked = { ...namesOf(request), call: callOf(request) };
      told.set(pending, masked);
      tell((journal) => journal.asked(masked));
      void pending.acknowledged.then((taken) => tell((journal) => journal.answered(request.id, taken)));
    },
    ended(pending, outcome) {
      const request = told.get(pending);
      if (request === undefined) return;
      const { delivery } = pending;
      const tookMs = pending.ageMs();
      tell((journal) => journal.ended({ request, outcome, tookMs, delivery }));
    },
    turnedAway(request, outcome) {
      tell((journal) => journal.turnedAway({ request: namesOf(request), outcome }));
    },
  };
}

function namesOf(request: ApprovalRequest): Omit<JournalRequest, "call"> {
  const { id, door, call, project, requester, sessionId, agent, createdAt, expiresAt, waiting } = request;
  const { warnings } = request.inspection;
  return {
    id,
    door,
    toolName: call.toolName,
    ...(project === undefined ? {} : { project }),
    ...(requester === undefined ? {} : { requester }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(agent === undefined ? {} : { agent }),
    warnings,
    createdAt,
    expiresAt,
    waiting,
  };
}

/** A call that could not be looked through shows nothing of itself. */
function callOf({ inspection }: ApprovalRequest): string {
  if (inspection.secrets === undefined) return "(could not be looked through)";
  try {
    return callLine(inspection.shown);
  } catch {
    return "(cannot be shown)";
  }
}
