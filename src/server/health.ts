// What `/health` says of each approver's phone: enough to see why messages do not arrive, but never
// a whole number.

import { sessionState } from "../channels/twilio/receive/session-window.ts";
import type { Contact } from "../core/ports/contact-store.ts";
import { phoneText } from "../domain/names.ts";
import type { Phone } from "../domain/tool-call.ts";

export interface ApproverHealth {
  /** The last four digits: "…0006". */
  readonly phone: string;
  /** WhatsApp's 24-hour window. */
  readonly window: "open" | "closed" | "unknown";
  /** ISO 8601, UTC; in the past when the window is closed. */
  readonly windowClosesAt?: string | undefined;
  /** ISO 8601, UTC; only where the phone is known to have joined the Sandbox. */
  readonly sandboxExpiresAt?: string | undefined;
}

/** @param problem why requests cannot be recorded: then nothing can be approved */
export function recording(problem: string | undefined): { status: string; problem?: string } {
  return problem === undefined ? { status: "ok" } : { status: "not recording", problem };
}

/** @param now epoch ms */
export function approverHealth(phone: Phone, contact: Contact, now: number): ApproverHealth {
  const { open, closesAt, sandboxExpiresAt } = sessionState(contact, now);
  return {
    phone: phoneText(phone),
    window: closesAt === undefined ? "unknown" : open ? "open" : "closed",
    windowClosesAt: isoTime(closesAt),
    sandboxExpiresAt: isoTime(sandboxExpiresAt),
  };
}

function isoTime(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}
