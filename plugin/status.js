// `/approvals:status`: what the running server's /health says, in plain lines. Asks nothing, changes nothing, and prints no token.
"use strict";
const { get } = require("node:http");

const { SERVER_PORT = "", APPROVAL_TOKEN } = process.env;
// A project's settings may set it, and what follows an @ would be another machine.
const url = `http://127.0.0.1:${/^\d+$/.test(SERVER_PORT) ? SERVER_PORT : 8000}/health`;
const headers = APPROVAL_TOKEN ? { Authorization: `Bearer ${APPROVAL_TOKEN}` } : {};
const LIMIT_MS = 5000;
const MAX_LENGTH = 100_000;

const asked = get(url, { headers, agent: false, timeout: LIMIT_MS }, (response) => {
  let text = "";
  response.setEncoding("utf8");
  response.on("data", (chunk) => {
    text += chunk;
    if (text.length > MAX_LENGTH) response.destroy(new Error("the answer is too long"));
  });
  response.on("error", (error) => down(error));
  response.on("end", () => print(response.statusCode, text));
});
asked.on("timeout", () => asked.destroy(new Error(`no answer within ${LIMIT_MS / 1000} s`)));
asked.on("error", down);

function print(status, text) {
  if (status === 401)
    return say(
      `server: up at ${url}, but it wants its token: export APPROVAL_TOKEN in the shell that starts claude`,
    );
  let health;
  try {
    health = JSON.parse(text);
  } catch {
    health = undefined;
  }
  if (typeof health !== "object" || health === null || typeof health.waiting !== "number") {
    return say(`server: something else answers at ${url} (HTTP ${status})`);
  }
  say(
    `server: up, version ${word(health.version)}, ${health.status === "ok" ? "records requests" : `approves nothing: ${word(health.problem)}`}`,
  );
  say(`mode: ${word(health.standing)}`);
  for (const line of phones(health)) say(`phone: ${line}`);
  for (const { phone, window, windowClosesAt } of Array.isArray(health.approvers) ? health.approvers : []) {
    say(
      `  ${word(phone)}: window ${word(window)}${windowClosesAt ? `, closes ${word(windowClosesAt)}` : ""}`,
    );
  }
  say(`waiting: ${health.waiting}`);
  say(`grants: ${word(health.grants)}`);
}

/** A line for each way to a phone that is in use. */
function phones({ phone, simulated, channels }) {
  if (Array.isArray(simulated)) return [`simulated: ${simulated.map(word).join(", ")}`];
  const others = (Array.isArray(channels) ? channels : []).map(
    ({ channel, state, approving }) => `${word(channel)}, ${word(state)}, ${word(approving)} may approve`,
  );
  const lines = phone === "twilio" ? ["WhatsApp through Twilio", ...others] : others;
  return lines.length > 0 ? lines : [word(phone)];
}

function down(error) {
  say(`server: not running at ${url} (${word(error.code || error.message)})`);
}

/** Whatever listens at the port may have written it: one line of plain characters, not at any length. */
function word(value) {
  return String(value ?? "unknown")
    .replace(/[^\x20-\x7e\u2026]/g, "?")
    .slice(0, 200);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
