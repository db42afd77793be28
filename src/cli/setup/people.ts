// The people who approve, and what they have written to the sender.
import type { Inbox } from "../../channels/twilio/receive/inbox.ts";
import { SANDBOX_MEMBERSHIP_MS } from "../../channels/twilio/receive/session-window.ts";
import { approverList } from "../../config/approver-list.ts";
import { SANDBOX_SENDER } from "../../config/environment.ts";
import { numberForms } from "../../domain/phone-number.ts";
import type { Phone } from "../../domain/tool-call.ts";
import { settingOf } from "./draft.ts";
import { deskOf, type SetupProgress } from "./workshop.ts";

/** The most that Twilio puts into one page. */
const PAGE_SIZE = 1_000;

export function phonesOf({ draft }: SetupProgress): Phone[] {
  return entriesOf(draft).map(({ phone }) => phone as Phone);
}

/** `whatsapp:+…` */
export function senderOf({ draft }: SetupProgress): string {
  return settingOf(draft, "TWILIO_WHATSAPP_FROM") ?? SANDBOX_SENDER;
}

export function inboxOf(progress: SetupProgress): Inbox {
  const entries = entriesOf(progress.draft);
  return deskOf(progress).inbox(senderOf(progress), (phone) => {
    const userId = entries.find((entry) => entry.phone === phone)?.userId;
    return [...numberForms(phone), ...(userId === undefined ? [] : [userId])];
  });
}

/** The SIDs of everything that the phones have sent of late. @throws DeliveryError */
export async function writtenIds(progress: SetupProgress, now: number): Promise<ReadonlySet<string>> {
  const inbox = inboxOf(progress);
  const ids = new Set<string>();
  for (const phone of phonesOf(progress)) {
    for (const { id } of await inbox.since(phone, now - SANDBOX_MEMBERSHIP_MS, PAGE_SIZE)) ids.add(id);
  }
  return ids;
}

function entriesOf(draft: SetupProgress["draft"]) {
  return approverList.parse(settingOf(draft, "APPROVAL_PHONE"));
}
