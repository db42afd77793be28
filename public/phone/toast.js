// @ts-check
// A line over the chat that says what went wrong, and goes away by itself.

import { byId } from "./dom.js";

const SHOWN_MS = 7000;

/** @returns {(text: string) => void} */
export function createToast() {
  const toast = byId("toast", HTMLElement);
  /** @type {number | undefined} */
  let timer;
  return (text) => {
    window.clearTimeout(timer);
    toast.textContent = text;
    toast.hidden = false;
    timer = window.setTimeout(() => {
      toast.hidden = true;
    }, SHOWN_MS);
  };
}
