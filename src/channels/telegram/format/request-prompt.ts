// A request as Telegram shows it: one message with buttons that holds all of the call where it fits, else the full text before it.
import type { ApprovalRequest } from "../../../domain/approval.ts";
import type { FullText } from "../../../domain/full-text.ts";
import { count } from "../../../domain/names.ts";
import { requestMessage } from "../../../domain/request-message.ts";
import type { ApprovalId } from "../../../domain/tool-call.ts";
import { APPROVE, DENY, type Keyboard, SESSION } from "./keyboard.ts";
import { originSpans } from "./origin.ts";
import { pagesOf } from "./pages.ts";
import { fullBlock, partsOf, type TelegramParts, type TextDocument } from "./parts.ts";
import { MAX_LENGTH, type RichSpan, type RichText } from "./rich-text.ts";
import { type FullTextPlace, isWhole, summarySpans } from "./summary.ts";
import { textSpans } from "./text.ts";

/** What one approver is sent, in its order; a plain value, so that a thread can make it. */
export interface TelegramPrompt {
  /** A file with all of the text, where the messages do not show it. */
  readonly document?: TextDocument | undefined;
  /** Messages that show the call before the buttons; empty when the one with the buttons holds it. */
  readonly parts: readonly RichText[];
  /** The message with the buttons. */
  readonly message: RichText;
  readonly keyboard: Keyboard;
  /** The messages that show what those leave out; they are sent when somebody asks for more. */
  readonly rest: readonly RichText[];
  /** Whether the message offers Session. */
  readonly offersSession: boolean;
  /** Characters of the call that the messages do not show. */
  readonly hidden: number;
}

/** Of a message with the full text in it: what its other lines may take. UTF-16 units. */
const ROOM_FOR_LINES = 1_400;

export function telegramPrompt(request: ApprovalRequest): TelegramPrompt {
  const { id, summary, origin, expiry, ...message } = requestMessage(request);
  const full = isWhole(summary) ? undefined : message.full();
  const here = full === undefined ? undefined : hereText(full);
  const parts = full === undefined || here !== undefined ? NO_PARTS : partsOf(id, full);
  const hidden = here === undefined ? parts.hidden : (full?.hidden ?? 0);
  const session = message.session(hidden);
  const pages = pagesOf([
    { text: "🔔 " },
    { text: "Approval Request", style: "bold" },
    ...message.warnings(hidden).map((warning) => ({ text: `\n⚠️ ${warning}` })),
    { text: "\n\n" },
    ...summarySpans(summary, placeOf(id, full, here, parts)),
    { text: "\n\n" },
    { text: "Project:", style: "bold" },
    { text: " " },
    ...originSpans(origin),
    { text: "\n" },
    { text: "Request ID:", style: "bold" },
    { text: ` ${id}\n\n⏱️ Expires in ${expiry}` },
    ...(session === undefined ? [] : [{ text: "\n🔁 Session allows " }, ...textSpans(session)]),
  ] satisfies RichSpan[]);
  return {
    document: parts.document,
    parts: [...parts.messages, ...pages.slice(0, -1)],
    message: pages.at(-1) ?? pages[0],
    keyboard: [
      [
        { text: APPROVE, id: `approve:${id}` },
        { text: DENY, id: `deny:${id}` },
      ],
      ...(session === undefined ? [] : [[{ text: SESSION, id: `session:${id}` }]]),
    ],
    rest: parts.rest,
    offersSession: session !== undefined,
    hidden,
  };
}

const NO_PARTS: TelegramParts = { messages: [], total: 0, hidden: 0, rest: [] };

/** The full text, where it fits the message with the buttons. */
function hereText(full: FullText): string | undefined {
  const text = fullBlock(full);
  return text.length <= MAX_LENGTH - ROOM_FOR_LINES ? text : undefined;
}

function placeOf(
  id: ApprovalId,
  full: FullText | undefined,
  here: string | undefined,
  parts: TelegramParts,
): FullTextPlace | undefined {
  if (full === undefined) return undefined;
  return here === undefined ? { above: aboveText(id, full, parts) } : { here };
}

/** Where the rest of the call stands. */
function aboveText(
  id: ApprovalId,
  { name, hidden }: FullText,
  { document, messages, total }: TelegramParts,
): string {
  if (document === undefined) return `${hidden > 0 ? "text" : name} above, ${count(total, "part")}`;
  return `${messages.length} of ${total} parts above, all of it in the file, MORE ${id} sends the other parts`;
}
