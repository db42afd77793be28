// The PermissionDenied hook: auto mode has refused a call, and nobody was asked. The phone is told, and may let Claude try
// again; auto mode then decides again (measured with 2.1.329). Only a person can allow that, never a rule.
import type { RequestHandler } from "express";
import type { Gate } from "../../core/gate-contract.ts";
import { isByPerson, type People } from "../../core/people.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Inspector } from "../../core/ports/inspector.ts";
import type { Log } from "../../core/ports/log.ts";
import { createSafeInspection } from "../../core/safe-inspection.ts";
import { quotedWords } from "../../domain/quoted-words.ts";
import { askingHook } from "./asking-hook.ts";
import type { Callers } from "./callers.ts";
import { NO_OPINION } from "./hook-answer.ts";
import { parsePermissionDenied, type RefusedCall } from "./hook-input.ts";
import type { HookOrigins } from "./hook-origin.ts";

export interface PermissionDeniedDeps {
  readonly gate: Gate;
  readonly callers: Callers;
  readonly origins: HookOrigins;
  readonly people: Pick<People, "mayApprove">;
  readonly inspector: Inspector;
  readonly clock: Clock;
  readonly log: Log;
}

/** Characters of Claude Code's reason. */
const MAX_REASON = 120;

export function createPermissionDenied(deps: PermissionDeniedDeps): RequestHandler {
  const { gate, origins, people, inspector, clock, log } = deps;
  const inspect = createSafeInspection(inspector, clock, log);

  /** Claude Code's words without secrets, in quotes; none where that could not be checked. */
  async function reasonOf({ reason }: RefusedCall): Promise<string> {
    if (reason === undefined) return "";
    const { shown, secrets } = await inspect({ toolName: "PermissionDenied", input: { reason } });
    const words = shown.input["reason"];
    if (secrets === undefined || typeof words !== "string") return "";
    return ` and says ${quotedWords(words, MAX_REASON)}`;
  }

  return askingHook<RefusedCall>(
    {
      event: "permission-denied",
      parse: parsePermissionDenied,
      async ask(ask, signal) {
        const receivedAt = clock.elapsed();
        const origin = await origins.of(ask, ask.headers);
        const warning = `auto mode has refused this${await reasonOf(ask)}: Approve lets Claude try again, and auto mode decides again`;
        if (signal.aborted) return undefined;
        return gate.request({ ...origin, call: ask.call, receivedAt, warnings: [warning] }, { signal });
      },
      answer: ({ outcome }) => (isByPerson(outcome, people) ? RETRY : NO_OPINION),
    },
    deps,
  );
}

const RETRY = { hookSpecificOutput: { hookEventName: "PermissionDenied", retry: true } };
