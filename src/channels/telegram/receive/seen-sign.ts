// The sign beside a reply that was typed: eyes on it. A tap has its own answer, and its message says what became of it.
import type { Log } from "../../../core/ports/log.ts";
import type { ReplyReceipt } from "../../../core/ports/reply-receipt.ts";
import { messageOf } from "../addresses.ts";
import type { TelegramApi } from "../api/client.ts";
import { logFailure } from "../send/send-call.ts";

/** One of those that a bot may set. It says nothing of a decision. */
const SEEN = [{ type: "emoji", emoji: "👀" }] as const;

export function createSeenSign(api: TelegramApi, log: Log): ReplyReceipt {
  return {
    show(inboundId) {
      const reply = messageOf(inboundId);
      if (reply === undefined) return;
      const params = { chat_id: reply.chat, message_id: reply.message, reaction: SEEN };
      api.call("setMessageReaction", params).catch(logFailure(log, "a sign beside a reply was not taken"));
    },
  };
}
