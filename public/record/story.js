// @ts-check
// One request's whole story, in a dialog: what was asked, sent, answered and told, in the order of time.
import { readStory } from "./api.js";
import { byId, element, marked } from "./dom.js";
import { spanText, timeText } from "./times.js";

const dialog = byId("story", HTMLDialogElement);
const title = byId("story-title", HTMLHeadingElement);
const body = byId("story-body", HTMLDivElement);

/** @param {(error: unknown) => void} onProblem */
export function createStory(onProblem) {
  /** @type {string | undefined} */
  let open;

  /** @param {string} id */
  async function load(id) {
    try {
      const story = await readStory(id);
      if (open === id) show(story);
    } catch (error) {
      onProblem(error);
    }
  }

  byId("close", HTMLButtonElement).addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    open = undefined;
  });
  return {
    /** @param {string} id */
    async show(id) {
      open = id;
      title.textContent = id;
      body.replaceChildren();
      if (!dialog.open) dialog.showModal();
      title.focus();
      await load(id);
    },
    refresh: () => (open === undefined ? undefined : load(open)),
    isOpen: () => open !== undefined,
  };
}

/** @param {import("./api.js").Story} story */
function show(story) {
  const { id, tool, fields, project, door, requester, status, outcome } = story;
  title.replaceChildren(...marked(`${id} · ${tool}`));
  const origin = [project && `project ${project}`, `door ${door}`, requester && `token ${requester}`].filter(
    Boolean,
  );
  body.replaceChildren(
    element("p", `outcome ${status === "waiting" ? "waiting-now" : status}`, ...marked(outcome)),
    element("p", "about", ...marked(origin.join(" · "))),
    element("h3", "", "What was asked"),
    element(
      "p",
      "about",
      "Recognised secrets are masked. Characters that nobody would see are written out, like ",
      element("mark", "", "⟨U+200B⟩"),
      ".",
    ),
    ...fields.flatMap(fieldOf),
    ...(fields.length === 0 ? [element("p", "", "It has no input.")] : []),
    element("h3", "", "What happened"),
    element("ol", "events", ...eventsOf(story).map(eventOf)),
  );
}

/** @param {{ name: string, text: string, cut?: number }} field */
function fieldOf({ name, text, cut }) {
  const code = element("pre", "", ...marked(text));
  code.tabIndex = 0;
  code.setAttribute("role", "group");
  code.setAttribute("aria-label", name);
  const rest =
    cut === undefined
      ? []
      : [element("p", "about", `${cut.toLocaleString("en-US")} more characters are in the database only.`)];
  return [element("div", "about", ...marked(name)), code, ...rest];
}

/** @typedef {{ at?: string, words: string, detail?: string }} StoryEvent */

/** @param {import("./api.js").Story} story @returns {StoryEvent[]} */
function eventsOf(story) {
  const { created_at, decided_at, took_ms, outcome, status, told, messages, replies } = story;
  const took = took_ms === undefined ? undefined : `after ${spanText(took_ms)}`;
  const events = [
    { at: created_at, words: "asked" },
    ...messages.map(messageEvent),
    ...replies.map(({ at, from, words }) => ({ at, words: `${from} replied: ${words}` })),
    ...(decided_at === undefined ? [] : [{ at: decided_at, words: outcome, detail: took }]),
  ];
  // Equal times stay in this order.
  const order = (/** @type {StoryEvent} */ { at }) => (at === undefined ? 0 : Date.parse(at));
  const sorted = events.sort((one, other) => order(one) - order(other));
  return [...sorted, ...(told && status !== "waiting" ? [{ words: told }] : [])];
}

/** @param {import("./api.js").Message} message @returns {StoryEvent} */
function messageEvent({ to, purpose, taken_at, sent_at, delivered_at, read_at, failed_at, failure, state }) {
  const steps = [
    sent_at && `sent ${timeText(sent_at, true)}`,
    delivered_at && `delivered ${timeText(delivered_at, true)}`,
    read_at && `read ${timeText(read_at, true)}`,
    (failed_at || state === "failed") &&
      `failed ${failed_at ? timeText(failed_at, true) : ""}${failure ? `: ${failure}` : ""}`,
  ].filter(Boolean);
  const detail = steps.length > 0 ? steps.join(" · ") : (state ?? "no receipt came");
  return { at: taken_at ?? sent_at, words: `${purpose}, to ${to}`, detail };
}

/** @param {StoryEvent} event */
function eventOf({ at, words, detail }) {
  const when = element("time", "", at === undefined ? "" : timeText(at, true));
  if (at !== undefined) when.dateTime = at;
  const text = element("div", "", element("div", "", ...marked(words)));
  if (detail !== undefined) text.append(element("div", "detail", ...marked(detail)));
  return element("li", "", when, text);
}
