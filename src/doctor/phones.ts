// Whether messages get through to each approver now: the number itself, the Sandbox's membership, WhatsApp's 24-hour window.
import { type ApproverPlaces, writeNumber } from "../domain/approver-places.ts";
import { type Check, type Concern, together } from "./check.ts";

export interface PhoneWindow {
  /** "…0006" */
  readonly phone: string;
  /** Whether any message has ever come from it, as far as is known. */
  readonly hasWritten: boolean;
  /** What is wrong with the digits of the number; absent where they can be a number. */
  readonly numberProblem?: string | undefined;
  /** Whether the digits are those of a number in use, as far as a numbering plan tells. */
  readonly looksUsual: boolean;
  readonly isOpen: boolean;
  /** The window in words. */
  readonly window: string;
  /** The Sandbox membership; absent with a sender of one's own. */
  readonly sandbox?: { readonly text: string; readonly leftMs?: number | undefined } | undefined;
  /** Why the last message to it was not delivered, if it has written nothing since. */
  readonly lastFailure?:
    | { readonly code: number; readonly message: string; readonly advice: string }
    | undefined;
  /** Under which names its replies are recognised, beside the number as it is configured; absent: under no other. */
  readonly knownAs?: string | undefined;
}

/** The Sandbox's last day: time to renew it before a request is lost. */
const SOON_MS = 24 * 60 * 60_000;
const NOT_JOINED = 63_015;
const CLOSED_WINDOW = 63_016;
const JOIN =
  "Send join <two words> from that phone to the Sandbox; Twilio Console → Messaging → Try it out shows the words.";
const WRITE =
  "Send any message from that phone to the sender: until then only templates that WhatsApp has approved get through.";
const NUMBER = "+, country code and number, as WhatsApp shows it";

/**
 * @param hasApproved whether templates that WhatsApp has approved are used, which pass a closed window
 * @param places where the numbers are written. Default: the setting
 */
export function phonesCheck(
  read: () => Promise<readonly PhoneWindow[]>,
  hasApproved: () => Promise<boolean>,
  places: Pick<ApproverPlaces, "isClosed"> = { isClosed: false },
): Check {
  const number = writeNumber(places, NUMBER);
  return {
    description: "phones",
    async run() {
      const [phones, passes] = await Promise.all([read(), hasApproved()]);
      return together(phones.map((phone) => concernOf(phone, passes, number)));
    },
  };
}

/** The gravest that is wrong with one phone: the rest follows from it. */
function concernOf(phone: PhoneWindow, passes: boolean, number: string): Concern {
  const { hasWritten, numberProblem, lastFailure, sandbox, isOpen } = phone;
  const name = phone.phone;
  if (!hasWritten && numberProblem !== undefined) {
    return { text: `${name}: ${numberProblem}, and no message came from it`, advice: number, isError: true };
  }
  if (lastFailure?.code === NOT_JOINED) {
    return { text: `${name}: ${lastFailure.message} (63015)`, advice: JOIN, isError: true };
  }
  const leftMs = sandbox?.leftMs;
  if (leftMs !== undefined && leftMs <= 0) {
    return { text: shown(phone), advice: JOIN, isError: true };
  }
  if (lastFailure !== undefined && lastFailure.code !== CLOSED_WINDOW) {
    const text = `${name}: the last message to it was not delivered: ${lastFailure.message} (${lastFailure.code})`;
    return { text, advice: lastFailure.advice, isError: true };
  }
  if (!hasWritten) {
    const doubt = phone.looksUsual ? "" : "; its digits are those of no number in use";
    return {
      text: shown(phone) + doubt,
      advice: sandbox === undefined ? `${WRITE} ${number}` : `${JOIN} ${number}`,
    };
  }
  if (leftMs !== undefined && leftMs < SOON_MS) return { text: shown(phone), advice: JOIN };
  return isOpen || passes ? { text: shown(phone) } : { text: shown(phone), advice: WRITE };
}

function shown({ phone, window, sandbox, knownAs }: PhoneWindow): string {
  return `${phone}: ${[window, sandbox?.text, knownAs].filter((part) => part !== undefined).join("; ")}`;
}
