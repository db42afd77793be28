// A message from a phone, as a channel hands it in.
import type { ReplyVia } from "../domain/reply-via.ts";

/** An inbound message whose origin has been verified as far as its way allows. */
export interface Inbound {
  /** The channel's id of the message; a repeat is ignored. */
  readonly id: string;
  /** A number in E.164 form, or the id of a user who hides the number. */
  readonly from: string;
  readonly text: string;
  readonly buttonId?: string | undefined;
  readonly quotedMessageId?: string | undefined;
  /** When it was sent, epoch ms; the present time where the channel delivers at once. */
  readonly at?: number | undefined;
  /** Whether the phone joined the channel's test environment with it, which holds for a time. */
  readonly joined?: boolean | undefined;
  /** Whether the channel itself was asked for it: then it need not be asked again. */
  readonly verified?: boolean | undefined;
  /** It may not have been meant for this server, or not any more: of it only what stops something counts, and nothing is said of the rest. */
  readonly stopsOnly?: boolean | undefined;
  /** The id by which the channel knows its user beside the number. */
  readonly userId?: string | undefined;
  /** A change of an earlier message, a sign beside one, or somebody else's words that were passed on: none is an answer. */
  readonly gesture?: "edit" | "reaction" | "forward" | undefined;
}

/** How it came in, for the record. @param isConfirmed whether the channel was asked about it, and lists it */
export function viaOf({ buttonId, quotedMessageId, verified }: Inbound, isConfirmed: boolean): ReplyVia {
  const words = quotedMessageId === undefined ? "typed" : "quoted";
  const proof = isConfirmed ? "confirmed" : "signed";
  return { how: buttonId === undefined ? words : "tap", proof: verified === true ? "fetched" : proof };
}
