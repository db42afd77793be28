// The Elicitation hook: an MCP server asks the person to fill in a form. While the hook waits, the terminal shows no form
// (measured with 2.1.329): what is not asked, or not answered in time, is left to it with no opinion.
import type { RequestHandler } from "express";
import { z } from "zod";
import type { Gate } from "../../core/gate-contract.ts";
import type { Answer } from "../../core/pending-request.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Log } from "../../core/ports/log.ts";
import { soundOutcome } from "../../domain/decision.ts";
import { FORM_TOOL, parseForm } from "../../domain/form.ts";
import { formContent } from "../../domain/form-answer.ts";
import { askingHook } from "./asking-hook.ts";
import type { Callers } from "./callers.ts";
import type { DoneMessages } from "./done-messages.ts";
import { type ElicitationAsk, parseElicitation } from "./elicitation-input.ts";
import { NO_OPINION } from "./hook-answer.ts";
import type { HookOrigins } from "./hook-origin.ts";

export interface ElicitationDeps {
  readonly gate: Gate;
  readonly callers: Callers;
  readonly origins: HookOrigins;
  readonly done: DoneMessages;
  readonly clock: Clock;
  readonly log: Log;
}

export function createElicitation(deps: ElicitationDeps): RequestHandler {
  const { gate, origins, done, clock, log } = deps;
  return askingHook<ElicitationAsk>(
    {
      event: "elicitation",
      parse: parseElicitation,
      async ask(ask, signal) {
        // A page to open is nothing that a phone could answer.
        if (ask.isPage) {
          void done.waitsForPage(ask);
          return undefined;
        }
        const form = parseForm(ask.call);
        if (!form.ok) {
          log.info({ problem: form.problem }, "a form cannot be asked on the phone: left to the terminal");
          return undefined;
        }
        const receivedAt = clock.elapsed();
        const origin = await origins.of(ask, ask.headers);
        return signal.aborted
          ? undefined
          : gate.request({ ...origin, call: ask.call, receivedAt }, { signal });
      },
      answer: elicitationAnswer,
    },
    deps,
  );
}

/** What Claude Code hands on to the MCP server. */
function elicitationAnswer({ request, outcome }: Pick<Answer, "request" | "outcome">): object {
  const sound = soundOutcome(request, outcome);
  switch (sound.status) {
    case "approved": {
      const content = formContent(request.call, sound.answers);
      const isValid = content !== undefined && fits(content, request.call.input["requested_schema"]);
      return isValid ? decision({ action: "accept", content }) : NO_OPINION;
    }
    case "denied":
      return decision({ action: "decline" });
    case "refused":
    case "blocked":
      return decision({ action: "cancel" });
    default:
      return NO_OPINION;
  }
}

/** Asked once more of a library: what leaves is what the server's own schema takes. */
function fits(content: object, schema: unknown): boolean {
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(content).success;
  } catch {
    return false;
  }
}

function decision(answer: object): object {
  return { hookSpecificOutput: { hookEventName: FORM_TOOL, ...answer } };
}
