// What the person reads before they decide: a call as the lines of a template, with the full text before it where a
// line does not hold it. Foreign text stays one line each and cannot pass for one of ours.
import { duration } from "./answer.ts";
import type { ApprovalRequest } from "./approval.ts";
import { count, fullText } from "./full-text.ts";
import type { SessionOffer } from "./inspection.ts";
import { splitIntoParts } from "./parts.ts";
import { LIMIT, NONE, projectLine, summarise } from "./summary.ts";
import { noGaps, plainLine } from "./visible.ts";
import { badges, gaps, listsAbove, warningLine, warningList } from "./warnings.ts";

/** A template's key and the value of each of its named variables (one line each, never empty), and what goes first. */
export interface Prompt {
  readonly template: string;
  readonly values: Readonly<Record<string, string>>;
  /** Plain messages that show the whole call; empty when the lines hold it. */
  readonly parts: readonly string[];
  /** Whether the message offers to allow the call for the session. */
  readonly offersSession: boolean;
}

/** From so many waiting requests on, the newest message says how many. */
const MANY_WAITING = 3;
/** Describes a request. */
export function promptFor(request: ApprovalRequest): Prompt {
  const { inspection, id } = request;
  const summary = summarise(inspection.shown);
  const parts = summary.whole ? undefined : splitIntoParts(id, fullText(inspection.shown));
  const messages = parts?.messages ?? [];
  const warnings = [
    // First, so that a cut never takes away what the person cannot see otherwise.
    ...gaps(inspection, parts?.hidden ?? 0),
    ...badges(inspection.shown),
    ...inspection.warnings,
  ];
  // A rule would hold the secret itself, and "this exact command" would be text that the person has not seen.
  const session = warnings.length === 0 && inspection.secrets === 0 ? inspection.session : undefined;
  const where = messages.length === 0 ? "" : `full text above, ${count(messages.length, "part")}`;
  const { shape, values } = summary.lines(where);
  const lines = {
    ...values,
    project: projectLine(request),
    id,
    expiry: expiryText(request),
    ...(session ? { session: plainLine(session.text, LIMIT.session) } : {}),
    ...(warnings.length > 0 ? { warning: warningLine(warnings) } : {}),
  };
  return {
    template: `${shape}${session ? "_session" : warnings.length > 0 ? "_warning" : ""}`,
    values: Object.fromEntries(Object.entries(lines).map(([name, value]) => [name, noGaps(value) || NONE])),
    parts: listsAbove(warnings) ? [warningList(id, warnings), ...messages] : messages,
    offersSession: session !== undefined,
  };
}

/** The offer to allow a request for the session, where its message makes one. */
export function sessionOffer(request: ApprovalRequest): SessionOffer | undefined {
  return promptFor(request).offersSession ? request.inspection.session : undefined;
}

function expiryText({ createdAt, expiresAt, waiting, inspection: { secrets = 0 } }: ApprovalRequest): string {
  return [
    duration(expiresAt - createdAt),
    ...(secrets > 0 ? [`${count(secrets, "secret")} masked`] : []),
    ...(waiting >= MANY_WAITING ? [`${waiting} requests wait: PENDING lists them`] : []),
  ].join(" · ");
}
