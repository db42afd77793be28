// A notice as one plain WhatsApp message.
import type { ChannelName } from "../../domain/channel.ts";
import type { Notice } from "../../domain/notice.ts";
import { noticeLines } from "../../domain/notice-lines.ts";
import { renderLine } from "./text.ts";

/** @param channel which of WhatsApp's two ways it is told on */
export function renderNotice(notice: Notice, channel: ChannelName = "whatsapp"): string {
  return noticeLines(notice, channel).map(renderLine).join("\n");
}
