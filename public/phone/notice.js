// @ts-check
// The warning that this is no real phone: one line that opens. Whether it is open is remembered.
import { byId } from "./dom.js";

const KEY = "simulated-phone-notice";

export function createNotice() {
  const notice = byId("notice", HTMLDetailsElement);
  try {
    notice.open = localStorage.getItem(KEY) === "open";
    notice.addEventListener("toggle", () => localStorage.setItem(KEY, notice.open ? "open" : "folded"));
  } catch {
    // A browser that keeps nothing shows the line folded each time.
  }
}
