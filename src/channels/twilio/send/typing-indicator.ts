// WhatsApp's sign that somebody is typing: it also marks the reply as read. Costs nothing, and is never worth a message.
import type { Log } from "../../../core/ports/log.ts";
import type { ReplyReceipt } from "../../../core/ports/reply-receipt.ts";
import { toDeliveryError } from "../error-advice.ts";
import type { LateClient } from "../late-client.ts";

/** What Twilio takes: the SID of a message. */
const MESSAGE_SID = /^(SM|MM)[0-9a-f]{32}$/i;

export function createTypingIndicator(client: Pick<LateClient, "messaging">, log: Log): ReplyReceipt {
  let failures = 0;
  return {
    show(messageId) {
      if (!MESSAGE_SID.test(messageId)) return;
      void client.messaging.v2.typingIndicator
        .create({ channel: "whatsapp", messageId })
        .catch((error: unknown) => {
          failures += 1;
          if (failures === 1)
            log.debug(
              { err: toDeliveryError(error) },
              "Twilio did not take a typing indicator; it is not said again",
            );
        });
    },
  };
}
