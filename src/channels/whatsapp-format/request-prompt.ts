// A request as WhatsApp shows it: the lines of a template, with the full text before it where a line does not hold it.
// Foreign text stays one line each and cannot pass for one of ours.
import type { ApprovalRequest } from "../../domain/approval.ts";
import type { FullText } from "../../domain/full-text.ts";
import { count } from "../../domain/names.ts";
import { requestMessage } from "../../domain/request-message.ts";
import { NONE } from "../../domain/sorted-json.ts";
import type { ApprovalId } from "../../domain/tool-call.ts";
import { noGaps } from "../../domain/visible.ts";
import { projectLine } from "./origin.ts";
import { type Parts, splitIntoParts } from "./parts.ts";
import { isWhole, summaryLines } from "./summary-lines.ts";
import { renderText } from "./text.ts";
import { listsAbove, warningLine, warningList } from "./warning-line.ts";

/** A template's key and the value of each of its named variables (one line each, never empty), and what goes first. */
export interface Prompt {
  readonly template: string;
  readonly values: Readonly<Record<string, string>>;
  /** Plain messages that show the call before the buttons; empty when the lines hold it. */
  readonly parts: readonly string[];
  /** The messages that show what those leave out; they are sent when somebody asks for more. */
  readonly rest: readonly string[];
  /** Whether the message offers Session. */
  readonly offersSession: boolean;
  /** Characters of the call that are not shown. */
  readonly hidden: number;
}

export function promptFor(request: ApprovalRequest): Prompt {
  const { id, summary, origin, expiry, ...message } = requestMessage(request);
  const full = isWhole(summary) ? undefined : message.full();
  const parts = full === undefined ? NO_PARTS : splitIntoParts(id, full);
  const { messages, hidden } = parts;
  const warnings = message.warnings(hidden);
  const session = message.session(hidden);
  const { shape, values } = summaryLines(summary, full === undefined ? "" : whereText(id, full, parts));
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
    rest: parts.rest,
    offersSession: session !== undefined,
    hidden,
  };
}

const NO_PARTS: Parts = { messages: [], total: 0, hidden: 0, rest: [] };

/** Where the rest of the call stands. */
export function whereText(
  id: ApprovalId,
  { kind, name, hidden }: FullText,
  { messages, total }: Parts,
): string {
  const shown = messages.length;
  if (shown === total) return `${hidden > 0 ? "text" : name} above, ${count(shown, "part")}`;
  return kind === "data"
    ? `the first ${shown} of ${total} parts above, MORE ${id} sends the next`
    : `${shown} of ${total} parts above, MORE ${id} sends the others`;
}
