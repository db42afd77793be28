// What PENDING, STATUS, PAUSE, RESUME, PANIC and HELP do, and the one text that each is answered with.

import { duration } from "../domain/answer.ts";
import type { ApprovalRequest, Phone } from "../domain/approval.ts";
import type { Command } from "../domain/command.ts";
import { closedText, HELP_TEXT } from "../domain/confirmation.ts";
import { count, toolText } from "../domain/full-text.ts";
import { headline } from "../domain/summary.ts";
import { plainLine } from "../domain/visible.ts";
import type { Gate } from "./gate-contract.ts";
import type { Clock } from "./ports.ts";
import { pauseFor, type StandingKeeper } from "./standing.ts";

/** Lines of PENDING; a plain message takes 1,600 characters. */
const MAX_LISTED = 10;

export interface CommandDeps {
  readonly gate: Gate;
  readonly standing: StandingKeeper;
  readonly clock: Clock;
}

/** @param at when the command was sent, epoch ms: a pause is counted from then */
export type CommandRunner = (command: Command, by: Phone, at: number) => Promise<string>;

export function createCommandRunner({ gate, standing, clock }: CommandDeps): CommandRunner {
  return async (command, by, at) => {
    switch (command.kind) {
      case "help":
        return HELP_TEXT;
      case "pending":
        return pendingText(gate.waiting(), clock.now());
      case "status": {
        const current = standing.current();
        const state = current.kind === "open" ? "Open: requests are sent to the phone." : closedText(current);
        return `${state}\n${count(gate.waiting().length, "request")} waiting.`;
      }
      case "pause": {
        const current = standing.current();
        // A pause must not end a panic.
        if (current.kind === "panic") return closedText(current);
        const pause = pauseFor(command.minutes, by, at);
        await standing.close(pause);
        return pause.kind === "paused" && pause.until <= clock.now()
          ? "That pause is already over."
          : closedText(pause);
      }
      case "resume": {
        const current = standing.current();
        if (current.kind === "panic") return closedText(current);
        await standing.open();
        return current.kind === "open"
          ? "Nothing was paused."
          : "Resumed: requests are sent to the phone again.";
      }
      case "panic": {
        const panic = { kind: "panic", by } as const;
        await standing.close(panic);
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
