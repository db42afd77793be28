// @ts-check
// One bubble. Built once and then patched: a status that changes under a finger must not replace the button.

import { isFailed } from "./chat.js";
import { button, element, spoken } from "./dom.js";
import { icon } from "./icons.js";
import { parseMarkup } from "./markup.js";
import { renderMarkup } from "./markup-dom.js";
import { quotation } from "./quotation.js";
import { createSheet } from "./sheet.js";
import { onSwipe } from "./swipe.js";

/**
 * @typedef {import("./chat.js").SimMessage} SimMessage
 * @typedef {object} Actions
 * @property {(message: SimMessage, button: import("./chat.js").SimButton) => void} onTap
 * @property {(message: SimMessage) => void} onReply
 * @property {(sid: string) => void} onShow Goes to the quoted message.
 * @typedef {object} Surroundings What the rest of the chat says about a message.
 * @property {SimMessage | undefined} quoted
 * @property {ReadonlySet<string | undefined>} chosen The buttons tapped so far.
 * @property {import("./outbox.js").Receipt | undefined} receipt
 * @typedef {{ element: HTMLLIElement, end: HTMLElement,
 *   update: (message: SimMessage, around: Surroundings) => void }} Bubble
 */

/**
 * @param {SimMessage} message @param {SimMessage | undefined} quoted @param {Actions} actions
 * @returns {Bubble}
 */
export function createBubble(message, quoted, actions) {
  const own = message.direction === "from-phone";
  const meta = element("span", "meta", time(message.at));
  // The clock sits in the last line's right corner: an invisible copy at the end of the text keeps words off it.
  const spacer = element("span", "spacer");
  spacer.dataset.time = meta.textContent ?? "";
  meta.setAttribute("aria-live", "off");
  // "1. Postgres" is the title of what was tapped, and no list.
  const shown = message.buttonId === undefined ? renderMarkup(parseMarkup(message.body)) : [message.body];
  const body = element("div", "body", ...shown, spacer);
  const problem = element("p", "problem");
  /** @param {import("./chat.js").SimButton} choice */
  const onTap = (choice) => actions.onTap(message, choice);
  const list = message.listButton ? createSheet(message.listButton, message.buttons, onTap) : undefined;
  const replies = list ? [] : message.buttons.map((choice) => quickReply(choice, () => onTap(choice)));
  const bubble = element("div", "bubble", spoken(own ? "You: " : "Claude approvals: "));
  if (quoted) bubble.append(button("quoted", () => actions.onShow(quoted.sid), ...quotation(quoted)));
  bubble.append(element("div", "content", body, meta), problem);
  if (replies.length > 0)
    bubble.append(element("div", "quick-replies", ...replies.map((reply) => reply.element)));
  if (list) bubble.append(element("div", "quick-replies", list.opener));

  const replyTo = button("round reply-to", () => actions.onReply(message), icon("reply"));
  replyTo.setAttribute("aria-label", "Reply");
  replyTo.title = "Reply";
  const row = element("li", `message ${own ? "out" : "in"}`, bubble, replyTo);
  row.dataset.sid = message.sid;
  onSwipe(row, bubble, () => actions.onReply(message));
  if (list) row.append(list.sheet);

  return {
    element: row,
    end: meta,
    update(current, { chosen, receipt }) {
      const failed = isFailed(current);
      const words = failed ? failure(current) : (receipt?.problem ?? "");
      row.classList.toggle("failed", words !== "");
      problem.hidden = words === "";
      if (problem.textContent !== words) problem.replaceChildren(...(words ? [icon("problem"), words] : []));
      for (const reply of replies) reply.update(chosen.has(reply.id), failed);
      list?.update(chosen, failed);
      if (own) showTicks(meta, words ? "none" : ticksOf(current, receipt));
    },
  };
}

/** @param {import("./chat.js").SimButton} choice @param {() => void} onTap */
function quickReply({ id, title }, onTap) {
  const note = spoken("");
  const made = button(
    "quick-reply",
    onTap,
    icon("reply"),
    icon("chosen"),
    element("span", "title", title),
    note,
  );
  made.dataset.buttonId = id;
  return {
    id,
    element: made,
    /** @param {boolean} chosen @param {boolean} failed */
    update(chosen, failed) {
      made.classList.toggle("chosen", chosen);
      note.textContent = chosen ? " (chosen)" : "";
      made.disabled = failed;
    },
  };
}

/** @param {SimMessage} message */
function failure({ status, errorCode }) {
  const what = status === "failed" ? "Not sent" : "Not delivered";
  return errorCode === undefined ? what : `${what}: error ${errorCode}`;
}

const TICKS = /** @type {const} */ ({ sent: "Sent", delivered: "Delivered", read: "Read" });

/**
 * A message of one's own: one tick on its way, two when it arrived, blue when the approval server took it.
 * @param {SimMessage} message @param {import("./outbox.js").Receipt | undefined} receipt
 * @returns {keyof typeof TICKS}
 */
function ticksOf({ status, isRead }, receipt) {
  if (isRead) return "read";
  if (receipt) return receipt.state === "taken" ? "read" : "sent";
  if (status === "read") return "read";
  return status === "queued" || status === "sent" ? "sent" : "delivered";
}

/** @param {HTMLElement} meta @param {keyof typeof TICKS | "none"} ticks */
function showTicks(meta, ticks) {
  if (meta.dataset.ticks === ticks) return;
  meta.dataset.ticks = ticks;
  meta.querySelector(".ticks")?.remove();
  if (ticks === "none") return;
  const drawing = icon(ticks === "sent" ? "sent" : "delivered");
  meta.append(element("span", `ticks ${ticks}`, drawing, spoken(TICKS[ticks])));
}

/** @param {number} at */
function time(at) {
  const made = element(
    "time",
    "",
    new Date(at).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" }),
  );
  made.dateTime = new Date(at).toISOString();
  return made;
}
