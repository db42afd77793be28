// @ts-check
// The event stream. It comes back by itself after every loss, and each connection begins with the whole state.

/** How long to wait before the next try, ms. */
const RETRY_MS = 1000;

/**
 * @typedef {object} Listener
 * @property {(state: import("./chat.js").ChatState) => void} onState
 * @property {(message: import("./chat.js").SimMessage) => void} onMessage
 * @property {(forMs: number) => void} onTyping
 * @property {() => void} onLost
 */

/**
 * Follows the chat of one phone until the returned function is called.
 * @param {{ readonly app?: string | undefined, readonly phone?: string | undefined }} place Unset: the simulator chooses. What no longer
 * exists is given up for that.
 * @param {Listener} listener
 * @returns {() => void}
 */
export function follow(place, { onState, onMessage, onTyping, onLost }) {
  /** @type {EventSource} */
  let source;
  /** @type {number | undefined} */
  let timer;
  let wanted = place;
  let seen = false;

  const open = () => {
    const named = Object.entries(wanted).flatMap(([name, value]) => (value ? [[name, value]] : []));
    source = new EventSource(`/phone/events?${new URLSearchParams(named)}`);
    source.addEventListener("state", (event) => {
      seen = true;
      onState(JSON.parse(event.data));
    });
    source.addEventListener("message", (event) => onMessage(JSON.parse(event.data)));
    source.addEventListener("typing", (event) => onTyping(JSON.parse(event.data).forMs));
    source.addEventListener("error", () => {
      source.close();
      if (!seen) wanted = {};
      timer = window.setTimeout(open, RETRY_MS);
      onLost();
    });
  };
  open();
  return () => {
    window.clearTimeout(timer);
    source.close();
  };
}
