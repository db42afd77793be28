// What PENDING, STATUS, MORE, PAUSE, RESUME, PANIC and HELP do, and the one notice that each is answered with.
import type { Notice } from "../domain/notice.ts";
import type { PhoneCommand } from "../domain/phone-command.ts";
import type { Phone } from "../domain/tool-call.ts";
import type { Gate } from "./gate-contract.ts";
import { type ModeKeeper, pauseFor } from "./mode.ts";
import type { Clock } from "./ports/clock.ts";
import type { ShowMoreRunner } from "./show-more.ts";

export interface PhoneCommandDeps {
  readonly gate: Gate;
  readonly mode: ModeKeeper;
  readonly clock: Clock;
  /** Default: nothing is ever kept back. */
  readonly showMore?: ShowMoreRunner | undefined;
}

/** @param at when the command was sent, epoch ms: a pause is counted from then */
export type PhoneCommandRunner = (command: PhoneCommand, by: Phone, at: number) => Promise<Notice>;

export function createPhoneCommandRunner({
  gate,
  mode,
  clock,
  showMore,
}: PhoneCommandDeps): PhoneCommandRunner {
  return async (command, by, at) => {
    const current = mode.current();
    switch (command.kind) {
      case "help":
        return { kind: "help" };
      case "pending":
        return { kind: "pending", requests: gate.waiting(), now: clock.now() };
      case "status":
        return { kind: "status", mode: current, waiting: gate.waiting().length };
      case "more":
        return showMore?.(command.id, by) ?? { kind: "more", id: command.id, sent: 0, left: 0 };
      case "pause": {
        // A pause must not end a panic.
        if (current.kind === "panic") return { kind: "closed", mode: current };
        const pause = pauseFor(command.minutes, by, at);
        await mode.close(pause);
        return pause.until <= clock.now() ? { kind: "pause-over" } : { kind: "closed", mode: pause };
      }
      case "resume":
        if (current.kind === "panic") return { kind: "closed", mode: current };
        await mode.open();
        return { kind: "resumed", wasOpen: current.kind === "open" };
      case "panic": {
        const panic = { kind: "panic", by } as const;
        await mode.close(panic);
        await gate.shut(panic);
        return { kind: "closed", mode: panic };
      }
    }
  };
}
