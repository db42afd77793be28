// @ts-check
// Making elements. Text only ever goes in as text: there is no way here to pass HTML.

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {string} className @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/**
 * The element of the page with this id, of the kind that the page promises.
 * @template {HTMLElement} E
 * @param {string} id @param {new () => E} kind
 * @returns {E}
 */
export function byId(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`index.html has no ${kind.name} #${id}`);
  return found;
}

/** What the server has written out because nobody would see it. */
const ESCAPED = /(⟨U\+[0-9A-F]{4,6}(?:×\d+)?⟩)/u;

/** A text with its written-out characters marked. @param {string} text @returns {(Node | string)[]} */
export function marked(text) {
  return text.split(ESCAPED).map((part, index) => (index % 2 === 1 ? element("mark", "", part) : part));
}
