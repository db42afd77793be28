// Puts the reminder together that keeps a phone's chat open: what it knows of the phone, and how it reaches it.
import { createChatWindows } from "../channels/twilio/receive/chat-windows.ts";
import { createInbox } from "../channels/twilio/receive/inbox.ts";
import type { Config } from "../config/config.ts";
import { SANDBOX_SENDER } from "../config/environment.ts";
import { type KeepAliveDeps, startKeepAlive } from "../core/keep-alive.ts";
import type { ModeKeeper } from "../core/mode.ts";
import type { ApprovalStore } from "../core/ports/approval-store.ts";
import type { Phone } from "../domain/tool-call.ts";
import type { PhoneLink } from "./phone-link-contract.ts";

export interface OpenKeepAliveDeps extends Pick<KeepAliveDeps, "messenger" | "clock" | "log"> {
  readonly config: Pick<Config, "keepAlive">;
  readonly link: PhoneLink;
  readonly store: ApprovalStore;
  readonly mode: ModeKeeper;
  readonly approvers: readonly Phone[];
  readonly sendersOf: (phone: Phone) => readonly string[];
}

/** @returns stops it */
export function openKeepAlive(deps: OpenKeepAliveDeps): () => Promise<void> {
  const { config, link, store, mode, approvers: phones, sendersOf } = deps;
  if (!config.keepAlive) return async () => {};
  const { accountSid, from, twilioTime } = link;
  const inbox = createInbox({ api: link.client.messages, accountSid, from, sendersOf });
  const sandbox = from === SANDBOX_SENDER ? from.replace("whatsapp:", "") : undefined;
  const windows = createChatWindows({ inbox, store, sandbox, now: twilioTime.now });
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const keepAlive = startKeepAlive({ ...deps, windows, phones, mode: mode.current, zone });
  return async () => keepAlive.stop();
}
