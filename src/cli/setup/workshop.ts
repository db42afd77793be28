// What every step of setup works with.
import type { Home } from "../../config/home.ts";
import { withDeadline } from "../../core/timing.ts";
import type { ChannelName, PairedChannel } from "../../domain/channel.ts";
import { DeliveryError } from "../../domain/errors.ts";
import type { Phone } from "../../domain/tool-call.ts";
import type { CommandContext } from "../command.ts";
import { type Interviewer, SetupCancelled, SetupProblem } from "./asker.ts";
import type { Draft } from "./draft.ts";
import type { SetupFlags } from "./flags.ts";
import type { RunProgram } from "./programs.ts";
import type { Tell } from "./tell.ts";
import type { Trial } from "./trial.ts";
import type { OwnSender, TwilioDesk } from "./twilio-desk.ts";

export interface Workshop {
  readonly asker: Interviewer;
  readonly tell: Tell;
  readonly flags: SetupFlags;
  readonly context: CommandContext;
  readonly home: Home;
  readonly run: RunProgram;
}

/**
 * - `there`: somebody is bound to the channel already.
 * - `proven`: a code was used, and the binding is written with the settings.
 * - `later`: those who may approve are asked first, by the server that knows the new settings.
 * - `none`: nobody is bound, and the person goes on all the same.
 */
export type PairingState =
  | { readonly kind: "there" | "none" }
  | { readonly kind: "later"; readonly person: string }
  | { readonly kind: "proven"; readonly chat: ProvenChat };

export interface ProvenChat {
  readonly address: Phone;
  readonly person: string;
  /** What a person reads of it. */
  readonly shown: string;
}

/** What is known so far. */
export interface SetupProgress {
  readonly draft: Draft;
  /** From the first step on. */
  readonly channel?: ChannelName | undefined;
  /** Of a channel that binds by a code: whom the code binds, and when. */
  readonly pairing?: PairingState | undefined;
  /** Where such a channel is tried out before anything is written; absent where a running server has it. */
  readonly trial?: Trial | undefined;
  /** From the account step on. */
  readonly desk?: TwilioDesk | undefined;
  /** The sender that was chosen, where it is the account's own: absent for the Sandbox. */
  readonly ownSender?: OwnSender | undefined;
  /** SIDs of the templates by variable. */
  readonly contentSids?: Readonly<Record<string, string>> | undefined;
}

/** One thing that setup finds out or asks. Changes nothing on this machine. */
export interface SetupStep {
  readonly name: string;
  run(workshop: Workshop, progress: SetupProgress): Promise<SetupProgress>;
}

const CHECK_LIMIT_MS = 30_000;

/**
 * A look at Twilio, ended by Ctrl-C. A failure that is nobody's mistake can be tried again by a person.
 * @throws SetupCancelled; SetupProblem when it failed and nobody is there to try again
 */
export async function checked<T>({ asker, tell, context }: Workshop, look: () => Promise<T>): Promise<T> {
  const { signal, clock } = context;
  for (;;) {
    try {
      return await withDeadline(CHECK_LIMIT_MS, look, { signal, clock });
    } catch (error) {
      if (signal.aborted) throw new SetupCancelled();
      if (!(error instanceof DeliveryError)) throw error;
      if (!asker.isPerson) throw new SetupProblem(error.message, error.advice);
      tell.bad(`${error.message} ${error.advice}`);
      if (!(await asker.confirm({ message: "Try again?", initial: true }))) throw new SetupCancelled();
    }
  }
}

/** The desk, for the steps after the account's. */
export function deskOf({ desk }: SetupProgress): TwilioDesk {
  if (desk === undefined) throw new Error("the account comes first");
  return desk;
}

/** The way that was chosen. */
export function chosenChannel({ channel }: SetupProgress): ChannelName {
  if (channel === undefined) throw new Error("the channel comes first");
  return channel;
}

/** The same, for the steps of a channel that binds by a code. */
export function pairedChannel(progress: SetupProgress): PairedChannel {
  const channel = chosenChannel(progress);
  if (channel === "whatsapp") throw new Error("Twilio's WhatsApp binds nobody by a code");
  return channel;
}
