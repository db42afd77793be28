// Words that steer the server from the phone, beside the answers to requests.
import { parseTaskCommand, type TaskCommand } from "./task-command.ts";
import { type ApprovalId, isApprovalId } from "./tool-call.ts";

export type PhoneCommand =
  | ShowMore
  | TaskCommand
  | { readonly kind: "pending" | "status" | "help" | "resume" | "panic" }
  | { readonly kind: "pause"; readonly minutes: number }
  | { readonly kind: "grants" }
  /** Ends a grant, or `all`; as it was typed, in lower case. */
  | { readonly kind: "revoke"; readonly grant: string };

/** The next parts of a request's text that was too long to be sent at once. */
export interface ShowMore {
  readonly kind: "more";
  readonly id: ApprovalId;
}

/** For a longer pause it is better to stop the server. */
const MAX_PAUSE_MINUTES = 24 * 60;
const DEFAULT_PAUSE_MINUTES = 30;
/** No command but RUN is longer, with all its marks: looking for marks at the end takes a time that grows with the square. */
const MAX_LENGTH = 200;

/** Whether somebody wants everything to stop: in haste, with punctuation, with more words, in reply to anything. */
export function isPanic(text: string): boolean {
  return /^\W*panic(?![a-z0-9])/i.test(text.normalize("NFKC"));
}

/** Reads a command; anything but exactly one, in any case, is undefined, but for panic. STOP and CANCEL never reach us: Twilio eats them. */
export function parsePhoneCommand(text: string): PhoneCommand | undefined {
  if (isPanic(text)) return { kind: "panic" };
  const aboutTask = parseTaskCommand(text);
  if (aboutTask !== undefined) return aboutTask;
  if (text.length > MAX_LENGTH) return undefined;
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
  if (word === "more" && number !== undefined && isApprovalId(number)) return { kind: "more", id: number };
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

/**
 * Reads MORE with an id, or in reply to a message of a request; marks around it do not count. With any other word it is
 * none: "more tests please" are words about the request.
 * @param quoted the request whose message is quoted
 */
export function parseMore(text: string, quoted: ApprovalId | undefined): ShowMore | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const bare = text.toLowerCase().replaceAll(/^[\s*_~`"'(]+|[\s*_~`"').!?…]+$/g, "");
  const [, named] = /^more(?:\s+([a-z]{5}))?$/.exec(bare) ?? [];
  if (named === undefined)
    return bare === "more" && quoted !== undefined ? { kind: "more", id: quoted } : undefined;
  return isApprovalId(named) && (quoted ?? named) === named ? { kind: "more", id: named } : undefined;
}
