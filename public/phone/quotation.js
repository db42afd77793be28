// @ts-check
// The small box that says which message is answered: inside of a bubble and above the composer.

import { plainWords } from "./body.js";
import { element } from "./dom.js";

/** Two lines show; the rest would only make the page heavy. */
const MAX_CHARACTERS = 300;

/** @param {import("./chat.js").SimMessage} message */
export function quotation(message) {
  const own = message.direction === "from-phone";
  const words = plainWords(message).slice(0, MAX_CHARACTERS).replace(/\s+/g, " ");
  return [
    element("span", `who ${own ? "you" : ""}`, own ? "You" : "Claude approvals"),
    element("span", "words", words),
  ];
}
