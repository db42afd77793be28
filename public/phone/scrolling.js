// @ts-check
// Keeps the newest message in view, unless the person has scrolled up to read: then a button leads back down.

import { byId } from "./dom.js";
import { icon } from "./icons.js";

/** Still counts as "at the bottom", px. */
const NEAR_PX = 80;

/** @returns {{ toBottom: () => void, during: (change: () => void) => void }} */
export function createScrolling() {
  const log = byId("log", HTMLElement);
  const back = byId("to-bottom", HTMLButtonElement);
  let atBottom = true;
  back.append(icon("down"));

  // Measured, not remembered from the last scroll event: that one may still be on its way.
  const measure = () => {
    atBottom = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
    back.hidden = atBottom;
  };
  const toBottom = () => {
    log.scrollTop = log.scrollHeight;
    measure();
  };
  log.addEventListener("scroll", measure);
  back.addEventListener("click", toBottom);
  new ResizeObserver(() => atBottom && toBottom()).observe(log);

  return {
    toBottom,
    /** Makes a change to the list; stays at the bottom if that is where the list was. */
    during(change) {
      measure();
      const stay = atBottom;
      change();
      if (stay) toBottom();
      else measure();
    },
  };
}
