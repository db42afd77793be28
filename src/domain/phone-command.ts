// Words that steer the server from the phone, beside the answers to requests.

export type PhoneCommand =
  | { readonly kind: "pending" | "status" | "help" | "resume" | "panic" }
  | { readonly kind: "pause"; readonly minutes: number }
  | { readonly kind: "grants" }
  /** Ends a grant, or `all`; as it was typed, in lower case. */
  | { readonly kind: "revoke"; readonly grant: string };

/** For a longer pause it is better to stop the server. */
const MAX_PAUSE_MINUTES = 24 * 60;
const DEFAULT_PAUSE_MINUTES = 30;

/** Whether somebody wants everything to stop: in haste, with punctuation, with more words, in reply to anything. */
export function isPanic(text: string): boolean {
  return /^\W*panic(?![a-z0-9])/i.test(text.normalize("NFKC"));
}

/** Reads a command; anything but exactly one, in any case, is undefined, but for panic. STOP and CANCEL never reach us: Twilio eats them. */
export function parsePhoneCommand(text: string): PhoneCommand | undefined {
  if (isPanic(text)) return { kind: "panic" };
  const [word = "", number, ...rest] = text.trim().toLowerCase().split(/\s+/);
  if (rest.length > 0) return undefined;
  if (word === "pause") {
    const minutes =
      number === undefined ? DEFAULT_PAUSE_MINUTES : /^\d{1,4}$/.test(number) ? Number(number) : 0;
    return minutes >= 1 && minutes <= MAX_PAUSE_MINUTES ? { kind: "pause", minutes } : undefined;
  }
  if (word === "revoke")
    return number === undefined
      ? { kind: "grants" }
      : { kind: "revoke", grant: number.replace(/[.!,;:]+$/, "") };
  if (number !== undefined) return undefined;
  switch (word) {
    case "pending":
    case "status":
    case "help":
    case "resume":
    case "grants":
      return { kind: word };
    default:
      return undefined;
  }
}
