// A text that is too long for the message with the buttons: numbered messages before it. What is longer than some messages goes as a
// text file with all of it, its beginning and its end as messages; the parts between are counted, and sent when they are asked for.
import type { FullText } from "../../../domain/full-text.ts";
import { count } from "../../../domain/names.ts";
import type { ApprovalId } from "../../../domain/tool-call.ts";
import { escapeRun } from "../../../domain/visible.ts";
import { charactersOf, cutIntoPieces, lengthOf } from "../../text-pieces.ts";
import { MAX_LENGTH, type RichText, richText } from "./rich-text.ts";
import { blockOf } from "./text.ts";

/** For the line above a part. UTF-16 units. */
const OVERHEAD = 300;
/** So many parts go out whole; of longer texts, the first and the last ones beside the file. */
const WHOLE: Readonly<Record<FullText["kind"], number>> = { script: 6, data: 3 };
const HEAD_PARTS = 2;
const TAIL_PARTS = 1;
/** With one MORE. */
export const MORE_PARTS = 4;

export interface TextDocument {
  readonly name: string;
  readonly text: string;
  /** What is said beside it. */
  readonly caption: RichText;
}

export interface TelegramParts {
  /** All of the text, where the messages do not show it. */
  readonly document?: TextDocument | undefined;
  readonly messages: readonly RichText[];
  /** Of how many parts. */
  readonly total: number;
  /** Characters of the text that the messages do not show. */
  readonly hidden: number;
  /** The other parts, in order. */
  readonly rest: readonly RichText[];
}

/** The text in one block, as it stands in a message. */
export function fullBlock({ body }: Pick<FullText, "body">): string {
  return endSeen(blockOf(body));
}

export function partsOf(id: ApprovalId, full: FullText): TelegramParts {
  const { title, kind, hidden: described } = full;
  const whole = blockOf(full.body);
  const pieces = cutIntoPieces(whole, MAX_LENGTH - OVERHEAD);
  const total = pieces.length;
  const isLong = total > WHOLE[kind];
  const [from, until] = isLong ? [HEAD_PARTS, total - TAIL_PARTS] : [total, total];
  const isKept = (index: number) => index >= from && index < until;
  const missing = pieces.slice(from, until).reduce((sum, piece) => sum + lengthOf(piece), 0);
  const shown = pieces.map(({ text, continues }, index) => {
    const notes = [
      isLong && index === until ? `${count(missing, "character")} before this are NOT shown here` : "",
      continues ? "goes on in the same line" : "",
    ].filter(Boolean);
    return richText([
      { text: `${id}, part ${index + 1} of ${total}:`, style: "bold" },
      { text: ` ${[title, ...notes].join(", ")}\n` },
      { text: endSeen(text), style: "pre" },
    ]);
  });
  return {
    ...(isLong ? { document: documentOf(id, title, whole) } : {}),
    messages: shown.filter((_, index) => !isKept(index)),
    total,
    hidden: described + missing,
    rest: shown.filter((_, index) => isKept(index)),
  };
}

function documentOf(id: ApprovalId, title: string, text: string): TextDocument {
  const caption = richText([
    { text: `${id}, all of it:`, style: "bold" },
    { text: ` ${title}, ${count(charactersOf(text), "character")}` },
  ]);
  return { name: `${id}.txt`, text: `${text}\n`, caption };
}

/** Telegram takes blanks and line breaks away from the end of a message: one break is not missed there, others are. */
function endSeen(text: string): string {
  const last = text.at(-1);
  if (last !== " " && last !== "\n") return text;
  let end = text.length;
  while (end > 0 && text[end - 1] === last) end -= 1;
  const isOneBreak = last === "\n" && end === text.length - 1 && end > 0 && text[end - 1] !== " ";
  return isOneBreak ? text : text.slice(0, end) + escapeRun(text.slice(end));
}
