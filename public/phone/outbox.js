// @ts-check
// What became of the messages sent from this page: on the way, taken by the approval server, or refused. The
// event stream brings the message and the POST brings the outcome, in either order; this pairs them.

/**
 * @typedef {import("./chat.js").SimMessage} SimMessage
 * @typedef {{ body?: string, buttonId?: string, quotes?: string | undefined }} Draft
 * @typedef {{ state: "sending" | "kept" | "taken" | "refused", problem?: string }} Receipt
 */

/** @param {() => void} onChange */
export function createOutbox(onChange) {
  /** @type {{ draft: Draft, receipt: Receipt }[]} */
  let unclaimed = [];
  /** @type {Map<string, { receipt: Receipt }>} */
  const claimed = new Map();

  return {
    /**
     * Follows one sending.
     * @param {Draft} draft @param {Promise<import("./api.js").Outcome>} sending
     */
    async follow(draft, sending) {
      /** @type {{ draft: Draft, receipt: Receipt }} */
      const entry = { draft, receipt: { state: "sending" } };
      unclaimed.push(entry);
      const { created, problem, isKept } = await sending;
      entry.receipt = problem ? { state: "refused", problem } : { state: isKept ? "kept" : "taken" };
      if (!created) unclaimed = unclaimed.filter((other) => other !== entry);
      onChange();
    },

    /** Tells which sending a message of the chat came from. @param {SimMessage} message */
    claim(message) {
      if (message.direction !== "from-phone" || claimed.has(message.sid)) return;
      const entry = unclaimed.find(({ draft }) => isFrom(message, draft));
      if (!entry) return;
      unclaimed = unclaimed.filter((other) => other !== entry);
      claimed.set(message.sid, entry);
    },

    /** Undefined when another page, or this one before a reload, sent it. @param {string} sid */
    receiptOf: (sid) => claimed.get(sid)?.receipt,
  };
}

/** @param {SimMessage} message @param {Draft} draft */
function isFrom(message, draft) {
  if (message.quotes !== draft.quotes || message.buttonId !== draft.buttonId) return false;
  return draft.buttonId !== undefined || message.body === draft.body;
}
