// @ts-check
// Read receipts: a message counts as read when the end of its bubble is on the screen of a visible page.

/** @typedef {import("./chat.js").SimMessage} SimMessage */

/**
 * @param {(sid: string) => Promise<boolean>} markRead
 * @returns {{ watch: (message: SimMessage, end: Element) => void }}
 */
export function createReading(markRead) {
  /** @type {Map<Element, SimMessage>} */
  const unread = new Map();
  /** @type {Set<Element>} */
  const onScreen = new Set();
  /** Statuses already reported, so that one status is reported once. @type {Set<string>} */
  const reported = new Set();

  const report = async () => {
    if (document.visibilityState !== "visible") return;
    for (const end of onScreen) {
      const message = unread.get(end);
      const key = `${message?.sid} ${message?.status}`;
      if (!message || reported.has(key)) continue;
      reported.add(key);
      if (!(await markRead(message.sid))) reported.delete(key);
    }
  };
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) onScreen.add(target);
      else onScreen.delete(target);
    }
    void report();
  });
  document.addEventListener("visibilitychange", () => void report());

  return {
    watch(message, end) {
      const waiting = message.status === "sent" || message.status === "delivered";
      if (message.direction === "to-phone" && waiting) {
        unread.set(end, message);
        observer.observe(end);
        void report();
      } else if (unread.delete(end)) {
        observer.unobserve(end);
        onScreen.delete(end);
      }
    },
  };
}
