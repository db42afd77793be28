// @ts-check
// One bubble. Built once and then patched: a status that changes under a finger must not replace the button.

import { renderBody } from "./body.js";
import { createCard } from "./card.js";
import { isFailed } from "./chat.js";
import { button, element, spoken } from "./dom.js";
import { icon } from "./icons.js";
import { createKeyboard } from "./keyboard.js";
import { quotation } from "./quotation.js";
import { createReactions, createSign } from "./reactions.js";
import { createSheet } from "./sheet.js";
import { onSwipe } from "./swipe.js";

/**
 * @typedef {import("./chat.js").SimMessage} SimMessage
 * @typedef {object} Actions
 * @property {(message: SimMessage, button: import("./chat.js").SimButton) => Promise<unknown>} onTap
 * @property {(message: SimMessage, emoji: string) => void} onReact
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
 * @param {boolean} hasReactions Whether the person can put a sign beside it.
 * @returns {Bubble}
 */
export function createBubble(message, quoted, actions, hasReactions) {
  const own = message.direction === "from-phone";
  const meta = element("span", "meta", ...(message.isEdited ? ["edited "] : []), time(message.at));
  // The clock sits in the last line's right corner: an invisible copy at the end of the text keeps words off it.
  const spacer = element("span", "spacer");
  spacer.dataset.time = meta.textContent ?? "";
  meta.setAttribute("aria-live", "off");
  const body = element("div", "body", ...renderBody(message), spacer);
  const problem = element("p", "problem");
  /** @param {import("./chat.js").SimButton} choice */
  const onTap = (choice) => actions.onTap(message, choice);
  const list = message.listButton ? createSheet(message.listButton, message.buttons, onTap) : undefined;
  const card = message.document ? createCard(message.document) : undefined;
  const sign = createSign();
  const replies =
    list || message.rows ? [] : message.buttons.map((choice) => quickReply(choice, () => onTap(choice)));
  const bubble = element("div", "bubble", spoken(own ? "You: " : "Claude approvals: "));
  if (quoted) bubble.append(button("quoted", () => actions.onShow(quoted.sid), ...quotation(quoted)));
  if (card) bubble.append(card.opener);
  bubble.append(element("div", "content", body, meta), problem, sign.element);
  if (replies.length > 0)
    bubble.append(element("div", "quick-replies", ...replies.map((reply) => reply.element)));
  if (list) bubble.append(element("div", "quick-replies", list.opener));

  const replyTo = button("round beside reply-to", () => actions.onReply(message), icon("reply"));
  replyTo.setAttribute("aria-label", "Reply");
  replyTo.title = "Reply";
  const row = element("li", `message ${own ? "out" : "in"}`, bubble, replyTo);
  row.dataset.sid = message.sid;
  onSwipe(row, bubble, () => actions.onReply(message));
  if (message.rows && message.buttons.length > 0)
    row.append(createKeyboard(message.buttons, message.rows, onTap));
  if (hasReactions && !own) {
    const reactions = createReactions((emoji) => actions.onReact(message, emoji));
    row.append(reactions.opener, reactions.sheet);
  }
  for (const each of [list, card]) if (each) row.append(each.sheet);

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
      sign.update(current.reaction);
      row.classList.toggle("signed", Boolean(current.reaction));
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
  if (receipt && receipt.state !== "kept") return receipt.state === "taken" ? "read" : "sent";
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
