// @ts-check
// The field at the bottom: typed replies, and the quotation above it.

import { byId } from "./dom.js";
import { icon } from "./icons.js";
import { quotation } from "./quotation.js";

/**
 * @typedef {import("./chat.js").SimMessage} SimMessage
 * @typedef {{ text: string, quote: string | undefined }} Reply
 */

/**
 * @param {(reply: Reply) => Promise<boolean>} onSend Resolves with false when nothing was sent: the text comes back.
 * @returns {{ quote: (message: SimMessage | undefined) => void }}
 */
export function createComposer(onSend) {
  const form = byId("composer", HTMLFormElement);
  const field = byId("text", HTMLTextAreaElement);
  const quoting = byId("quoting", HTMLElement);
  const quotingClose = byId("quoting-close", HTMLButtonElement);
  /** @type {SimMessage | undefined} */
  let quoted;
  quotingClose.append(icon("close"));
  byId("send", HTMLButtonElement).append(icon("send"));

  const grow = () => {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  };
  /** @param {SimMessage | undefined} message */
  const quote = (message) => {
    const changed = message !== quoted;
    quoted = message;
    quoting.hidden = !message;
    byId("quoting-text", HTMLElement).replaceChildren(...(message ? quotation(message) : []));
    if (changed) field.focus();
  };
  const submit = async () => {
    const text = field.value.trim();
    const answered = quoted;
    if (text === "") return;
    field.value = "";
    grow();
    quote(undefined);
    const sent = await onSend({ text, quote: answered?.sid });
    if (sent || field.value !== "") return;
    field.value = text;
    grow();
    quote(answered);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });
  field.addEventListener("input", grow);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && quoted) quote(undefined);
    if (event.target !== field || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void submit();
  });
  quotingClose.addEventListener("click", () => quote(undefined));
  return { quote };
}
