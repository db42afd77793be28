// A reply that had to be proven comes late. What was closed or taken back after it was sent stays so.

import type { Intent } from "./reply-intent.ts";

export interface LaterClosings {
  /** An intent is carried out now. */
  carriedOut(intent: Intent): void;
  /** @returns asks what the intent comes to once it is proven: without what was taken back since this call */
  watch(intent: Intent): () => Intent;
}

export function createLaterClosings(): LaterClosings {
  let closings = 0;
  let revocations = 0;
  return {
    carriedOut(intent) {
      if (intent.kind !== "command") return;
      const { kind } = intent.command;
      if (kind === "pause" || kind === "panic") closings += 1;
      // They end every grant, too.
      if (kind === "pause" || kind === "panic" || kind === "revoke") revocations += 1;
    },
    watch(intent) {
      const [closedBefore, revokedBefore] = [closings, revocations];
      return () => {
        if (intent.kind === "command" && intent.command.kind === "resume" && closings !== closedBefore)
          return { kind: "command", command: { kind: "status" } };
        if (intent.kind === "decide" && intent.reply.kind === "session" && revocations !== revokedBefore)
          return { kind: "decide", reply: { kind: "approve", id: intent.reply.id } };
        return intent;
      };
    },
  };
}
