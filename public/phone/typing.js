// @ts-check
// The three dots of somebody who types: shown when the server says so, until a message comes or their time is over.

import { byId } from "./dom.js";

/** @returns {{ show: (forMs: number) => void, hide: () => void }} */
export function createTyping() {
  const dots = byId("typing", HTMLElement);
  /** @type {number | undefined} */
  let timer;

  function hide() {
    window.clearTimeout(timer);
    dots.hidden = true;
  }

  return {
    show(forMs) {
      hide();
      dots.hidden = false;
      timer = window.setTimeout(hide, forMs);
    },
    hide,
  };
}
