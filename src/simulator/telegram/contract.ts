// A small Telegram: what the tests and the phone page play with. It does what Telegram's documentation and its published server say of the
// part that is used (docs/telegram-facts.md), and is no security boundary.

export interface SimulatedEntity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
}

export interface SimulatedButton {
  readonly text: string;
  readonly callback_data: string;
}

/** A message in a chat, as the phone shows it now. */
export interface SimulatedMessage {
  readonly id: number;
  /** The user whose chat with the bot it is. */
  readonly user: number;
  readonly author: "bot" | "person";
  /** After Telegram's own changes of it. */
  readonly text: string;
  /** What was asked for, and what Telegram has found by itself: links, mentions, commands. */
  readonly entities: readonly SimulatedEntity[];
  readonly keyboard: readonly (readonly SimulatedButton[])[];
  readonly document?: { readonly name: string; readonly text: string } | undefined;
  readonly quote?: number | undefined;
  /** Epoch ms. */
  readonly at: number;
  readonly isEdited: boolean;
  /** Whether a link in it would be shown with a picture of its page. */
  readonly hasPreview: boolean;
  /** The bot's reaction. */
  readonly reaction?: string | undefined;
}

/** A call of the Bot API, as it came. */
export interface SimulatedCall {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Epoch ms. */
  readonly at: number;
}

/** What happens to a call instead of what it asks for, or after it. */
export type Fault =
  | {
      readonly kind: "error";
      readonly code: number;
      readonly description: string;
      readonly retryAfter?: number | undefined;
    }
  /** Never answered. `done`: but carried out. */
  | { readonly kind: "hang"; readonly done?: boolean | undefined }
  /** The connection ends without an answer. `done`: but it was carried out. */
  | { readonly kind: "reset"; readonly done?: boolean | undefined }
  /** Carried out at once, and answered when the promise resolves. */
  | { readonly kind: "hold"; readonly until: Promise<unknown> }
  /** Somebody else answers: a proxy's page. */
  | { readonly kind: "page"; readonly status: number };

export interface FaultOptions {
  /** Which method; default: every one. */
  readonly method?: string | undefined;
  /** How many calls; default: until it is taken back. */
  readonly times?: number | undefined;
}

export interface TelegramSimulatorOptions {
  readonly token: string;
  /** Those who have pressed Start; the first one is who acts by default. */
  readonly users: readonly number[];
  /** Default: any free port. */
  readonly port?: number | undefined;
  /** Epoch ms. */
  readonly now?: (() => number) | undefined;
  /** What its messages and taps are counted from, so that no id of an earlier run comes again. Default: 0. */
  readonly idsFrom?: number | undefined;
  /** How long a call for updates is held back at most, ms. Default: as long as it asks for. */
  readonly holdMs?: number | undefined;
}

export interface ActOptions {
  readonly from?: number | undefined;
}

interface TelegramWriteOptions extends ActOptions {
  readonly quote?: number | undefined;
  /** Epoch ms; default: now. */
  readonly at?: number | undefined;
  /** Fields of Telegram's message that are put over the others. */
  readonly with?: Readonly<Record<string, unknown>> | undefined;
}

export interface TelegramSimulator {
  /** The origin to be used in place of Telegram's. */
  readonly url: string;
  /** A user's chat, oldest first. */
  chat(user?: number): readonly SimulatedMessage[];
  /** @returns the message's number */
  write(text: string, options?: TelegramWriteOptions): number;
  /** @returns the id of what the tap asks. @throws Error where the message does not have the button */
  tap(message: number, button: string, options?: ActOptions): string;
  /** As a client of somebody's own could: any text as a button's. */
  forgeTap(message: number, data: string, options?: ActOptions): string;
  react(message: number, emoji: string, options?: ActOptions): void;
  edit(message: number, text: string, options?: ActOptions): void;
  /** Hands an update out as it is, but for its number. */
  tell(update: Readonly<Record<string, unknown>>): void;
  /** What a tap was answered with; undefined while it was not. */
  answerTo(tap: string): { readonly text: string } | undefined;
  /** Resolves once the tap was answered, with the answer. Never rejects. */
  answered(tap: string): Promise<{ readonly text: string }>;
  calls(method?: string): readonly SimulatedCall[];
  /** @returns takes it back */
  fault(fault: Fault, options?: FaultOptions): () => void;
  /** Whether the user has blocked the bot. */
  block(isBlocked: boolean, options?: ActOptions): void;
  setWebhook(url: string): void;
  /** Begins its numbers of updates anew, as Telegram does after a week without any. */
  renumber(next: number): void;
  /** Whether a call for updates waits. */
  isPolled(): boolean;
  /** @returns takes it back */
  onChange(listener: () => void): () => void;
  stop(): Promise<void>;
}
