// @ts-check
// A document: a card in its bubble, and the sheet that shows what is in it.

import { button, element } from "./dom.js";
import { icon } from "./icons.js";
import { createDialog } from "./sheet.js";

/** @param {{ readonly name: string, readonly text: string }} document */
export function createCard({ name, text }) {
  const { sheet } = createDialog(name, element("pre", "document-text", text));
  const opener = button(
    "card",
    () => sheet.showModal(),
    element("span", "card-icon", icon("file")),
    element(
      "span",
      "card-words",
      element("span", "card-name", name),
      element("span", "card-size", size(text)),
    ),
  );
  opener.setAttribute("aria-haspopup", "dialog");
  opener.setAttribute("aria-label", `Open ${name}`);
  return { opener, sheet };
}

/** @param {string} text */
function size(text) {
  const bytes = new TextEncoder().encode(text).length;
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}
