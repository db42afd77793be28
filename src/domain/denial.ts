// What the caller, usually a model, reads when a request ends. Each text says what happened and what to do next.
import type { ApprovalRequest, Outcome } from "./approval.ts";
import { PLATFORMS_ERROR } from "./channel.ts";
import type { DeliveryFailure } from "./delivery.ts";
import { PLAN_TOOL } from "./plan.ts";
import { QUESTION_TOOL } from "./question.ts";
import { REQUEST_TOOL } from "./request-approval.ts";
import { clockText, duration } from "./time-words.ts";
import { visibleBlock, visibleLine } from "./visible.ts";

/**
 * The text of everything that is not an approval.
 * @param waitedMs how long the caller waited.
 */
export function denialText(
  request: Pick<ApprovalRequest, "createdAt" | "expiresAt"> & {
    readonly call: { readonly toolName: string };
  },
  outcome: Exclude<Outcome, { status: "approved" }>,
): string {
  const { toolName } = request.call;
  const what = nameOf(toolName);
  switch (outcome.status) {
    case "denied":
      if (toolName === PLAN_TOOL) {
        return outcome.reason === undefined
          ? "The person did not approve the plan and gave no reason. Nothing of it is to be done. Ask what should be different."
          : `The person did not approve the plan. Nothing of it is to be done. Their words: ${visibleBlock(outcome.reason)}`;
      }
      return outcome.reason === undefined
        ? `The person denied ${what} from their phone and gave no reason. It did not run. Do not repeat it; ask or choose another way.`
        : `The person denied ${what} from their phone. It did not run. Their words: ${visibleBlock(outcome.reason)}`;
    case "refused":
      return outcome.mode.kind === "paused"
        ? `The person has paused approvals until ${clockText(outcome.mode.until)}. ${capital(what)} was not asked about and did not run. ` +
            "This is not a refusal of the call itself. Go on with what needs no approval, or stop and say what is missing."
        : // PANIC also ends what has been asked.
          `The person has stopped all approvals. ${capital(what)} was not approved and did not run. Stop now, do nothing further, and say so.`;
    case "blocked":
      return (
        `The approval server's policy denies ${what} (rule ${visibleLine(outcome.rule)}). It did not run. ` +
        (outcome.message === undefined
          ? "Do not repeat it; choose another way."
          : visibleBlock(outcome.message))
      );
    case "limited":
      return (
        `${capital(what)} was not asked about and did not run: the caller has reached the approval server's limit, ${outcome.message} ` +
        `This is not a refusal of the call itself. Ask again after ${duration(outcome.retryAfterMs)} at the earliest, or stop and say what is missing.`
      );
    case "expired":
      return (
        `${unanswered(what, duration(request.expiresAt - request.createdAt), outcome)} ` +
        "It did not run. This is not a refusal. Do not repeat the same call: go on with what needs no approval, " +
        "or stop and say what is missing."
      );
    case "undeliverable":
      if (toolName === QUESTION_TOOL)
        return `The questions could not be asked${codeText(outcome)}: ${outcome.message} Nothing was answered. ${outcome.advice}`;
      return (
        `The approval request for ${what} could not be delivered to the phone` +
        `${codeText(outcome)}: ${outcome.message} ` +
        `It did not run. Tell the person: ${outcome.advice}`
      );
    case "cancelled":
      if (outcome.cause === "terminal") return `${capital(what)} was answered at the terminal.`;
      return outcome.cause === "shutdown"
        ? `The approval server is shutting down; nothing was approved. ${capital(what)} did not run. Stop and say so.`
        : `The approval request for ${what} was withdrawn; nothing was approved and nothing ran.`;
    case "failed":
      return `The approval server could not record the request or its answer: ${outcome.message} Nothing was approved; ${what} did not run. Stop and say so.`;
  }
}

/** Says that nobody answered only where somebody was asked. */
function unanswered(
  what: string,
  time: string,
  { reach, short = [] }: Extract<Outcome, { status: "expired" }>,
): string {
  if (short.length > 0)
    return `${capital(what)} carries a warning and needs more people than one: within ${time}, ${short.length} had approved it, and nobody else did.`;
  switch (reach) {
    case "unsent":
      return `The approval request for ${what} was not confirmed as sent within ${time}: as far as is known, the person was not asked.`;
    case "undelivered":
      return `The approval request for ${what} was sent, but within ${time} it was not confirmed that it had reached the phone, and no answer came.`;
    case undefined:
      return `Nobody answered the approval request for ${what} within ${time}.`;
  }
}

function nameOf(toolName: string): string {
  if (toolName === REQUEST_TOOL) return "the action";
  return toolName === PLAN_TOOL ? "the plan" : `the ${toolName} call`;
}

function codeText({ code, channel = "whatsapp", message }: DeliveryFailure): string {
  return code === undefined || message.includes(String(code)) ? "" : ` (${PLATFORMS_ERROR[channel]} ${code})`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
