// A request as WhatsApp shows it: the lines of a template, with the full text before it where a line does not hold it.
// Foreign text stays one line each and cannot pass for one of ours.
import type { ApprovalRequest } from "../../domain/approval.ts";
import { count } from "../../domain/names.ts";
import { requestMessage } from "../../domain/request-message.ts";
import { NONE } from "../../domain/summary.ts";
import { noGaps } from "../../domain/visible.ts";
import { projectLine } from "./origin.ts";
import { splitIntoParts } from "./parts.ts";
import { isWhole, summaryLines } from "./summary-lines.ts";
import { renderText } from "./text.ts";
import { listsAbove, warningLine, warningList } from "./warning-line.ts";

/** A template's key and the value of each of its named variables (one line each, never empty), and what goes first. */
export interface Prompt {
  readonly template: string;
  readonly values: Readonly<Record<string, string>>;
  /** Plain messages that show the whole call; empty when the lines hold it. */
  readonly parts: readonly string[];
  /** Whether the message offers Session. */
  readonly offersSession: boolean;
}

export function promptFor(request: ApprovalRequest): Prompt {
  const { id, summary, origin, expiry, ...message } = requestMessage(request);
  const { messages, hidden } = isWhole(summary) ? WHOLE : splitIntoParts(id, message.full());
  const warnings = message.warnings(hidden);
  const session = message.session(hidden);
  const where = messages.length === 0 ? "" : `full text above, ${count(messages.length, "part")}`;
  const { shape, values } = summaryLines(summary, where);
  const lines = {
    ...values,
    project: projectLine(origin),
    id,
    expiry,
    ...(session && { session: renderText(session) }),
    ...(warnings.length > 0 && { warning: warningLine(warnings) }),
  };
  return {
    template: `${shape}${session ? "_session" : warnings.length > 0 ? "_warning" : ""}`,
    values: Object.fromEntries(Object.entries(lines).map(([name, value]) => [name, noGaps(value) || NONE])),
    parts: listsAbove(warnings) ? [warningList(id, warnings), ...messages] : messages,
    offersSession: session !== undefined,
  };
}

const WHOLE = { messages: [], hidden: 0 };
