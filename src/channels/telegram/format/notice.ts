// A notice as messages of Telegram: nearly always one.
import type { Notice } from "../../../domain/notice.ts";
import { noticeLines } from "../../../domain/notice-lines.ts";
import { pagesOf } from "./pages.ts";
import type { RichSpan, RichText } from "./rich-text.ts";
import { lineSpans } from "./text.ts";

export function noticeMessages(notice: Notice): readonly [RichText, ...RichText[]] {
  const spans = noticeLines(notice, "telegram").flatMap((line, index): RichSpan[] => [
    ...(index === 0 ? [] : [{ text: "\n" }]),
    ...lineSpans(line),
  ]);
  return pagesOf(spans);
}
