// @ts-check
// What waits, each with its clock. The clock goes by the server's time.
import { byId, element, marked } from "./dom.js";
import { clockText } from "./times.js";

const list = byId("waiting", HTMLUListElement);
const nothing = byId("nothing-waits", HTMLParagraphElement);
const news = byId("news", HTMLParagraphElement);

/** @type {{ clock: HTMLElement, expiresAt: number }[]} */
let clocks = [];
/** @type {Set<string> | undefined} */
let known;
let skewMs = 0;

/** @param {import("./api.js").Status} status @param {(id: string) => void} onOpen */
export function showWaiting({ now, waiting }, onOpen) {
  skewMs = Date.parse(now) - Date.now();
  nothing.hidden = waiting.length > 0;
  const focused =
    document.activeElement instanceof HTMLElement ? document.activeElement.dataset["waiting"] : undefined;
  clocks = [];
  list.replaceChildren(...waiting.map((request) => itemOf(request, onOpen)));
  if (focused)
    list.querySelector(`[data-waiting="${CSS.escape(focused)}"]`)?.dispatchEvent(new Event("refocus"));
  tick();
  announce(waiting);
}

/** @param {import("./api.js").Waiting} request @param {(id: string) => void} onOpen */
function itemOf({ id, tool, summary, project, door, requester, expires_at }, onOpen) {
  const clock = element("span", "clock");
  clock.setAttribute("role", "timer");
  clock.setAttribute("aria-live", "off");
  clocks.push({ clock, expiresAt: Date.parse(expires_at) });
  const open = element("button", "", "Show all");
  open.type = "button";
  open.dataset["waiting"] = id;
  open.setAttribute("aria-label", `Show all of ${id}`);
  open.addEventListener("click", () => onOpen(id));
  open.addEventListener("refocus", () => open.focus());
  const origin = [tool, id, project, door, requester].filter(Boolean).join(" · ");
  const what = element(
    "div",
    "what",
    element("div", "summary", ...marked(summary)),
    element("p", "about", ...marked(origin), " ", open),
  );
  return element("li", "", clock, what);
}

/** Only what came and went, for a screen reader. @param {import("./api.js").Waiting[]} waiting */
function announce(waiting) {
  const ids = new Set(waiting.map(({ id }) => id));
  const came = waiting.filter(({ id }) => known && !known.has(id));
  const went = [...(known ?? [])].filter((id) => !ids.has(id));
  const said = [
    ...came.map(({ tool, id }) => `${tool} waits: ${id}.`),
    ...(went.length > 0 ? [`No longer waiting: ${went.join(", ")}.`] : []),
  ];
  if (said.length > 0) news.textContent = said.join(" ");
  known = ids;
  document.title = waiting.length > 0 ? `(${waiting.length}) Approvals` : "Approvals";
}

function tick() {
  for (const { clock, expiresAt } of clocks) {
    const text = clockText(expiresAt - Date.now() - skewMs);
    if (clock.textContent !== text) clock.textContent = text;
  }
}

window.setInterval(tick, 500);
