// The sign that a reply was taken: its mark as read, and for a moment that somebody types. Never renewed, and never worth a failure.
// The platform may forget a message that is marked as read: so only after the reply is kept.
import type { Log } from "../../../core/ports/log.ts";
import type { ReplyReceipt } from "../../../core/ports/reply-receipt.ts";
import type { AgentClient } from "../api/client.ts";
import type { AgentLimiter } from "../api/limiter.ts";
import { createRecent } from "../recent.ts";

/** A sign that comes later than this says nothing. ms */
const MAX_WAIT_MS = 5_000;

export interface ReplySign extends ReplyReceipt {
  /** A reply was handed on and is kept. */
  kept(inboundId: string): void;
}

interface ReplySignDeps {
  readonly client: Pick<AgentClient, "markRead">;
  readonly limiter: Pick<AgentLimiter, "waitMs">;
  readonly log: Log;
}

export function createReplySign({ client, limiter, log }: ReplySignDeps): ReplySign {
  /** Replies that this channel has handed on: whether they are kept, or are to be marked once they are. */
  const replies = createRecent<"kept" | "marked">();
  const wanted = createRecent<true>();
  let failures = 0;

  function mark(inboundId: string): void {
    replies.set(inboundId, "marked");
    if (limiter.waitMs("statuses") > MAX_WAIT_MS) return;
    void client.markRead(inboundId).catch((error: unknown) => {
      failures += 1;
      if (failures === 1)
        log.debug({ err: error }, "a reply could not be marked as read; it is not said again");
    });
  }

  return {
    show(inboundId) {
      if (replies.get(inboundId) === "kept") mark(inboundId);
      else if (replies.get(inboundId) === undefined && inboundId.startsWith("wamid."))
        wanted.set(inboundId, true);
    },
    kept(inboundId) {
      if (replies.get(inboundId) !== undefined) return;
      replies.set(inboundId, "kept");
      if (wanted.get(inboundId)) mark(inboundId);
    },
  };
}
