// @ts-check
// Signs beside a message: the one that it has, and the sheet from which the person gives one.

import { button, element } from "./dom.js";
import { icon } from "./icons.js";
import { createDialog } from "./sheet.js";

const SIGNS = ["👍", "👎", "❤️", "😂", "🙏"];

/** @param {(emoji: string) => void} onReact Empty: it is taken away. */
export function createReactions(onReact) {
  const signs = SIGNS.map((emoji) => {
    const made = button("sign", () => pick(emoji), emoji);
    made.setAttribute("aria-label", `React with ${emoji}`);
    return made;
  });
  const none = button("sign none", () => pick(""), "None");
  const { sheet } = createDialog("React", element("div", "signs", ...signs, none));
  /** @param {string} emoji */
  const pick = (emoji) => {
    sheet.close();
    onReact(emoji);
  };
  const opener = button("round beside react-to", () => sheet.showModal(), icon("smile"));
  opener.setAttribute("aria-label", "React");
  opener.setAttribute("aria-haspopup", "dialog");
  opener.title = "React";
  return { opener, sheet };
}

/** The sign that a message has. */
export function createSign() {
  const made = element("span", "reaction");
  made.hidden = true;
  return {
    element: made,
    /** @param {string | undefined} emoji */
    update(emoji) {
      made.hidden = !emoji;
      made.textContent = emoji ?? "";
      if (emoji) made.setAttribute("aria-label", `Reaction: ${emoji}`);
    },
  };
}
