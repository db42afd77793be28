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
 * A real button that does not submit forms.
 * @param {string} className @param {() => void} onClick @param {(Node | string)[]} children
 */
export function button(className, onClick, ...children) {
  const made = element("button", className, ...children);
  made.type = "button";
  made.addEventListener("click", onClick);
  return made;
}

/** Text for screen readers only. @param {string} text */
export const spoken = (text) => element("span", "visually-hidden", text);

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
