// What the phone page shows and does, whichever platform is behind it: each simulated platform is one such app on the phone.
import type { ChannelName } from "../../domain/channel.ts";
import type { SimMessage } from "../sim-message.ts";

/** A bubble. What a platform does not have is absent. */
export interface PhoneMessage extends SimMessage {
  /** Formatting of the body, where it is not written in it; places in UTF-16 units. */
  readonly entities?: readonly PhoneEntity[] | undefined;
  /** How many buttons stand in each row. Absent: one. */
  readonly rows?: readonly number[] | undefined;
  /** Below the bubble, not in it. */
  readonly document?: { readonly name: string; readonly text: string } | undefined;
  /** A sign beside it. */
  readonly reaction?: string | undefined;
  readonly isEdited?: boolean | undefined;
}

interface PhoneEntity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
}

/** What became of a tap or a text. */
export interface PhoneAnswer {
  /** HTTP's: of the server's own answer; 202 where the platform keeps it until the server fetches it. */
  readonly status: number;
  /** Why it came to nothing. */
  readonly error?: string | undefined;
  /** Words that the phone shows for a moment. */
  readonly answer?: string | undefined;
}

export interface PhoneApp {
  readonly channel: ChannelName;
  /** Who writes, as the page shows it. */
  readonly sender: string;
  /** Whose phones there are; the first one is shown unless another is chosen. */
  readonly phones: readonly string[];
  /** Whether the person can put a sign beside a message. */
  readonly hasReactions: boolean;
  /** Of all phones, oldest first. */
  messages(): readonly PhoneMessage[];
  /** With each new or changed message. @returns takes it back */
  onMessage(listener: (message: PhoneMessage) => void): () => void;
  /** Somebody types to the phone, for so long, ms. @returns takes it back */
  onTyping(listener: (phone: string, forMs: number) => void): () => void;
  /** @throws NotOnPhoneError */
  tap(message: PhoneMessage, button: string): Promise<PhoneAnswer>;
  /** @throws NotOnPhoneError */
  type(text: string, how: TypedReply): Promise<PhoneAnswer>;
  /** The person sees the message. */
  read(message: PhoneMessage): void;
  /** @param emoji empty: it is taken away */
  react(message: PhoneMessage, emoji: string): void;
}

export interface TypedReply {
  readonly phone: string;
  /** The id of the message that it is in reply to. */
  readonly quote?: string | undefined;
}
