// @ts-check
// The record's page: reads it, and reads it again when something has changed. It can change nothing.
import { hasToken, keepToken, readStatus, TokenWanted, waitForNews } from "./api.js";
import { byId } from "./dom.js";
import { showFacts } from "./facts.js";
import { createList } from "./list.js";
import { createStory } from "./story.js";
import { followTheme } from "./theme.js";
import { timeText } from "./times.js";
import { showWaiting } from "./waiting.js";

/** How long after a loss the server is tried again, ms. */
const RETRY_MS = 1_000;

const content = byId("content", HTMLDivElement);
const signIn = byId("sign-in", HTMLFormElement);
const token = byId("token", HTMLInputElement);
const refused = byId("refused", HTMLParagraphElement);
const connection = byId("connection", HTMLParagraphElement);
let lastAt = "";

followTheme();
const story = createStory(problem);
const list = createList({ onOpen: (id) => void story.show(id), onProblem: problem });

/** @param {string} text @param {boolean} isLost */
function say(text, isLost) {
  connection.classList.toggle("lost", isLost);
  if (connection.textContent !== text) connection.textContent = text;
}

/** @param {unknown} error */
function problem(error) {
  if (error instanceof TokenWanted) return askForToken();
  const since = lastAt === "" ? "" : ` What is shown is from ${timeText(lastAt, true)}.`;
  say(`The connection to the server is lost: trying again.${since}`, true);
}

function askForToken() {
  content.hidden = true;
  signIn.hidden = false;
  refused.textContent = hasToken() ? "The server does not take this token." : "";
  say("not signed in", false);
  token.focus();
}

async function follow() {
  let version = "";
  for (;;) {
    try {
      if (version !== "") await waitForNews(version);
      const status = await readStatus();
      if (status.record_version !== version || content.hidden) {
        version = status.record_version;
        content.hidden = false;
        signIn.hidden = true;
        await Promise.all([list.refresh(), story.refresh()]);
      }
      showFacts(status);
      showWaiting(status, (id) => void story.show(id));
      lastAt = new Date().toISOString();
      say("live", false);
    } catch (error) {
      problem(error);
      if (error instanceof TokenWanted) return;
      version = "";
      await new Promise((resolve) => window.setTimeout(resolve, RETRY_MS));
    }
  }
}

signIn.addEventListener("submit", (event) => {
  event.preventDefault();
  keepToken(token.value);
  token.value = "";
  void follow();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || story.isOpen()) return;
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (event.key === "Escape" && isTyping) event.target.blur();
  if (isTyping) return;
  if (event.key === "/") list.search();
  else if (event.key === "ArrowDown") list.step(1);
  else if (event.key === "ArrowUp") list.step(-1);
  else return;
  event.preventDefault();
});

void follow();
