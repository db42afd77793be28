// @ts-check
// What a message says: as elements for its bubble, and in plain words for a quotation.

import { renderEntities } from "./entities.js";
import { parseMarkup, shownText } from "./markup.js";
import { renderMarkup } from "./markup-dom.js";

/** @param {import("./chat.js").SimMessage} message @returns {(Node | string)[]} */
export function renderBody({ body, buttonId, entities }) {
  if (entities) return renderEntities(body, entities);
  // "1. Postgres" is the title of what was tapped, and no list.
  return buttonId === undefined ? renderMarkup(parseMarkup(body)) : [body];
}

/** @param {import("./chat.js").SimMessage} message @returns {string} */
export function plainWords({ body, entities, document }) {
  const words = entities ? body : shownText(parseMarkup(body));
  return words || document?.name || "";
}
