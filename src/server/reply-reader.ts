// Replies that no webhook brings: those of a restart, and all of them where Twilio cannot reach this machine.

import { seedContacts } from "../channels/twilio/receive/contacts.ts";
import { createInbox } from "../channels/twilio/receive/inbox.ts";
import { createInboxReader } from "../channels/twilio/receive/inbox-reader.ts";
import type { Polling } from "../channels/twilio/receive/polling.ts";
import { createReceiptReader } from "../channels/twilio/receive/receipt-reader.ts";
import type { Gate } from "../core/gate-contract.ts";
import type { ModeKeeper } from "../core/mode.ts";
import type { ApprovalStore } from "../core/ports/approval-store.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Log } from "../core/ports/log.ts";
import type { Messenger } from "../core/ports/messenger.ts";
import type { ReplyHandler } from "../core/reply-contract.ts";
import type { Phone } from "../domain/tool-call.ts";
import type { PhoneLink } from "./phone-link-contract.ts";

export interface ReplyReaderDeps {
  readonly link: PhoneLink;
  readonly approvers: readonly Phone[];
  /** Every number and user id that one may write from. */
  readonly sendersOf: (phone: Phone) => readonly string[];
  readonly replyHandler: ReplyHandler;
  readonly messenger: Messenger;
  readonly store: ApprovalStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly hasWaiting: () => boolean;
  readonly mode: Pick<ModeKeeper, "current" | "onClose">;
  readonly gate: Pick<Gate, "receipt">;
  /** With one, what came before the start is read once; without, reading goes on while something waits. */
  readonly hasWebhook: boolean;
}

/** Starts to read. Nothing waits for the first reading: a Twilio that is down must not keep the server from starting. */
export function startReplyReader({ link, ...deps }: ReplyReaderDeps): Polling {
  const { approvers, sendersOf, store, log, hasWebhook, mode } = deps;
  const { accountSid, from, twilioTime } = link;
  const inbox = createInbox({ api: link.client.messages, accountSid, from, sendersOf });
  const { templates } = link.templates;
  const isPaused = () => mode.current().kind === "paused";
  const reader = createInboxReader({ ...deps, inbox, templates, twilioTime, isPaused });
  mode.onClose(() => reader.changed());
  // The reader takes a phone without a contact for new, so contacts are seeded after it.
  void reader
    .start()
    .then(() => seedContacts({ inbox, approvers, store, log }, twilioTime.now()))
    .catch((error: unknown) =>
      log.warn({ err: error }, "the last messages of the approvers could not be read"),
    );
  if (hasWebhook) return reader;
  const receipts = createReceiptReader({ ...deps, api: link.client.messages, from });
  const readers = [reader, receipts];
  return {
    changed() {
      for (const each of readers) each.changed();
    },
    async stop() {
      await Promise.all(readers.map((each) => each.stop()));
    },
  };
}
