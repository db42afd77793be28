// @ts-check
// Buttons below a bubble, in rows, as Telegram shows them. One that was tapped waits until the bot has answered.

import { button, element } from "./dom.js";

/**
 * @param {readonly import("./chat.js").SimButton[]} buttons @param {readonly number[]} rows How many each has.
 * @param {(choice: import("./chat.js").SimButton) => Promise<unknown>} onTap
 */
export function createKeyboard(buttons, rows, onTap) {
  let at = 0;
  const lines = rows.map((count) => {
    const choices = buttons.slice(at, at + count);
    at += count;
    return element("div", "keyboard-row", ...choices.map((choice) => key(choice, onTap)));
  });
  return element("div", "keyboard", ...lines);
}

/** @param {import("./chat.js").SimButton} choice @param {(choice: import("./chat.js").SimButton) => Promise<unknown>} onTap */
function key(choice, onTap) {
  const made = button("key", () => void tap(), choice.title);
  made.dataset.buttonId = choice.id;
  const tap = async () => {
    if (made.classList.contains("waiting")) return;
    made.classList.add("waiting");
    made.setAttribute("aria-busy", "true");
    await onTap(choice);
    made.classList.remove("waiting");
    made.removeAttribute("aria-busy");
  };
  return made;
}
