// @ts-check
// What the page knows about the conversation, as plain data. The server's list is the truth; this only reads it.

/**
 * @typedef {import("../../src/simulator/phone/phone-app.js").PhoneMessage} SimMessage
 * @typedef {import("../../src/simulator/sim-message.js").SimButton} SimButton
 * @typedef {import("../../src/simulator/phone/event-stream.js").PhoneState} ChatState
 */

/**
 * Puts a new message at the end, or a changed one in its old place.
 * @param {readonly SimMessage[]} messages @param {SimMessage} message
 * @returns {readonly SimMessage[]}
 */
export function withMessage(messages, message) {
  const known = messages.some(({ sid }) => sid === message.sid);
  return known ? messages.map((old) => (old.sid === message.sid ? message : old)) : [...messages, message];
}

/** A message that never reached the phone. @param {SimMessage} message */
export const isFailed = ({ status }) => status === "failed" || status === "undelivered";

/** The ids of the message's buttons that were tapped. @param {readonly SimMessage[]} messages @param {string} sid */
export function chosenButtons(messages, sid) {
  return new Set(messages.filter(({ quotes }) => quotes === sid).map(({ buttonId }) => buttonId));
}

/** Requests that reached the phone and that nothing quotes or taps. @param {readonly SimMessage[]} messages */
export function countUnanswered(messages) {
  const quoted = new Set(messages.map(({ quotes }) => quotes));
  return messages.filter(
    (message) => message.buttons.length > 0 && !isFailed(message) && !quoted.has(message.sid),
  ).length;
}

/**
 * A number as people write it: `whatsapp:+14155238886` → `+1 415 523 8886`. Others only lose the prefix.
 * @param {string} address
 */
export function readableNumber(address) {
  const number = address.replace(/^whatsapp:/, "");
  return number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "+1 $1 $2 $3");
}
