// The part of hook.sh that may wait for hours: posts a hook's event to the approval server and prints what it answers. Must never
// print anything else, and never fail: without an answer Claude Code's dialog stays, and in print mode the call is refused.
// CommonJS and built-in modules only, for every Node from 14 on: it starts once for each question.
"use strict";
const { request } = require("node:http");

const [event = "", origin = ""] = process.argv.slice(2);
const ASKS = new Set(["permission-request", "permission-denied", "elicitation", "pre-tool-use"]);
/** Waits for a person's next words when Claude has finished. */
const WAITS = "wait-reply";
const mayWait = ASKS.has(event) || event === WAITS;
/** Claude Code shows a hook's standard error to Claude, and has it go on, when the hook ends with this. */
const GO_ON = 2;
/** A server on this machine accepts at once, ms. */
const CONNECT_MS = 3000;
/** What only tells is answered at once, ms: below the time-out of the hook. */
const TELL_MS = 4000;
/** How often it looks whether Claude Code is still there, ms. */
const LOOK_MS = 1000;
/** Far above every answer, bytes: whatever listens at the port may send anything. */
const MAX_ANSWER = 20_000_000;

// A hook that fails is shown at the terminal, after each tool.
process.on("uncaughtException", leave);
process.stdout.on("error", leave);
process.stderr.on("error", leave);
// For whoever starts claude -p by itself and wants its end at once.
if (event === WAITS && process.env.APPROVAL_WAIT_REPLY === "off") leave();
leaveWithClaudeCode();

const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk));
process.stdin.on("end", () => post(Buffer.concat(chunks)));

/** @param {Buffer} body */
function post(body) {
  const { env } = process;
  const port = env.SERVER_PORT || "8000";
  // A project's settings may set it, and what follows an @ would be another machine.
  if (!origin && !/^\d+$/.test(port)) return leave();
  const url = new URL(`/hooks/${event}`, origin || `http://127.0.0.1:${port}`);
  const headers = {
    "Content-Type": "application/json",
    "Content-Length": body.length,
    // Encoded: a header cannot carry every folder's name.
    "X-Approval-Folder": encodeURIComponent(env.CLAUDE_PROJECT_DIR || ""),
    "X-Approval-Attended": isAttended(env) ? "yes" : "no",
    "X-Approval-Hook-Of": origin ? "settings" : "plugin",
    "X-Approval-Claude-Pid": env.CLAUDE_PID || "",
  };
  if (env.APPROVAL_TOKEN) headers.Authorization = `Bearer ${env.APPROVAL_TOKEN}`;
  // No agent: nothing of a proxy, and no time-out of its own. A person may take as long as the server lets them.
  const sent = request(url, { method: "POST", headers, agent: false }, take);
  const connecting = setTimeout(leave, mayWait ? CONNECT_MS : TELL_MS);
  sent.on("socket", (socket) => {
    socket.setKeepAlive(true, 30_000);
    if (mayWait) socket.once("connect", () => clearTimeout(connecting));
  });
  sent.on("error", leave);
  sent.end(body);
}

/** @param {import("node:http").IncomingMessage} response */
function take(response) {
  const answer = [];
  let length = 0;
  response.on("data", (chunk) => {
    length += chunk.length;
    if (length > MAX_ANSWER) leave();
    answer.push(chunk);
  });
  response.on("error", leave);
  response.on("close", leave);
  response.on("end", () => {
    const text = Buffer.concat(answer).toString();
    if (!response.complete || response.statusCode !== 200) leave();
    response.off("close", leave);
    if (event === WAITS) return goOn(text);
    if (!isDecision(text)) leave();
    process.stdout.write(text, leave);
  });
}

/** Plain text on a hook's standard output would be read as words for Claude. */
function isDecision(text) {
  try {
    const { hookSpecificOutput: output } = JSON.parse(text);
    return ASKS.has(event) && typeof output === "object" && output !== null;
  } catch {
    return false;
  }
}

/** In print mode, too, where the run waits for this program: `asyncRewake` is a plain hook there (measured with 2.1.329). */
function goOn(text) {
  let words;
  try {
    const { decision, reason } = JSON.parse(text);
    if (decision === "block" && typeof reason === "string") words = reason;
  } catch {
    // No words of anybody's.
  }
  if (!words) return leave();
  process.stderr.write(`${words}\n`, () => process.exit(GO_ON));
}

/** Measured with 2.1.329: `claude -p` says 0, a session at a terminal 1. The hook's body does not tell. */
function isAttended(env) {
  return env.CLAUDE_CODE_SESSION_ATTENDED !== "0";
}

/** Killed, Claude Code tells its hooks nothing: the phone must not wait for a call that no longer exists. */
function leaveWithClaudeCode() {
  const parent = process.ppid;
  const claude = Number(process.env.CLAUDE_PID);
  const isKnown = claude > 1 && isRunning(claude);
  setInterval(() => {
    if (process.ppid !== parent || (isKnown && !isRunning(claude))) leave();
  }, LOOK_MS).unref();
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

function leave() {
  process.exit(0);
}
