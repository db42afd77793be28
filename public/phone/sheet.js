// @ts-check
// A list to choose from: the button under its message, and the sheet that it opens over the chat.

import { button, element, spoken } from "./dom.js";
import { icon } from "./icons.js";

/**
 * A sheet over the chat, with a title and a way to close it.
 * @param {string} title @param {HTMLElement} content
 */
export function createDialog(title, content) {
  const sheet = element("dialog", "sheet");
  const heading = element("h2", "", title);
  const close = button("round", () => sheet.close(), icon("close"));
  close.setAttribute("aria-label", "Close");
  sheet.setAttribute("aria-label", title);
  sheet.append(element("div", "sheet-head", heading, close), content);
  // The sheet itself is padded by nothing: a press on it is one beside what it holds.
  sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
  return { sheet };
}

/**
 * @param {string} title The words that open the list.
 * @param {readonly import("./chat.js").SimButton[]} items
 * @param {(item: import("./chat.js").SimButton) => void} onTap
 */
export function createSheet(title, items, onTap) {
  const rows = items.map((item) =>
    row(item, () => {
      sheet.close();
      onTap(item);
    }),
  );
  const { sheet } = createDialog(title, element("ul", "items", ...rows.map((each) => each.element)));
  const opener = button(
    "quick-reply",
    () => sheet.showModal(),
    icon("list"),
    element("span", "title", title),
  );
  opener.setAttribute("aria-haspopup", "dialog");

  return {
    opener,
    sheet,
    /** @param {ReadonlySet<string | undefined>} chosen @param {boolean} failed */
    update(chosen, failed) {
      for (const each of rows) each.update(chosen.has(each.id));
      opener.disabled = failed;
      if (failed) sheet.close();
    },
  };
}

/** @param {import("./chat.js").SimButton} item @param {() => void} onClick */
function row({ id, title, description }, onClick) {
  const note = spoken("");
  const words = element("span", "item-words", element("span", "item-title", title), note);
  if (description) words.append(element("span", "item-description", description));
  const made = button("item", onClick, words, element("span", "mark", icon("chosen")));
  made.dataset.buttonId = id;
  return {
    id,
    element: element("li", "", made),
    /** @param {boolean} chosen */
    update(chosen) {
      made.classList.toggle("chosen", chosen);
      note.textContent = chosen ? " (chosen)" : "";
    },
  };
}
