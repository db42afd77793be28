// What a person may decide about a request, and what that makes of it.
import type { ApprovalRequest, Outcome } from "./approval.ts";
import { needsAnswers } from "./asked-questions.ts";
import type { Said } from "./question-answer.ts";
import type { ReplyVia } from "./reply-via.ts";
import type { Phone } from "./tool-call.ts";

/**
 * What a person may decide about a request; `session` allows it again, as far as its message says. An answer is to the
 * question that is named, from 1, or to the one that is asked now.
 */
export type ApproverAction = {
  readonly via?: ReplyVia | undefined;
  /** As messages call whoever it is, where they have a name. */
  readonly name?: string | undefined;
} & (
  | {
      readonly kind: "answer";
      readonly by: Phone;
      readonly said: Said;
      readonly question?: number | undefined;
      /** When it was sent, epoch ms; the present time where that is not known. */
      readonly at?: number | undefined;
    }
  | { readonly kind: "approve" | "session"; readonly by: Phone }
  | { readonly kind: "deny"; readonly by: Phone; readonly reason?: string | undefined }
);

/**
 * The outcome of an action; undefined when the request's message did not offer that: a question needs an answer.
 * @param offersSession whether the message that the person has read offers Session
 */
export function outcomeOf(
  { kind, by, ...words }: Exclude<ApproverAction, { kind: "answer" }>,
  request: ApprovalRequest,
  offersSession: boolean,
): Outcome | undefined {
  if (kind === "deny") return { status: "denied", by, ...words };
  if (needsAnswers(request.call)) return undefined;
  const how = howOf(words);
  if (kind === "approve") return { status: "approved", by, ...how };
  const { session } = request;
  return session === undefined || !offersSession ? undefined : { status: "approved", by, session, ...how };
}

/** What an outcome keeps of how it came, and from whom. */
export function howOf({
  via,
  name,
}: Pick<ApproverAction, "via" | "name">): Pick<ApproverAction, "via" | "name"> {
  return { ...(via === undefined ? {} : { via }), ...(name === undefined ? {} : { name }) };
}

/** @param name undefined where they have none */
export function named(action: ApproverAction, name: string | undefined): ApproverAction {
  return name === undefined ? action : { ...action, name };
}
