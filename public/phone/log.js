// @ts-check
// The list of bubbles: keeps the page's elements in step with the list of messages.

import { createBubble } from "./bubble.js";
import { chosenButtons } from "./chat.js";
import { dayName } from "./days.js";
import { byId, element } from "./dom.js";

/**
 * @typedef {import("./chat.js").SimMessage} SimMessage
 * @typedef {{ key: string, bubble: import("./bubble.js").Bubble }} Shown
 */

/**
 * @param {import("./bubble.js").Actions} actions
 * @param {(sid: string) => import("./outbox.js").Receipt | undefined} receiptOf
 */
export function createLog(actions, receiptOf) {
  const list = byId("messages", HTMLOListElement);
  const empty = byId("empty", HTMLElement);
  /** @type {Map<string, Shown>} */
  let shown = new Map();

  return {
    /** Makes the list show exactly these messages. @param {readonly SimMessage[]} messages @param {boolean} hasReactions */
    render(messages, hasReactions) {
      const bySid = new Map(messages.map((message) => [message.sid, message]));
      /** @type {Map<string, Shown>} */
      const next = new Map();
      /** @type {HTMLElement[]} */
      const rows = [];
      let day = "";
      const now = Date.now();
      for (const message of messages) {
        const quoted = message.quotes === undefined ? undefined : bySid.get(message.quotes);
        const key = JSON.stringify([
          message.direction,
          message.body,
          message.buttons,
          message.listButton,
          message.entities,
          message.rows,
          message.document,
          message.isEdited,
          hasReactions,
          quoted?.body,
        ]);
        const before = shown.get(message.sid);
        const bubble =
          before?.key === key ? before.bubble : createBubble(message, quoted, actions, hasReactions);
        bubble.update(message, {
          quoted,
          chosen: chosenButtons(messages, message.sid),
          receipt: receiptOf(message.sid),
        });
        next.set(message.sid, { key, bubble });
        if (dayName(message.at, now) !== day) {
          day = dayName(message.at, now);
          rows.push(element("li", "day", day));
        }
        rows.push(bubble.element);
      }
      shown = next;
      replaceRows(list, rows);
      empty.hidden = messages.length > 0;
    },

    /** The end of a message's bubble: seen when it is on the screen. @param {string} sid */
    endOf: (sid) => shown.get(sid)?.bubble.end,

    /** Scrolls to a message and lights it up for a moment. @param {string} sid */
    reveal(sid) {
      const row = shown.get(sid)?.bubble.element;
      row?.scrollIntoView({ block: "center" });
      row?.classList.add("lit");
      row?.addEventListener("animationend", () => row.classList.remove("lit"), { once: true });
    },
  };
}

/** Moves only what is out of place, so that focus, selection and presses survive. @param {HTMLElement} list @param {readonly HTMLElement[]} rows */
function replaceRows(list, rows) {
  rows.forEach((row, index) => {
    const present = list.children[index];
    if (present === row || (row.className === "day" && present?.textContent === row.textContent)) return;
    list.insertBefore(row, present ?? null);
  });
  while (list.children.length > rows.length) list.lastElementChild?.remove();
}
