// Spans as messages: as many as it takes, each within what Telegram takes, cut at line ends where that can be. Nothing is left out.
import { cutEnd } from "../../../domain/visible.ts";
import { inertSpans, MAX_ENTITIES, MAX_LENGTH, type RichSpan, type RichText, richText } from "./rich-text.ts";

/** @returns at least one message; none of them is blank, unless all is */
export function pagesOf(spans: readonly RichSpan[]): readonly [RichText, ...RichText[]] {
  const pages: RichSpan[][] = [];
  let page = newPage();
  const turn = () => {
    if (!isBlank(page.spans)) pages.push(withoutEdges(page.spans));
    page = newPage();
  };
  for (const line of linesOf(inertSpans(spans))) {
    if (!fits(page, line)) turn();
    for (const span of line) {
      for (const piece of piecesOf(span)) {
        if (!fits(page, [piece])) turn();
        add(page, piece);
      }
    }
  }
  turn();
  const [first, ...others] = pages.map(richText);
  return first === undefined ? [{ text: "-", entities: [] }] : [first, ...others];
}

interface Page {
  readonly spans: RichSpan[];
  length: number;
  entities: number;
}

const newPage = (): Page => ({ spans: [], length: 0, entities: 0 });
const isStyled = ({ style }: RichSpan) => style !== undefined;

function fits({ length, entities }: Page, line: readonly RichSpan[]): boolean {
  const more = line.reduce((sum, { text }) => sum + text.length, 0);
  return length + more <= MAX_LENGTH && entities + line.filter(isStyled).length <= MAX_ENTITIES;
}

/** Lines of one block stay one. */
function add(page: Page, span: RichSpan): void {
  const last = page.spans.at(-1);
  page.length += span.text.length;
  if (last !== undefined && last.style === span.style) {
    page.spans.splice(-1, 1, { ...last, text: last.text + span.text });
  } else {
    page.spans.push(span);
    if (isStyled(span)) page.entities += 1;
  }
}

const isBlank = (page: readonly RichSpan[]) => page.every(({ text }) => text.trim() === "");

/** The line breaks between two messages are those messages' ends. */
function withoutEdges(page: readonly RichSpan[]): RichSpan[] {
  const [first, last] = [page.findIndex(hasWords), page.findLastIndex(hasWords)];
  return page.slice(first, last + 1).map((span, index, all) => {
    const start = index === 0 ? span.text.replace(/^\n+/, "") : span.text;
    return { ...span, text: index === all.length - 1 ? start.replace(/\n+$/, "") : start };
  });
}

const hasWords = ({ text }: RichSpan) => text.trim() !== "";

/** Each with its line break at its end. A block of several lines is one line here as long as it fits a page. */
function linesOf(spans: readonly RichSpan[]): RichSpan[][] {
  const lines: RichSpan[][] = [[]];
  for (const { text, style } of spans) {
    const rows = style === "pre" && text.length <= MAX_LENGTH ? [text] : text.split(/(?<=\n)/);
    for (const row of rows) {
      lines.at(-1)?.push({ text: row, style });
      if (row.endsWith("\n")) lines.push([]);
    }
  }
  return lines;
}

function piecesOf({ text, style }: RichSpan): RichSpan[] {
  const pieces: RichSpan[] = [];
  let rest = text;
  while (rest.length > MAX_LENGTH) {
    const end = cutEnd(rest, MAX_LENGTH);
    pieces.push({ text: rest.slice(0, end), style });
    rest = rest.slice(end);
  }
  return [...pieces, { text: rest, style }];
}
