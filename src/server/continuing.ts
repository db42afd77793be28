// "Claude has finished", and what a person replies to it: who tells it, who waits for the reply, and who takes it.
import { randomUUID } from "node:crypto";
import type { Addressed } from "../core/addressed.ts";
import { createFinishedTurns, type FinishedTurns } from "../core/finished-turns.ts";
import { createInstructions, type InstructionsDeps } from "../core/instructions.ts";
import type { ModeKeeper } from "../core/mode.ts";
import {
  createDoneMessages,
  type DoneMessages,
  type DoneMessagesDeps,
  noDoneMessages,
  onlyWaiting,
} from "../doors/hook/done-messages.ts";

export interface Continuing {
  readonly done: DoneMessages;
  /** Absent where Claude waits for nobody's words. */
  readonly turns: FinishedTurns | undefined;
  close(): Promise<void>;
}

export interface ContinuingDeps
  extends Omit<InstructionsDeps, "turns" | "forMs" | "messenger" | "people">,
    Omit<DoneMessagesDeps, "mode" | "addressed" | "people"> {
  readonly people: InstructionsDeps["people"] & DoneMessagesDeps["people"];
  readonly mode: ModeKeeper;
  readonly addressed: Addressed;
  /** Whether the phone is told when Claude has finished. */
  readonly doneMessages: boolean;
  /** How long a Claude that has finished waits for words, ms; 0: not at all. */
  readonly continueMs: number;
  /** Whether each channel tells what a reply quotes: one that Twilio's list shows does not. */
  readonly hearsQuotes: boolean;
}

export function openContinuing(deps: ContinuingDeps): Continuing {
  const { mode, doneMessages, continueMs, hearsQuotes, addressed, clock, log } = deps;
  const messages = createDoneMessages({ ...deps, mode: mode.current });
  if (continueMs > 0 && !hearsQuotes) {
    log.warn(
      {},
      "CONTINUE_MINUTES has no effect: without a webhook nobody sees which message a reply quotes",
    );
  }
  if (continueMs === 0 || !hearsQuotes) {
    return { done: doneMessages ? messages : noDoneMessages, turns: undefined, close: async () => {} };
  }
  const turns = createFinishedTurns(continueMs, { clock, newSubject: randomUUID });
  const instructions = createInstructions({ ...deps, turns, forMs: continueMs });
  addressed.serve("finished", instructions);
  mode.onClose(() => turns.closeAll("closed"));
  return {
    done: doneMessages ? messages : onlyWaiting(messages),
    turns,
    async close() {
      turns.closeAll("gone");
      await instructions.stop();
    },
  };
}
