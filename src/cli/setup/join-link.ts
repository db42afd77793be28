// The link that opens WhatsApp with the right words in it, and its QR code for a phone's camera. Pure.
import { renderUnicodeCompact } from "uqr";
import { SANDBOX_SENDER } from "../../config/environment.ts";

/** Black on white, whatever the terminal's own colours are: cameras do not like it the other way round. */
const ON_WHITE = "\u001b[30;107m";
const RESET = "\u001b[0m";
/** White around it, in modules. */
const BORDER = 2;

/** "Join tidy-otter", "tidy otter" and the like as "tidy-otter"; undefined when those are not two words. */
export function readJoinWords(text: string): string | undefined {
  const words = text
    .toLowerCase()
    .replace(/["'“”.]/g, "")
    .trim()
    .replace(/^join\s+/, "")
    .trim()
    .replace(/\s*[-\u2010-\u2015\s]\s*/g, "-");
  return /^[a-z]+-[a-z]+$/.test(words) ? words : undefined;
}

/** The message that the phone has to send. @param words the Sandbox's; undefined with a sender of the account's own */
export function firstWords(sender: string, words: string | undefined): string {
  return sender === SANDBOX_SENDER ? `join ${words ?? "<two words>"}` : "hello";
}

/** @param sender `whatsapp:+…` @param text what stands in the chat's input */
export function chatLink(sender: string, text: string): string {
  return `https://wa.me/${sender.replace(/\D/g, "")}?text=${encodeURIComponent(text)}`;
}

/** Lines of half blocks, about 33 columns wide for a link of ours. Without colours it needs a dark terminal. */
export function qrLines(link: string, isColoured: boolean): string[] {
  const lines = renderUnicodeCompact(link, { border: BORDER, invert: isColoured }).split("\n");
  return isColoured ? lines.map((line) => `${ON_WHITE}${line}${RESET}`) : lines;
}
