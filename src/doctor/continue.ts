// Whether a reply to "Claude has finished" is Claude's next instruction. That the hooks fit it is the check of the hooks.
import type { ChannelName } from "../domain/channel.ts";
import { count } from "../domain/names.ts";
import { type Check, ok, warning } from "./check.ts";

interface ReplyWays {
  /** Whether Twilio posts replies to the server; where they are fetched, quotations are not told. */
  readonly hasWebhook: boolean;
  readonly channels: readonly ChannelName[];
}

/** @param continueMs how long Claude waits for words; 0: not at all */
export function continueCheck(continueMs: number, { hasWebhook, channels }: ReplyWays): Check {
  return {
    description: "instructions",
    async run() {
      if (continueMs === 0) return ok("off: no reply to a message that Claude has finished goes to Claude");
      if (!hasWebhook && channels.includes("whatsapp")) {
        const where = channels.length > 1 ? " in WhatsApp through Twilio" : "";
        return warning(
          `CONTINUE_MINUTES has no effect${where}: replies are fetched from Twilio, whose list does not tell which message they quote`,
          "Give the server an address (docs/setup.md), or remove CONTINUE_MINUTES.",
        );
      }
      const minutes = count(continueMs / 60_000, "minute");
      return ok(
        `a reply to a message that Claude has finished, within ${minutes}, goes to Claude where the hooks are installed; claude -p waits as long`,
      );
    },
  };
}
