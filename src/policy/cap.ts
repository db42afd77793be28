// Counts the approvals of each session, by persons and by the policy. In memory: a restart counts anew.

import type { Clock } from "../core/ports/clock.ts";
import type { Submission } from "../domain/submission.ts";
import type { ApprovalId } from "../domain/tool-call.ts";

/** A session without an approval for this long has ended, ms. */
export const SESSION_IDLE_MS = 12 * 60 * 60 * 1000;

export interface Cap {
  /** Approvals of the session so far, and its requests that wait: each of them may become one. */
  used(submission: Submission): number;
  /** Notes that a request of the session waits for its decision. */
  opened(submission: Submission, id: ApprovalId): void;
  /** Notes how it ended. */
  closed(id: ApprovalId, isApproved: boolean): void;
}

interface Session {
  approvals: number;
  /** Epoch ms. */
  lastAt: number;
  readonly waiting: Set<ApprovalId>;
}

export function createCap(clock: Clock): Cap {
  const sessions = new Map<string, Session>();
  const keys = new Map<ApprovalId, string>();

  function forgetIdle(): void {
    for (const [key, { lastAt, waiting }] of sessions) {
      if (waiting.size === 0 && clock.now() - lastAt >= SESSION_IDLE_MS) sessions.delete(key);
    }
  }

  return {
    used(submission) {
      forgetIdle();
      const session = sessions.get(sessionKey(submission));
      return session === undefined ? 0 : session.approvals + session.waiting.size;
    },
    opened(submission, id) {
      const key = sessionKey(submission);
      const session = sessions.get(key) ?? { approvals: 0, lastAt: clock.now(), waiting: new Set() };
      session.waiting.add(id);
      sessions.set(key, session);
      keys.set(id, key);
    },
    closed(id, isApproved) {
      const key = keys.get(id);
      const session = key === undefined ? undefined : sessions.get(key);
      keys.delete(id);
      if (session === undefined) return;
      session.waiting.delete(id);
      if (!isApproved) return;
      session.approvals += 1;
      session.lastAt = clock.now();
    },
  };
}

/** Claude Code's session where the door tells it; otherwise who asks, from where, through which door. */
function sessionKey({ sessionId, cwd, project, requester, door }: Submission): string {
  if (sessionId !== undefined) return JSON.stringify(["session", requester, sessionId]);
  return JSON.stringify(["place", requester, door, cwd ?? project]);
}
