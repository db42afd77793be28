// What the reply handler offers, and what it is put together from.
import type { SettledRequest } from "../domain/settled-request.ts";
import type { Addressed } from "./addressed.ts";
import type { Approvers } from "./approvers.ts";
import type { Gate } from "./gate-contract.ts";
import type { GatedCalls } from "./gated-call.ts";
import type { Inbound } from "./inbound.ts";
import type { PhoneCommandRunner } from "./phone-commands.ts";
import type { PhoneTasks } from "./phone-tasks.ts";
import type { Clock } from "./ports/clock.ts";
import type { ContactStore } from "./ports/contact-store.ts";
import type { Log } from "./ports/log.ts";
import type { Messenger } from "./ports/messenger.ts";
import type { ReplyReceipt } from "./ports/reply-receipt.ts";
import type { RequestStore } from "./ports/request-store.ts";
import type { ReadIntent } from "./reply-intent.ts";
import type { ReplyProof } from "./reply-proof.ts";

export interface ReplyHandler {
  /** Tells the phones of a request that was overtaken while its message was there. */
  ended(ended: SettledRequest): void;
  /**
   * Resolves when a decision has been settled, or when the channel is being asked whether the reply is genuine: that and
   * the confirmation go on by themselves. Never rejects.
   */
  receive(inbound: Inbound): Promise<void>;
  /** Resolves when nothing is under way, or after `limitMs`; what is still being checked is then given up. */
  idle(limitMs: number): Promise<void>;
}

export interface ReplyHandlerDeps {
  readonly gate: Gate;
  readonly store: ContactStore & Pick<RequestStore, "find">;
  readonly messenger: Messenger;
  readonly clock: Clock;
  readonly log: Log;
  readonly approvers: Approvers;
  /** What a command asks about once more. */
  readonly gatedCalls: GatedCalls;
  readonly readIntent: ReadIntent;
  readonly proof: ReplyProof;
  /** Carries out a command and returns its answer. */
  readonly run: PhoneCommandRunner;
  /** Takes words in reply to messages that ask for them. Default: nobody does. */
  readonly addressed?: Pick<Addressed, "receive"> | undefined;
  /** What is said to words that changed nothing, where they are about a task. Default: they never are. */
  readonly hint?: PhoneTasks["hint"] | undefined;
  /** Takes the place of what would only confirm that a reply went as it was meant. Default: that is told. */
  readonly receipt?: ReplyReceipt | undefined;
}
