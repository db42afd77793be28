// A notice as one plain WhatsApp message.
import type { Notice } from "../../domain/notice.ts";
import { noticeLines } from "../../domain/notice-lines.ts";
import { renderLine } from "./text.ts";

export function renderNotice(notice: Notice): string {
  return noticeLines(notice).map(renderLine).join("\n");
}
