// What a person's decision makes of a request.
import type { ApprovalRequest, Outcome, Verdict } from "./approval.ts";
import { sessionOffer } from "./prompt.ts";
import { isQuestion } from "./question.ts";

/** The outcome of a verdict; undefined when the request's message did not offer that: a question wants an answer. */
export function outcomeOf(
  { kind, by, ...words }: Exclude<Verdict, { kind: "answer" }>,
  request: ApprovalRequest,
): Outcome | undefined {
  if (kind === "deny") return { status: "denied", by, ...words };
  if (isQuestion(request.call)) return undefined;
  if (kind === "approve") return { status: "approved", by };
  const session = sessionOffer(request);
  return session === undefined ? undefined : { status: "approved", by, session };
}
