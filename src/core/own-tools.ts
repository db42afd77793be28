// Joins the two steps of one call of a tool that this server runs itself: Claude Code asks for permission first, and calls the
// tool when it has it. A person is asked once, with all that the call itself would show, and that approval is used up by the
// call: the same tool and input, once, within a minute. In doubt the call asks for itself.

import type { ApprovalRequest, Outcome } from "../domain/approval.ts";
import { offeredToolOf, ownToolName } from "../domain/own-tool.ts";
import { sortedJson } from "../domain/sorted-json.ts";
import type { Submission } from "../domain/submission.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import type { Gate } from "./gate-contract.ts";
import type { ModeKeeper } from "./mode.ts";
import type { Answer } from "./pending-request.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import type { ToolQuestion, ToolSource } from "./ports/tool-source.ts";
import { timeLeft } from "./timing.ts";

/** Claude Code calls a tool at once when it may. */
const TICKET_MS = 60_000;
/** Approvals that wait for their call: far more than come in a minute. */
const MAX_TICKETS = 1_000;

interface StepApproval {
  readonly request: ApprovalRequest;
  readonly outcome: Extract<Outcome, { status: "approved" }>;
  readonly question: string;
  readonly requester: string | undefined;
  /** Of what came in by a hook, which does not know the call's id. */
  readonly folder: string | undefined;
  readonly toolUseIds: Set<string>;
  leftMs(): number;
  used: boolean;
}

export interface OwnTools {
  /** The gate as the doors see it: a permission step for one of our tools asks what its call would ask. */
  watch(gate: Gate): Gate;
  /** From now on these offer our tools. */
  use(sources: readonly ToolSource[]): void;
  /** The approval of the permission step that belongs to a call, used up by this. */
  take(submission: Submission): Pick<Answer, "request" | "outcome"> | undefined;
}

export interface OwnToolsDeps {
  readonly mode: Pick<ModeKeeper, "onClose">;
  readonly clock: Clock;
  readonly log: Log;
}

export function createOwnTools({ mode, clock, log }: OwnToolsDeps): OwnTools {
  let sources: readonly ToolSource[] = [];
  const tickets = new Map<ApprovalId, StepApproval>();
  // As with grants: what was allowed before a pause or a panic is not allowed by it any longer.
  mode.onClose(() => tickets.clear());

  /** @returns the step as its call would ask; undefined where it is not about a tool of ours */
  async function asked(submission: Submission): Promise<Submission | undefined> {
    const { door, call, executor } = submission;
    const name = door === "rest" || executor !== undefined ? undefined : offeredToolOf(call.toolName);
    const source = sources.find((each) => each.tools().some((tool) => tool.name === name));
    if (name === undefined || source === undefined) return undefined;
    const plain: ToolQuestion = { call: { toolName: ownToolName(name), input: call.input } };
    try {
      const {
        call: question,
        warnings = [],
        asksAlways,
      } = (await source.question?.(name, call.input, submission.requester)) ?? plain;
      return {
        ...submission,
        call: { ...question, toolUseId: call.toolUseId },
        warnings: [...(submission.warnings ?? []), ...warnings],
        ...(asksAlways === true ? { asksAlways } : {}),
      };
    } catch (error) {
      // The call will fail for the same reason; until then it is a call like any other.
      log.debug({ tool: name, err: error }, "what a call of our own tool would ask is not known");
      return undefined;
    }
  }

  function keep(step: Submission, { request, outcome }: Answer): void {
    // What no person has approved is decided again: by the same policy, which may have changed.
    if (outcome.status !== "approved" || outcome.by === "policy" || outcome.by === "grant") return;
    forgetOld();
    const { requester, startedIn, cwd, call } = step;
    const ticket = tickets.get(request.id) ?? {
      ...{ request, outcome, requester, question: questionKey(step) },
      folder: step.door === "hook" ? (startedIn ?? cwd) : undefined,
      toolUseIds: new Set<string>(),
      leftMs: timeLeft(TICKET_MS, clock),
      used: false,
    };
    if (call.toolUseId !== undefined) ticket.toolUseIds.add(call.toolUseId);
    tickets.set(request.id, ticket);
  }

  function forgetOld(): void {
    for (const [id, ticket] of tickets) {
      if (ticket.leftMs() <= 0 || tickets.size >= MAX_TICKETS) tickets.delete(id);
    }
  }

  function fits(ticket: StepApproval, { requester, cwd, call }: Submission): boolean {
    if (ticket.used || ticket.requester !== requester) return false;
    if (ticket.toolUseIds.size > 0)
      return call.toolUseId !== undefined && ticket.toolUseIds.has(call.toolUseId);
    return ticket.folder !== undefined && ticket.folder === cwd;
  }

  return {
    watch: (gate) => ({
      ...gate,
      async request(submission, caller) {
        const step = await asked(submission);
        if (step === undefined) return gate.request(submission, caller);
        const answer = await gate.request(step, caller);
        keep(step, answer);
        // Claude Code gets its own input back, not what was shown beside it.
        return { ...answer, request: { ...answer.request, call: submission.call } };
      },
      holdBack: async (submission, ms, signals) =>
        gate.holdBack((await asked(submission)) ?? submission, ms, signals),
      async stop() {
        tickets.clear();
        await gate.stop();
      },
    }),
    use(offering) {
      sources = offering;
      // What was approved is a tool as it was offered then: behind the same name there may be another program now.
      for (const source of offering) source.onChange(() => tickets.clear());
    },
    take(submission) {
      forgetOld();
      const key = questionKey(submission);
      const found = [...tickets.values()].find((each) => each.question === key && fits(each, submission));
      if (found === undefined) return undefined;
      found.used = true;
      log.info({ id: found.request.id }, "a call uses the approval of its permission step");
      return found;
    },
  };
}

/** All that a person was shown. */
function questionKey({ call: { toolName, input }, warnings = [], asksAlways = false }: Submission): string {
  return sortedJson({ toolName, input, warnings, asksAlways }, 0);
}
