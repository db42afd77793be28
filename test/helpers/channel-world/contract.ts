// One platform with its people, as the contract suite plays it: the same hands and the same switches, whichever channel it is. Where a
// platform rightly differs, its traits say so as data.
import type { ChannelName } from "../../../src/domain/channel.ts";
import type { Phone } from "../../../src/domain/tool-call.ts";
import type { ServerDeps } from "../../../src/server/server-contract.ts";
import type { DrivenClock } from "./driven-clock.ts";
import type { Wire } from "./wire.ts";

/** A message of ours, as the person has it. */
export interface Shown {
  readonly id: string;
  /** Without WhatsApp's markup. */
  readonly text: string;
  /** Foreign text in its blocks. */
  readonly blocks: readonly string[];
  readonly buttons: readonly { readonly id: string; readonly title: string }[];
  readonly file?: { readonly name: string; readonly text: string } | undefined;
}

export interface ChannelTraits {
  readonly name: ChannelName;
  /** Whether a tap can answer. Otherwise the last line of each message says what to write. */
  readonly hasButtons: boolean;
  /** Whether the platform tells that a message was delivered or read. */
  readonly hasReceipts: boolean;
  /** Whether a message is changed once its request has ended. */
  readonly changesMessages: boolean;
  /** What a call of some thousand characters comes in. */
  readonly longText: "messages" | "document";
  /** What a text that is too long for the first messages comes in beside these. */
  readonly tooLong: "more" | "document and more" | "document";
  /** What becomes of a message of which nobody can tell whether it was taken. */
  readonly unknownSend: "looked for" | "given up";
  /** How replies come: the platform posts them to the server, or is asked for them. */
  readonly listens: "webhook" | "poll";
  /** Whether the answers to a question of one choice are buttons. */
  readonly hasChoices: boolean;
  /** Whether anybody but the person can be written to at all. */
  readonly canReachStrangers: boolean;
  /** How one who approves is shown to others. */
  readonly shownAs: RegExp;
}

/** What a platform does next with a message. */
export type Refusal =
  /** This one. */
  | "message"
  /** Everything for this person, until they act. */
  | "person"
  /** Too many: come again after some seconds. */
  | { readonly waitSeconds: number };

export interface ChannelWorld {
  readonly traits: ChannelTraits;
  readonly wire: Wire;
  /** The settings that name it. */
  readonly env: Readonly<Record<string, string>>;
  readonly deps: Partial<ServerDeps>;
  /** Where the person is, and what their address is sealed with. */
  readonly address: Phone;
  readonly secrets: readonly string[];
  /** After a start: where the platform finds the server. */
  attach(server: { readonly webhookUrl: string }): void;
  chat(): readonly Shown[];
  /** What anybody else was sent. */
  strangersChat(): readonly string[];
  tap(message: string, button: string): Promise<void>;
  /** A tap that the message has no button for, or no longer. */
  tapLate(message: string, button: string): Promise<void>;
  write(text: string, quote?: string): Promise<void>;
  strangerWrites(text: string): Promise<void>;
  /** The next messages, one each. */
  refuse(...refusals: readonly Refusal[]): void;
  /** What the person writes is kept from the server until the returned function hands it out, in that order or the opposite one. */
  holdReplies(): (order: "in order" | "mixed") => Promise<void>;
  /** The next thing that the person writes comes twice. */
  repeatNext(): void;
  /** The next message is taken, and then is not delivered after all. @throws Error where the platform does not tell */
  loseNext(): void;
  close(): Promise<void>;
}

export type OpenWorld = (clock: DrivenClock) => Promise<ChannelWorld>;
