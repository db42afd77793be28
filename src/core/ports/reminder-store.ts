// Who was reminded when that the chat is about to close, over a restart. Every method may reject: then nothing is sent.
import type { Phone } from "../../domain/tool-call.ts";

export interface ReminderStore {
  /** @returns false when this phone was reminded on that day already. @param day as it is written here: "2026-03-29" @param at epoch ms */
  claimReminder(phone: Phone, day: string, at: number): Promise<boolean>;
  /** When this phone was last reminded, epoch ms; undefined where it never was. */
  lastReminded(phone: Phone): Promise<number | undefined>;
  /** When the last request was made that was sent to this phone, epoch ms. */
  lastAsked(phone: Phone): Promise<number | undefined>;
}
