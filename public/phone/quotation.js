// @ts-check
// The small box that says which message is answered: inside of a bubble and above the composer.

import { element } from "./dom.js";
import { parseMarkup, shownText } from "./markup.js";

/** Two lines show; the rest would only make the page heavy. */
const MAX_CHARACTERS = 300;

/** @param {import("./chat.js").SimMessage} message */
export function quotation({ direction, body }) {
  const own = direction === "from-phone";
  const words = shownText(parseMarkup(body)).slice(0, MAX_CHARACTERS).replace(/\s+/g, " ");
  return [
    element("span", `who ${own ? "you" : ""}`, own ? "You" : "Claude approvals"),
    element("span", "words", words),
  ];
}
