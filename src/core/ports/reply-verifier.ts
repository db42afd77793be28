// Asks the channel itself whether a reply is what it says: for what came in by a way that somebody else could have written to.
import type { Phone } from "../../domain/tool-call.ts";

/** What a reply says of itself. */
export interface ReplyClaim {
  /** The channel's id of the message. */
  readonly id: string;
  readonly from: Phone;
  readonly text: string;
  readonly buttonId?: string | undefined;
  /** How long what it is about has been there by now, ms: it cannot have been sent before. Asked once the channel has answered. */
  ageMs(): number;
}

export type Verdict =
  /** @param sender what the channel names as its sender: a number, or the id of a user who hides it */
  | { readonly kind: "genuine"; readonly sender: string }
  /** The channel has no such message, or another one. */
  | { readonly kind: "false"; readonly problem: string }
  /** The channel could not be asked. */
  | { readonly kind: "unchecked"; readonly problem: string };

export interface ReplyVerifier {
  /** Never rejects, and ends by itself within seconds. @param signal ends it early, as unchecked */
  verify(claim: ReplyClaim, signal: AbortSignal): Promise<Verdict>;
}
