// @ts-check
// The apps of the phone: what is simulated. With one there is nothing to choose.

import { byId, element } from "./dom.js";

/** @param {import("./chat.js").ChatState} state */
export function showApps({ app, apps }) {
  document.documentElement.dataset.app = app;
  const list = byId("apps", HTMLElement);
  list.hidden = apps.length < 2;
  if (list.hidden) return;
  const links = apps.map((each) => {
    const link = element("a", "", each.title);
    link.href = `?app=${encodeURIComponent(each.app)}`;
    if (each.app === app) link.setAttribute("aria-current", "page");
    return link;
  });
  list.replaceChildren(...links);
}
