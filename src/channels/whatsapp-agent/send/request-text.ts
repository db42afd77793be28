// A request as the Agent Platform shows it: one message with the lines that every WhatsApp message of ours has, the whole text in it
// where it fits, in a document where it does not. There are no buttons: the last line says what to write.
import type { ApprovalRequest } from "../../../domain/approval.ts";
import type { FullText } from "../../../domain/full-text.ts";
import { count } from "../../../domain/names.ts";
import { type RequestMessage, requestMessage } from "../../../domain/request-message.ts";
import { NONE } from "../../../domain/sorted-json.ts";
import type { ApprovalId } from "../../../domain/tool-call.ts";
import { noGaps } from "../../../domain/visible.ts";
import { projectLine } from "../../whatsapp-format/origin.ts";
import { fenced, inFence, splitIntoParts } from "../../whatsapp-format/parts.ts";
import { whereText } from "../../whatsapp-format/request-prompt.ts";
import { isWhole, summaryLines } from "../../whatsapp-format/summary-lines.ts";
import { renderText } from "../../whatsapp-format/text.ts";
import { warningLine, warningList } from "../../whatsapp-format/warning-line.ts";
import { MAX_BODY_LENGTH, MAX_DOCUMENT_BYTES, PARTS } from "../lengths.ts";
import { excerptOf } from "./excerpt.ts";

/** A text as a file. */
interface AgentDocument {
  readonly name: string;
  readonly caption: string;
  readonly text: string;
}

/** What is sent for a request. */
export interface AgentForm {
  /** Takes the answer. */
  readonly body: string;
  /** Plain messages before it. */
  readonly parts: readonly string[];
  /** Those that are sent when somebody asks for more. */
  readonly rest: readonly string[];
  /** Goes before it. */
  readonly document?: AgentDocument | undefined;
  readonly offersSession: boolean;
  /** Characters of the call that no message shows; what stands in the document alone counts. */
  readonly hidden: number;
}

export interface AgentPrompt {
  readonly form: AgentForm;
  /** The same without the document, for when that cannot be sent. */
  readonly withoutDocument?: AgentForm | undefined;
}

export interface AgentPromptOptions {
  /** Whether a reaction decides. */
  readonly hasReactions: boolean;
}

/** What a body says of the text that its lines do not hold. */
interface WholeTextPlace {
  readonly where: string;
  /** Characters that are nowhere to be read. */
  readonly gone: number;
  /** Characters that the messages do not show. */
  readonly unread: number;
  /** The text, or some of it, UTF-16 units at most. */
  block?(room: number): string;
}

/** Warnings that are longer together go into a message of their own. UTF-16 units. */
const MAX_WARNINGS_LENGTH = 1_500;
/** The beginning of a file: some viewers read UTF-8 as something else without it. */
const BYTE_ORDER_MARK = "\uFEFF";

export function agentPrompt(request: ApprovalRequest, options: AgentPromptOptions): AgentPrompt {
  const message = requestMessage(request);
  const { id, summary } = message;
  const form = (place: WholeTextPlace) => formOf(message, place, options);
  if (isWhole(summary)) return { form: form({ where: "", gone: 0, unread: 0 }) };
  const full = message.full();
  const text = fenced(renderText(full.body));
  const inMessage = form({
    where: `${nameOf(full)} below`,
    gone: full.hidden,
    unread: full.hidden,
    block: () => `*${id}, ${full.title}:*\n${inFence(text)}`,
  });
  if (inMessage.body.length <= MAX_BODY_LENGTH) return { form: inMessage };
  const inParts = partsForm(id, full, form);
  const document = documentOf(id, full);
  if (document === undefined) return { form: inParts };
  return { form: documentForm(id, full, text, document, form), withoutDocument: inParts };
}

function partsForm(id: ApprovalId, full: FullText, form: (place: WholeTextPlace) => AgentForm): AgentForm {
  const parts = splitIntoParts(id, full, PARTS);
  const { messages, rest, hidden } = parts;
  const { parts: before, ...made } = form({
    where: whereText(id, full, parts),
    gone: hidden,
    unread: hidden,
  });
  return { ...made, parts: [...before, ...messages], rest };
}

