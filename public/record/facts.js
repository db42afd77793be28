// @ts-check
// The facts at the top: how the server stands, the phones, the messages sent.
import { byId, element } from "./dom.js";
import { spanText, timeText } from "./times.js";

const facts = byId("facts", HTMLDListElement);

/** @param {import("./api.js").Status} status */
export function showFacts(status) {
  facts.replaceChildren(...rowsOf(status).map(([name, text, isWrong]) => row(name, text, isWrong)));
}

/** @param {string} name @param {string} text @param {boolean | undefined} isWrong */
function row(name, text, isWrong) {
  return element("div", "", element("dt", "", name), element("dd", isWrong ? "wrong" : "", text));
}

/** @param {import("./api.js").Status} status @returns {[string, string, boolean?][]} */
function rowsOf(status) {
  const { approvers = [], grants, sent, requester } = status;
  const since = Date.parse(status.now) - Date.parse(status.up_since);
  const version = status.version === undefined ? "" : `, version ${status.version}`;
  return [
    ["Server", `up for ${spanText(since)}${version}`],
    ...(status.problem === undefined
      ? []
      : [/** @type {[string, string, boolean]} */ (["Record", `not recording: ${status.problem}`, true])]),
    ["Mode", ...modeText(status.mode)],
    ...approvers.map(
      (phone) => /** @type {[string, string, boolean]} */ ([`Phone ${phone.phone}`, ...phoneText(phone)]),
    ),
    ...(status.policy === undefined
      ? []
      : [
          /** @type {[string, string]} */ ([
            "Policy",
            status.policy === "none" ? "none in force" : status.policy,
          ]),
        ]),
    ...(grants === undefined
      ? []
      : [
          /** @type {[string, string]} */ ([
            "Session grants",
            grants.length === 0 ? "none hold" : grantsText(grants),
          ]),
        ]),
    ...(sent === undefined ? [] : [/** @type {[string, string]} */ (["Messages sent", sentText(sent)])]),
    ...(requester === undefined
      ? []
      : [/** @type {[string, string]} */ (["Token", `${requester}: only its own requests are shown`])]),
  ];
}

/** @param {import("./api.js").Status["mode"]} mode @returns {[string, boolean]} */
function modeText({ kind, by, until }) {
  if (kind === "panic") return [`all denied: PANIC by ${by}`, true];
  if (kind === "paused") return [`denied until ${timeText(until ?? "")}: PAUSE by ${by}`, true];
  return ["open: requests go to the phone", false];
}

/** @param {{ window: string, windowClosesAt?: string, sandboxExpiresAt?: string }} phone @returns {[string, boolean]} */
function phoneText({ window, windowClosesAt, sandboxExpiresAt }) {
  const sandbox = sandboxExpiresAt === undefined ? "" : `; Sandbox until ${timeText(sandboxExpiresAt)}`;
  if (window === "open") return [`window open until ${timeText(windowClosesAt ?? "")}${sandbox}`, false];
  if (window === "closed") return [`window closed: it has to write first${sandbox}`, true];
  return ["has not written yet", false];
}

/** @param {{ id: string, left_s: number, uses: number }[]} grants */
function grantsText(grants) {
  return grants
    .map(({ id, left_s, uses }) => `${id}: ${spanText(left_s * 1000)} left, used ${uses} ×`)
    .join("; ");
}

/** @param {{ sender: string, today: number, month: number, free_a_month?: number }} sent */
function sentText({ sender, today, month, free_a_month }) {
  const counts = `${today.toLocaleString("en-US")} today, ${month.toLocaleString("en-US")} this month`;
  if (sender === "simulated") return `${counts} (simulated: none was charged)`;
  if (free_a_month === undefined)
    return `${counts} (the Sandbox's number is shared: no free amount of your own)`;
  return `${counts}. Meta is said to charge none of about the first ${free_a_month.toLocaleString("en-US")} of a sender and month; what Twilio charges is in its console`;
}
