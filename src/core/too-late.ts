// Replies that come so long after they were sent that nobody may still want what they would start or open: a channel that could not be
// reached hands on what has piled up there. What stops or denies counts at any age, and so does an answer to one request, which has a
// time of its own.
import type { PhoneCommand } from "../domain/phone-command.ts";
import type { TooLateNotice } from "../domain/uncounted-notice.ts";
import type { Intent } from "./reply-intent.ts";

/** As far back as Twilio's list is read at a start, ms. */
export const MAX_REPLY_AGE_MS = 15 * 60_000;

/** Commands that start or open something. */
const OPENING: ReadonlySet<PhoneCommand["kind"]> = new Set(["resume", "run"]);

/** @param at when it was sent, epoch ms @returns what to say in place of carrying it out; undefined where it may be */
export function tooLateNotice(intent: Intent, at: number, now: number): TooLateNotice | undefined {
  const what = now - at > MAX_REPLY_AGE_MS ? openedBy(intent) : undefined;
  return what && { kind: "too-late", what, ageMs: now - at };
}

function openedBy(intent: Intent): TooLateNotice["what"] | undefined {
  switch (intent.kind) {
    case "command":
      return OPENING.has(intent.command.kind) ? (intent.command.kind as "resume" | "run") : undefined;
    case "addressed":
      return "words";
    case "several": {
      const { verb, ids } = intent.reply;
      return verb !== "deny" && ids === "all" ? "all" : undefined;
    }
    default:
      return undefined;
  }
}