function documentForm(
  id: ApprovalId,
  full: FullText,
  text: string,
  document: AgentDocument,
  form: (place: WholeTextPlace) => AgentForm,
): AgentForm {
  const label = `*${id}, ${full.title}:* the first and the last lines`;
  const gap = (characters: number) =>
    `⋯ ${count(characters, "character")} between them are in the document only`;
  const fixed = [label, inFence(""), gap(text.length), inFence("")].join("\n").length;
  let unread = 0;
  const made = form({
    where: `${nameOf(full)} in the document above`,
    gone: full.hidden,
    // How much that is depends on the room; that it is something does not.
    unread: full.hidden + 1,
    block(room) {
      const { head, tail, between } = excerptOf(text, room - fixed - BLANKS);
      unread = between;
      return [label, inFence(head), gap(between), inFence(tail)].join("\n");
    },
  });
  return { ...made, document, hidden: full.hidden + unread };
}

/** What a head or a tail of blanks alone becomes longer by when it is made visible. */
const BLANKS = 64;

function documentOf(id: ApprovalId, full: FullText): AgentDocument | undefined {
  const text = BYTE_ORDER_MARK + renderText(full.body);
  if (Buffer.byteLength(text) > MAX_DOCUMENT_BYTES) return undefined;
  const caption = `*${id}, ${full.title}:* ${nameOf(full)}, it belongs to the message below`;
  return { name: `${id}.txt`, caption, text };
}

/** Where some of it is described, what is there is not all. */
function nameOf({ name, hidden }: FullText): string {
  return hidden > 0 ? "text" : name;
}

function formOf(message: RequestMessage, place: WholeTextPlace, options: AgentPromptOptions): AgentForm {
  const { id, summary, origin, expiry } = message;
  const warnings = message.warnings(place.gone);
  const session = message.session(place.unread);
  const all = warnings.map((warning) => `⚠️ ${warning}`);
  const isMany = all.join("\n").length > MAX_WARNINGS_LENGTH;
  const values = filled(summaryLines(summary, place.where).values);
  const lines = [
    "🔔 *Approval Request*",
    ...(isMany ? [`⚠️ ${warningLine(warnings)}`] : all),
    "",
    ...callLines(values),
    "",
    `*Project:* ${filledLine(projectLine(origin))}`,
    `*Request ID:* ${id}`,
    "",
    `⏱️ Expires in ${expiry}`,
    ...(session === undefined ? [] : [`🔁 Session allows ${filledLine(renderText(session))}`]),
    "",
  ];
  const howTo = howToText(id, session !== undefined, options);
  const room = MAX_BODY_LENGTH - [...lines, "", howTo].join("\n").length - 1;
  const block = place.block?.(room);
  return {
    body: [...lines, ...(block === undefined ? [] : [block, ""]), howTo].join("\n"),
    parts: isMany ? [warningList(id, warnings)] : [],
    rest: [],
    offersSession: session !== undefined,
    hidden: place.unread,
  };
}

/** As the templates of the other WhatsApp have them: a test compares. */
function callLines({ command, reason, tool, ...others }: Readonly<Record<string, string>>): string[] {
  if (command !== undefined) return [`Execute command: \`${command}\``, `*Reason:* ${reason ?? NONE}`];
  return [`*Tool:* ${tool ?? NONE}`, ...Object.values(others).map((line) => `  • ${line}`)];
}

function filled(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, filledLine(value)]));
}

const filledLine = (value: string) => noGaps(value) || NONE;

function howToText(id: ApprovalId, hasSession: boolean, { hasReactions }: AgentPromptOptions): string {
  const reply = hasReactions
    ? "Reply to this message with yes or no, react to it with 👍 or 👎"
    : "Reply to this message with yes or no";
  const session = hasSession ? `, SESSION ${id}` : "";
  return `${reply}, or write APPROVE ${id}${session} or DENY ${id} and a reason`;
}
