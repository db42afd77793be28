// @ts-check
// The page's requests to the simulator, and what to tell the person when one of them goes wrong.

/**
 * @typedef {object} Outcome
 * @property {boolean} created The message exists in the chat.
 * @property {string} [problem] Why the approval server did not take it, in words for the person.
 */

/** @param {string} message @param {string} button */
export const tap = (message, button) => send("/phone/tap", { message, button });

/** @param {{ text: string, phone: string | undefined, quote: string | undefined }} reply */
export const type = (reply) => send("/phone/type", reply);

/** Says that the person has seen the message. True when the simulator took it. @param {string} message */
export async function markRead(message) {
  const response = await post("/phone/read", { message }).catch(() => undefined);
  return response?.ok === true;
}

/** @param {string} path @param {object} payload */
function post(path, payload) {
  const headers = { "content-type": "application/json" };
  return fetch(path, { method: "POST", headers, body: JSON.stringify(payload) });
}

/** Never throws. @param {string} path @param {object} payload @returns {Promise<Outcome>} */
async function send(path, payload) {
  try {
    const response = await post(path, payload);
    const answer = await response.json();
    if (!response.ok) return { created: false, problem: answer.error ?? `HTTP ${response.status}` };
    const refusal = answer.error ?? (isSuccess(answer.status) ? undefined : `HTTP ${answer.status}`);
    return refusal ? { created: true, problem: `The server did not take it: ${refusal}` } : { created: true };
  } catch {
    return { created: false, problem: "The simulated phone lost its server. Is it still running?" };
  }
}

/** @param {number} status */
const isSuccess = (status) => status >= 200 && status < 300;
