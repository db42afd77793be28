// @ts-check
// The top of the chat: whose number it is, whether the page still hears the server, and which phone this is.

import { readableNumber } from "./chat.js";
import { byId, element } from "./dom.js";
import { icon } from "./icons.js";

/** @param {(phone: string) => void} onPhone */
export function createHeader(onPhone) {
  const sender = byId("sender", HTMLElement);
  const select = byId("phones", HTMLSelectElement);
  byId("avatar", HTMLElement).append(icon("bell"));
  select.addEventListener("change", () => onPhone(select.value));

  return {
    /** @param {import("./chat.js").ChatState} state */
    show(state) {
      sender.textContent = readableNumber(state.sender);
      select.hidden = state.phones.length < 2;
      const options = state.phones.map((phone) => {
        const option = element("option", "", readableNumber(phone));
        option.value = phone;
        return option;
      });
      select.replaceChildren(...options);
      select.value = state.phone;
    },

    showLost() {
      sender.textContent = "reconnecting…";
    },
  };
}
