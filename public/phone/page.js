// @ts-check
// The simulated phone: puts the parts together. The list of messages comes from the server and is never guessed.

import * as api from "./api.js";
import { showApps } from "./apps.js";
import { countUnanswered, withMessage } from "./chat.js";
import { createComposer } from "./composer.js";
import { onNewDay } from "./days.js";
import { follow } from "./events.js";
import { createHeader } from "./header.js";
import { createLog } from "./log.js";
import { createNotice } from "./notice.js";
import { createOutbox } from "./outbox.js";
import { createReading } from "./reading.js";
import { createScrolling } from "./scrolling.js";
import { createToast } from "./toast.js";
import { createTyping } from "./typing.js";

/** @type {import("./chat.js").ChatState | undefined} */
let state;
let unfollow = () => {};

const toast = createToast();
const typing = createTyping();
const scrolling = createScrolling();
const reading = createReading((sid) => api.markRead(state?.app, sid));
const outbox = createOutbox(render);
const composer = createComposer(sendReply);
const header = createHeader(choosePhone);
const log = createLog(
  { onTap: tap, onReply: composer.quote, onReact: react, onShow: (sid) => log.reveal(sid) },
  outbox.receiptOf,
);

/** @param {import("./chat.js").SimMessage} message @param {import("./chat.js").SimButton} choice */
function tap(message, choice) {
  const sending = api.tap(state?.app, message.sid, choice.id);
  return track({ quotes: message.sid, buttonId: choice.id }, sending);
}

/** @param {import("./chat.js").SimMessage} message @param {string} emoji */
async function react(message, emoji) {
  const { problem } = await api.react(state?.app, message.sid, emoji);
  if (problem) toast(problem);
}

/** @param {import("./composer.js").Reply} reply */
async function sendReply({ text, quote }) {
  const sending = api.type(state?.app, { text, phone: state?.phone, quote });
  return (await track({ body: text, quotes: quote }, sending)).created;
}

/** @param {import("./outbox.js").Draft} draft @param {Promise<import("./api.js").Outcome>} sending */
async function track(draft, sending) {
  await outbox.follow(draft, sending);
  const outcome = await sending;
  const words = outcome.problem ?? outcome.answer;
  if (words) toast(words);
  return outcome;
}

function render() {
  if (!state) return;
  const { messages } = state;
  const { hasReactions } = state;
  scrolling.during(() => log.render(messages, hasReactions));
  for (const message of messages) {
    const end = log.endOf(message.sid);
    if (end) reading.watch(message, end);
  }
  const unanswered = countUnanswered(messages);
  document.title = unanswered > 0 ? `(${unanswered}) Simulated phone` : "Simulated phone";
}

/** @param {import("./chat.js").SimMessage} message */
function receive(message) {
  if (!state || message.phone !== state.phone) return;
  const isNew = !state.messages.some(({ sid }) => sid === message.sid);
  outbox.claim(message);
  if (isNew && message.direction === "to-phone") typing.hide();
  state = { ...state, messages: withMessage(state.messages, message) };
  render();
  if (isNew && message.direction === "from-phone") scrolling.toBottom();
}

/** @param {{ readonly app?: string | undefined, readonly phone?: string | undefined }} place */
function open(place) {
  unfollow();
  typing.hide();
  unfollow = follow(place, {
    onState(next) {
      state = next;
      showApps(next);
      header.show(next);
      render();
    },
    onMessage: receive,
    onTyping: (forMs) => scrolling.during(() => typing.show(forMs)),
    onLost: header.showLost,
  });
}

/** The choice stands in the address, so that it outlives a reload. @param {string} phone */
function choosePhone(phone) {
  const named = new URLSearchParams({ phone });
  if (state && state.apps.length > 1) named.set("app", state.app);
  history.replaceState(null, "", `?${named}`);
  composer.quote(undefined);
  open({ app: state?.app, phone });
  scrolling.toBottom();
}

createNotice();
onNewDay(render);
const asked = new URLSearchParams(location.search);
open({ app: asked.get("app") ?? undefined, phone: asked.get("phone") ?? undefined });
