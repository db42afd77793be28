// What is known of a request before it has its id.
import type { ApprovalRequest } from "../domain/approval.ts";
import { offerOf } from "../domain/grant.ts";
import type { Inspection } from "../domain/inspection.ts";
import type { Submission } from "../domain/submission.ts";

/**
 * A request without its id.
 * @param at epoch ms @param waitMs how long it may wait @param grantMs how long a grant given with it would hold
 */
export function draftOf(
  submission: Submission,
  inspection: Inspection,
  { at, waitMs, grantMs, waiting }: { at: number; waitMs: number; grantMs: number; waiting: number },
): Omit<ApprovalRequest, "id"> {
  const {
    call,
    door,
    project,
    projects,
    requester,
    sessionId,
    permissionMode,
    agent,
    said,
    mcpSource,
    executor,
    parking,
    quorum,
  } = submission;
  const { grantable } = inspection;
  const isOnce = grantable === undefined || submission.asksAlways === true;
  const session = isOnce ? undefined : offerOf(submission, grantable, grantMs);
  return {
    call,
    inspection,
    door,
    createdAt: at,
    expiresAt: at + waitMs,
    waiting,
    project,
    requester,
    sessionId,
    permissionMode,
    agent,
    ...(projects === undefined ? {} : { projects }),
    ...(said === undefined ? {} : { said }),
    ...(session === undefined ? {} : { session }),
    mcpSource,
    ...(executor === undefined ? {} : { executor }),
    ...(parking === undefined ? {} : { parking }),
    ...(quorum === undefined ? {} : { quorum }),
  };
}
