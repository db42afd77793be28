// What each answer of the Agent Platform means, as data: whether it was taken, whether to ask again, and what to tell. By HTTP status,
// code and endpoint only: the platform's texts are no contract.

export type Endpoint = "messages" | "updates" | "statuses" | "media";

export type AnswerKind =
  | "bad-key"
  | "not-the-person"
  | "replaced"
  | "rate"
  | "not-accepted"
  | "field"
  /** The platform has one answer for both. */
  | "key-or-length"
  | "upload"
  | "refused"
  | "not-connected"
  | "not-trusted"
  | "unknown";

export interface Meaning {
  /** `no`: it was not taken. `unknown`: nobody can tell. */
  readonly taken: "no" | "unknown";
  /** Where the same call may be made again: how often in all, and the first pause before it, ms; each further one doubles. */
  readonly repeat?: { readonly posts: number; readonly firstPauseMs: number } | undefined;
  readonly message: string;
  readonly advice: string;
}

const NEW_KEY =
  "Copy the agent's key again (WhatsApp → Settings → Agents → the agent → API key), set WHATSAPP_AGENT_KEY, and restart the server.";
const WAIT = "It is tried again by itself; if it lasts, look at the platform's status.";

export const MEANINGS: Readonly<Record<AnswerKind, Meaning>> = {
  "bad-key": { taken: "no", message: "The WhatsApp agent's key is not accepted.", advice: NEW_KEY },
  "not-the-person": {
    taken: "no",
    message: "WhatsApp does not let the agent write to this person.",
    advice: "Only who made the agent can be written to, and their id changes with a new number: pair again.",
  },
  replaced: {
    taken: "no",
    message: "Another program reads this agent's messages.",
    advice:
      "An agent has one reader at a time. Stop the other program, or make an agent of its own for it; then restart the server.",
  },
  rate: {
    taken: "no",
    // Over a minute in all: then the counters are empty.
    repeat: { posts: 5, firstPauseMs: 5_000 },
    message: "WhatsApp takes no more from this agent for the moment.",
    advice: "It takes 12 messages a minute from an agent: try again in a minute.",
  },
  "not-accepted": {
    taken: "no",
    repeat: { posts: 4, firstPauseMs: 2_000 },
    message: "WhatsApp did not accept it for the moment.",
    advice: WAIT,
  },
  field: {
    taken: "no",
    message: "WhatsApp refused a part of the message.",
    advice: "This is a fault of the approval server or a change of the platform: look for a newer version.",
  },
  "key-or-length": {
    taken: "no",
    message: "WhatsApp refused the message: the agent's key is not accepted, or a text is too long for it.",
    advice: `If /health says that the key is not accepted: ${NEW_KEY}`,
  },
  upload: { taken: "no", message: "WhatsApp refused the document.", advice: "It is sent in parts instead." },
  refused: {
    taken: "no",
    message: "WhatsApp refused the call.",
    advice: "The number of the error is in the log: look for it in the platform's documentation.",
  },
  "not-connected": {
    taken: "no",
    repeat: { posts: 4, firstPauseMs: 1_000 },
    message: "WhatsApp's Agent Platform could not be reached.",
    advice: "Check this computer's network, and WHATSAPP_AGENT_BASE_URL if it is set.",
  },
  "not-trusted": {
    taken: "no",
    message: "The certificate of WhatsApp's Agent Platform is not trusted.",
    advice: "If this network inspects connections, give Node its certificate (NODE_EXTRA_CA_CERTS).",
  },
  unknown: {
    taken: "unknown",
    message: "WhatsApp did not say whether it took the message.",
    advice: "Look at the phone: the message may have arrived all the same. It is not sent again.",
  },
};

interface AnswerRow {
  readonly status?: number;
  readonly code?: number;
  /** Whether it has any code at all. */
  readonly hasCode?: boolean;
  readonly endpoint?: Endpoint;
  readonly is: AnswerKind;
}

/** The first row that fits holds. */
const ROWS: readonly AnswerRow[] = [
  { status: 401, is: "bad-key" },
  { code: 190, is: "bad-key" },
  { status: 409, is: "replaced" },
  { code: 1_752_041, is: "replaced" },
  { status: 429, is: "rate" },
  { code: 130_429, is: "rate" },
  // With whichever code: sources disagree. Without one a proxy has answered, and nobody is lost for that.
  { status: 403, hasCode: true, is: "not-the-person" },
  // Elsewhere it may also be a text that is too long, or a file that is not there.
  { status: 400, code: 100, endpoint: "updates", is: "bad-key" },
  { status: 400, code: 100, is: "key-or-length" },
  { status: 400, code: 131_053, is: "upload" },
  { status: 400, code: 131_009, is: "field" },
  // Another 5xx with this code is as uncertain as any.
  { status: 503, is: "not-accepted" },
];

/** @param code the platform's, where the answer has one */
export function kindOf(endpoint: Endpoint, status: number, code: number | undefined): AnswerKind {
  const row = ROWS.find(
    (each) =>
      (each.status ?? status) === status &&
      (each.code ?? code) === code &&
      (each.hasCode !== true || code !== undefined) &&
      (each.endpoint ?? endpoint) === endpoint,
  );
  if (row !== undefined) return row.is;
  return status >= 400 && status < 500 && status !== 408 ? "refused" : "unknown";
}

const NEVER_CONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);
const NOT_TRUSTED = /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** @param code Node's, of a connection that failed */
export function kindOfFailure(code: string): AnswerKind {
  if (NEVER_CONNECTED.has(code)) return "not-connected";
  return NOT_TRUSTED.test(code) ? "not-trusted" : "unknown";
}
