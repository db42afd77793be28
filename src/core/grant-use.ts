// Whether a call that came in may use a grant, and which one.

import type { ApprovalRequest, Approved, Outcome } from "../domain/approval.ts";
import type { Submission } from "../domain/submission.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import type { Grants } from "./grants.ts";
import type { InFlightRequest } from "./in-flight-requests.ts";
import type { PendingRequest } from "./pending-request.ts";
import { needsPerson } from "./policy.ts";
import type { Clock } from "./ports/clock.ts";
import { withDeadline } from "./timing.ts";

/** The two doors are a millisecond or two apart (measured with 2.1.329); what is longer only delays a question. */
const TWIN_WAIT_MS = 500;

/** @returns the grant that allows a call as it came in; undefined where none does, or only a person may */
export function grantNow(
  submission: Submission,
  { call, inspection }: Pick<ApprovalRequest, "call" | "inspection">,
  grants: Pick<Grants, "find">,
): ApprovalId | undefined {
  const { grantable } = inspection;
  if (grantable === undefined || needsPerson(call, inspection)) return undefined;
  return grants.find(submission, grantable);
}

/** @returns undefined when a person is to be asked: then nothing has happened yet */
export async function grantFor(
  { submission, twin }: Pick<InFlightRequest, "submission" | "twin">,
  { request, ended }: Pick<PendingRequest, "request" | "ended">,
  grants: Pick<Grants, "find" | "wouldCover">,
  clock: Clock,
): Promise<ApprovalId | undefined> {
  const { call, inspection } = request;
  const { grantable } = inspection;
  if (grantable === undefined || needsPerson(call, inspection)) return undefined;
  const grant = grants.find(submission, grantable);
  if (grant !== undefined || submission.door !== "mcp") return grant;
  // The permission tool does not know the session. Where a session's grant is about this very call, its hook may be about
  // to say so.
  if (!grants.wouldCover(submission, grantable)) return undefined;
  const limits = { clock, signal: ended, reason: () => late };
  const hooked = await withDeadline(TWIN_WAIT_MS, () => twin, limits).catch(() => undefined);
  return hooked === undefined ? undefined : grants.find(hooked, grantable);
}

/**
 * After an approval was recorded: the use of a grant is counted, and a new one holds from now on.
 * @param closed what ends every request now: such a grant holds no more than those before it
 */
export function noteGrant(
  { request, acknowledged }: Pick<PendingRequest, "request" | "acknowledged">,
  { by, session, grant }: Approved,
  grants: Grants,
  closed: Outcome | undefined,
): void {
  if (grant !== undefined) grants.used(grant, request);
  if (session === undefined || by === "policy" || by === "grant") return;
  grants.given(request, session, by);
  if (closed !== undefined) {
    grants.end(request.id, closed.status === "refused" ? closed.mode.kind : "shutdown");
    return;
  }
  // Nothing ran, so nothing may run again.
  void acknowledged.then((taken) => taken || grants.end(request.id, "not-taken"));
}

const late = new Error("no hook has asked about the same call");
