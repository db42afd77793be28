// @ts-check
// The list of requests: its filters, its rows, and what stands on further pages.
import { readRequests } from "./api.js";
import { byId, element, marked } from "./dom.js";
import { spanText, timeText } from "./times.js";

const rows = byId("rows", HTMLTableSectionElement);
const none = byId("none", HTMLParagraphElement);
const more = byId("more", HTMLButtonElement);
const form = byId("filters", HTMLFormElement);
const words = byId("words", HTMLInputElement);
const status = byId("status", HTMLSelectElement);
const project = byId("project", HTMLInputElement);
const tool = byId("tool", HTMLInputElement);
const door = byId("door", HTMLSelectElement);
const PAGE = 50;
/** A pause in typing, ms. */
const TYPING_MS = 250;

/** @param {{ onOpen: (id: string) => void, onProblem: (error: unknown) => void }} on */
export function createList({ onOpen, onProblem }) {
  /** @type {import("./api.js").Request[]} */
  let shown = [];
  /** @type {string | undefined} */
  let next;
  let turn = 0;
  /** @type {number | undefined} */
  let timer;

  const query = () => ({
    q: words.value.trim(),
    status: status.value,
    project: project.value.trim(),
    tool: tool.value.trim(),
    door: door.value,
  });

  /** @param {boolean} isMore */
  async function load(isMore) {
    turn += 1;
    const mine = turn;
    try {
      // A refresh keeps what was opened by Show older.
      const limit = String(isMore ? PAGE : Math.min(200, Math.max(PAGE, shown.length)));
      const page = await readRequests({ ...query(), limit, before: isMore ? (next ?? "") : "" });
      if (mine !== turn) return;
      const older = isMore ? [] : olderThan(page.requests.at(-1), shown);
      shown = isMore
        ? [...shown, ...page.requests]
        : [...page.requests, ...(older.length > 0 && page.next ? older : [])];
      if (isMore || older.length === 0 || !page.next) next = page.next;
      render();
    } catch (error) {
      if (mine === turn) onProblem(error);
    }
  }

  function render() {
    const focused = document.activeElement?.closest("tr")?.dataset["id"];
    rows.replaceChildren(...shown.map((request) => rowOf(request, onOpen)));
    if (focused)
      rows.querySelector(`tr[data-id="${CSS.escape(focused)}"] button`)?.dispatchEvent(new Event("refocus"));
    const isFiltered = Object.values(query()).some((value) => value !== "");
    none.textContent =
      shown.length > 0
        ? ""
        : isFiltered
          ? next
            ? "Nothing found yet: look further back."
            : "Nothing is found with these filters."
          : "Nothing was asked yet.";
    more.hidden = next === undefined;
    offer(
      "projects",
      shown.map((request) => request.project),
    );
    offer(
      "tools",
      shown.map((request) => request.tool_name),
    );
  }

  function refilter() {
    shown = [];
    next = undefined;
    void load(false);
  }

  form.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(refilter, TYPING_MS);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", () => void load(true));
  return {
    refresh: () => load(false),
    search: () => words.focus(),
    /** @param {number} by */
    step(by) {
      const buttons = [...rows.querySelectorAll("button")];
      const focused = document.activeElement;
      const at = focused instanceof HTMLButtonElement ? buttons.indexOf(focused) : -1;
      buttons[at < 0 ? 0 : Math.min(buttons.length - 1, Math.max(0, at + by))]?.focus();
    },
  };
}

/** @param {import("./api.js").Request | undefined} last @param {import("./api.js").Request[]} shown */
function olderThan(last, shown) {
  const at = shown.findIndex(({ id }) => id === last?.id);
  return at < 0 ? [] : shown.slice(at + 1);
}

/** @param {import("./api.js").Request} request @param {(id: string) => void} onOpen */
function rowOf(request, onOpen) {
  const { id, tool, summary, project, door, created_at, outcome, status, took_ms, requester } = request;
  const open = element(
    "button",
    "",
    element("span", "summary", ...marked(summary)),
    element("span", "about", ...marked(` ${tool} · ${id} · ${door}${requester ? ` · ${requester}` : ""}`)),
  );
  open.type = "button";
  open.addEventListener("click", () => onOpen(id));
  open.addEventListener("refocus", () => open.focus());
  const when = element("time", "", timeText(created_at));
  when.dateTime = created_at;
  const cells = [
    element("td", "", when),
    element("td", "", open),
    labelled("Project", ...marked(project ?? "")),
    element(
      "td",
      "",
      element("span", `outcome ${status === "waiting" ? "waiting-now" : status}`, ...marked(outcome)),
    ),
    labelled("Took", took_ms === undefined ? "" : spanText(took_ms)),
  ];
  const row = element("tr", "", ...cells);
  row.dataset["id"] = id;
  return row;
}

/** On a narrow screen the column's name stands with the value. @param {string} name @param {(Node | string)[]} children */
function labelled(name, ...children) {
  const cell = element("td", "", ...children.filter((child) => child !== ""));
  cell.dataset["label"] = name;
  return cell;
}

/** @param {string} id @param {(string | undefined)[]} values */
function offer(id, values) {
  const options = [...new Set(values.filter((value) => value !== undefined))].sort().map((value) => {
    const option = element("option", "");
    option.value = value;
    return option;
  });
  byId(id, HTMLDataListElement).replaceChildren(...options);
}
