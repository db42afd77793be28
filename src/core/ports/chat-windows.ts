// How long a channel still lets messages through to a phone.
import type { Phone } from "../../domain/tool-call.ts";

/** Times are epoch ms. */
export interface ChatEnds {
  /** When the chat closes unless the phone writes before; absent where that is not known. */
  readonly closesAt?: number | undefined;
  /** Where the phone has joined a test environment that forgets it. */
  readonly membership?:
    | {
        readonly endsAt: number;
        /** The number that it has joined. */
        readonly sender: string;
        /** What it was joined with, where that is known: "join two-words". */
        readonly joinText?: string | undefined;
      }
    | undefined;
}

export interface ChatWindows {
  /** What the record says. May reject. */
  known(phone: Phone): Promise<ChatEnds>;
  /** What the channel says, which is written into the record. @throws DeliveryError when it cannot be asked */
  ask(phone: Phone): Promise<ChatEnds>;
}
