// @ts-check
// The page's requests to the simulator, and what to tell the person when one of them goes wrong.

/**
 * @typedef {object} Outcome
 * @property {boolean} created The message exists in the chat.
 * @property {boolean} [isKept] The platform has it, and the server has not fetched it yet.
 * @property {string} [answer] Words that the phone shows for a moment.
 * @property {string} [problem] Why the approval server did not take it, in words for the person.
 */

/** @param {string | undefined} app Unset: the phone's first one. @param {string} message @param {string} button */
export const tap = (app, message, button) => send(app, "tap", { message, button });

/**
 * @param {string | undefined} app
 * @param {{ text: string, phone: string | undefined, quote: string | undefined }} reply
 */
export const type = (app, reply) => send(app, "type", reply);

/** @param {string | undefined} app @param {string} message @param {string} emoji Empty: it is taken away. */
export const react = (app, message, emoji) => send(app, "react", { message, emoji });

/**
 * Says that the person has seen the message. True when the simulator took it.
 * @param {string | undefined} app @param {string} message
 */
export async function markRead(app, message) {
  const response = await post(app, "read", { message }).catch(() => undefined);
  return response?.ok === true;
}

/** @param {string | undefined} app @param {string} what @param {object} payload */
function post(app, what, payload) {
  const headers = { "content-type": "application/json" };
  const path = `/phone/${what}${app === undefined ? "" : `?app=${encodeURIComponent(app)}`}`;
  return fetch(path, { method: "POST", headers, body: JSON.stringify(payload) });
}

/** Never throws. @param {string | undefined} app @param {string} what @param {object} payload @returns {Promise<Outcome>} */
async function send(app, what, payload) {
  try {
    const response = await post(app, what, payload);
    if (response.status === 204) return { created: false };
    const answer = await response.json();
    if (!response.ok) return { created: false, problem: answer.error ?? `HTTP ${response.status}` };
    const refusal = answer.error ?? (isSuccess(answer.status) ? undefined : `HTTP ${answer.status}`);
    if (refusal) return { created: true, problem: `The server did not take it: ${refusal}` };
    // Such a tap leaves no message in the chat.
    if (answer.answer !== undefined) return { created: false, answer: answer.answer };
    return { created: true, isKept: answer.status === 202 };
  } catch {
    return { created: false, problem: "The simulated phone lost its server. Is it still running?" };
  }
}

/** @param {number} status */
const isSuccess = (status) => status >= 200 && status < 300;
