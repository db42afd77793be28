// What PENDING, STATUS, PAUSE, RESUME, PANIC and HELP do, and the one text that each is answered with.

import { duration } from "../domain/answer.ts";
import type { ApprovalRequest } from "../domain/approval.ts";
import { closedText, HELP_TEXT } from "../domain/confirmation.ts";
import { count, toolText } from "../domain/full-text.ts";
import type { Command } from "../domain/phone-command.ts";
import { headline } from "../domain/summary.ts";
import type { Phone } from "../domain/tool-call.ts";
import { plainLine } from "../domain/visible.ts";
import type { Gate } from "./gate-contract.ts";
import { type ModeKeeper, pauseFor } from "./mode.ts";
import type { Clock } from "./ports/clock.ts";

/** Lines of PENDING; a plain message takes 1,600 characters. */
const MAX_LISTED = 10;

export interface CommandDeps {
  readonly gate: Gate;
  readonly mode: ModeKeeper;
  readonly clock: Clock;
}

/** @param at when the command was sent, epoch ms: a pause is counted from then */
export type PhoneCommandRunner = (command: Command, by: Phone, at: number) => Promise<string>;

export function createPhoneCommandRunner({ gate, mode, clock }: CommandDeps): PhoneCommandRunner {
  return async (command, by, at) => {
    switch (command.kind) {
      case "help":
        return HELP_TEXT;
      case "pending":
        return pendingText(gate.waiting(), clock.now());
      case "status": {
        const current = mode.current();
        const state = current.kind === "open" ? "Open: requests are sent to the phone." : closedText(current);
        return `${state}\n${count(gate.waiting().length, "request")} waiting.`;
      }
      case "pause": {
        const current = mode.current();
        // A pause must not end a panic.
        if (current.kind === "panic") return closedText(current);
        const pause = pauseFor(command.minutes, by, at);
        await mode.close(pause);
        return pause.kind === "paused" && pause.until <= clock.now()
          ? "That pause is already over."
          : closedText(pause);
      }
      case "resume": {
        const current = mode.current();
        if (current.kind === "panic") return closedText(current);
        await mode.open();
        return current.kind === "open"
          ? "Nothing was paused."
          : "Resumed: requests are sent to the phone again.";
      }
      case "panic": {
        const panic = { kind: "panic", by } as const;
        await mode.close(panic);
        await gate.shut(panic);
        return closedText(panic);
      }
    }
  };
}

function pendingText(requests: readonly ApprovalRequest[], now: number): string {
  if (requests.length === 0) return "Nothing waits.";
  const lines = requests
    .slice(0, MAX_LISTED)
    .map(
      (request) =>
        `${request.id}: ${plainLine(toolText(request.call.toolName), 40)} ${summary(request)}, ${duration(request.expiresAt - now)} left`,
    );
  const more = requests.length > MAX_LISTED ? [`and ${requests.length - MAX_LISTED} more`] : [];
  return [`${count(requests.length, "request")} waiting:`, ...lines, ...more].join("\n");
}

function summary({ inspection }: ApprovalRequest): string {
  return plainLine(headline(inspection.shown), 60);
}
