// @ts-check
// What the page reads. The token stays in this tab, and goes nowhere but to this server.

const API = "record/api/";
const TOKEN = "approval-token";
/** The server answers a wait for news within 25 s. */
const LIMIT_MS = 40_000;

/**
 * @typedef {object} Request
 * @property {string} id @property {string} status @property {string} outcome @property {string} [told]
 * @property {string} door @property {string} tool @property {string} tool_name @property {string} summary
 * @property {string} [project] @property {string} [requester]
 * @property {string} created_at @property {string} expires_at @property {string} [decided_at] @property {number} [took_ms]
 */
/**
 * @typedef {object} Message
 * @property {string} to @property {string} purpose @property {string} [taken_at] @property {string} [sent_at]
 * @property {string} [delivered_at] @property {string} [read_at] @property {string} [failed_at]
 * @property {string} [failure] @property {string} [state]
 */
/**
 * @typedef {object} Details
 * @property {{ name: string, text: string, cut?: number }[]} fields
 * @property {Message[]} messages
 * @property {{ at: string, from: string, words: string }[]} replies
 */
/** @typedef {Request & Details} Story */
/** @typedef {{ requests: Request[], next?: string }} Page */
/** @typedef {{ id: string, tool: string, summary: string, project?: string, door: string, requester?: string, expires_at: string }} Waiting */
/**
 * @typedef {object} Status
 * @property {string} now @property {string} up_since @property {string} record_version
 * @property {{ kind: string, by?: string, until?: string }} mode @property {Waiting[]} waiting
 * @property {string} [status] @property {string} [problem] @property {string} [version] @property {string} [policy]
 * @property {string} [requester]
 * @property {{ phone: string, window: string, windowClosesAt?: string, sandboxExpiresAt?: string }[]} [approvers]
 * @property {{ id: string, summary: string, left_s: number, uses: number }[]} [grants]
 * @property {{ sender: string, today: number, month: number, free_a_month?: number }} [sent]
 */

/** The server wants a token, or another one. */
export class TokenWanted extends Error {}

/** @param {string} token */
export function keepToken(token) {
  sessionStorage.setItem(TOKEN, token);
}

export const hasToken = () => sessionStorage.getItem(TOKEN) !== null;

/** @param {string} path @param {Record<string, string>} [query] */
async function read(path, query = {}) {
  const token = sessionStorage.getItem(TOKEN);
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ""));
  const response = await fetch(`${API}${path}?${asked}`, {
    headers: token === null ? {} : { Authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  if (response.status === 401) throw new TokenWanted();
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response.json();
}

/** @returns {Promise<Status>} */
export const readStatus = () => read("status");
/** @param {Record<string, string>} query @returns {Promise<Page>} */
export const readRequests = (query) => read("requests", query);
/** @param {string} id @returns {Promise<Story>} */
export const readStory = (id) => read(`requests/${id}`);
/** Answers when there is news, or after a while. @param {string} after */
export const waitForNews = (after) => read("changes", { after });
