// "Claude has finished", and what a person replies to it: who tells it, who waits for the reply, and who takes it.
import { randomUUID } from "node:crypto";
import { createFinishedTurns, type FinishedTurns } from "../core/finished-turns.ts";
import { createInstructions } from "../core/instructions.ts";
import {
  createDoneMessages,
  type DoneMessages,
  noDoneMessages,
  onlyWaiting,
} from "../doors/hook/done-messages.ts";
import type { LocalDoorsDeps } from "./local-doors.ts";

export interface Continuing {
  readonly done: DoneMessages;
  /** Absent where Claude waits for nobody's words. */
  readonly turns: FinishedTurns | undefined;
  close(): Promise<void>;
}

export function openContinuing(
  deps: Omit<LocalDoorsDeps, "sources" | "version" | "showLastWords" | "timeoutMs" | "hookGraceMs" | "gate">,
): Continuing {
  const { mode, doneMessages, continueMs, addressed, clock } = deps;
  const messages = createDoneMessages({ ...deps, mode: mode.current });
  if (continueMs === 0) {
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
