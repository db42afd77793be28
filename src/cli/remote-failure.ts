// Why a server on another machine could not be asked, in words: from the codes of sockets and TLS.
import { cutEnd, visibleLine } from "../domain/visible.ts";

/** As in local-client.ts. */
interface Failure {
  readonly message: string;
  readonly advice: string;
}

const MAX_DEPTH = 6;
/** Whatever stands between may have written the text: shown, but not at any length. */
const MAX_CAUSE_LENGTH = 300;
const NO_TOKEN = "Nothing was sent to it.";
const OTHER_NAME = `Use the name that the certificate is for. ${NO_TOKEN}`;
const NOT_TRUSTED = `Its certificate must lead to an authority that this machine trusts; for one of your own, set NODE_EXTRA_CA_CERTS to its file. ${NO_TOKEN}`;
const IS_IT_UP = "Is the server running there, and its proxy?";
const NETWORK = "Check the network here, and APPROVAL_URL.";

/** By error code: what stands behind "The approval server at … ", and what to do. */
const WORDS: Readonly<Record<string, readonly [what: string, advice: string]>> = {
  ECONNREFUSED: ["takes no connection", IS_IT_UP],
  ECONNRESET: ["broke the connection", IS_IT_UP],
  UND_ERR_SOCKET: ["broke the connection", IS_IT_UP],
  EPIPE: ["broke the connection", IS_IT_UP],
  ENOTFOUND: ["cannot be found: its name is not known", NETWORK],
  EAI_AGAIN: ["cannot be found: names cannot be looked up now", NETWORK],
  EHOSTUNREACH: ["cannot be reached", NETWORK],
  ENETUNREACH: ["cannot be reached", NETWORK],
  ETIMEDOUT: ["does not answer", NETWORK],
  UND_ERR_CONNECT_TIMEOUT: ["does not answer", NETWORK],
  UND_ERR_HEADERS_TIMEOUT: ["does not answer", IS_IT_UP],
  UND_ERR_BODY_TIMEOUT: ["fell silent", IS_IT_UP],
  CERT_HAS_EXPIRED: ["has a certificate that has expired", `Renew it there. ${NO_TOKEN}`],
  CERT_NOT_YET_VALID: ["has a certificate that is not valid yet", `Check this machine's clock. ${NO_TOKEN}`],
  ERR_TLS_CERT_ALTNAME_INVALID: ["has a certificate for another name", OTHER_NAME],
  DEPTH_ZERO_SELF_SIGNED_CERT: ["has a certificate that nobody has signed but itself", NOT_TRUSTED],
  SELF_SIGNED_CERT_IN_CHAIN: ["has a certificate of an unknown authority", NOT_TRUSTED],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ["has a certificate that cannot be checked", NOT_TRUSTED],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ["has a certificate of an unknown authority", NOT_TRUSTED],
  UNABLE_TO_GET_ISSUER_CERT: ["has a certificate of an unknown authority", NOT_TRUSTED],
  CERT_SIGNATURE_FAILURE: ["has a certificate that is not genuine", NOT_TRUSTED],
  ERR_SSL_WRONG_VERSION_NUMBER: ["does not speak https there", "Is it the port of its proxy?"],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ["does not speak https there", "Is it the port of its proxy?"],
  EPROTO: ["does not speak https there", "Is it the port of its proxy?"],
};

/** By what an error says where it has no code of its own. */
const TEXTS: readonly (readonly [pattern: RegExp, what: string, advice: string])[] = [
  [
    /redirect/i,
    "sends callers elsewhere",
    "APPROVAL_URL must be its own address: the token is shown to no other.",
  ],
  [/\b401\b|unauthorized/i, "does not know this token", "Set APPROVAL_TOKEN to your token there."],
  [/invalid host/i, "is not called by this name", "Set ALLOWED_HOSTS there to the name in APPROVAL_URL."],
  [/\b50[234]\b/, "is not reached by the proxy before it", IS_IT_UP],
];

export function remoteFailure(error: unknown, url: string): Failure {
  const errors = chainOf(error);
  const place = `The approval server at ${url}`;
  const known = errors.map((each) => WORDS[codeOf(each)]).find((each) => each !== undefined);
  if (known !== undefined) return { message: `${place} ${known[0]}.`, advice: known[1] };
  const text = errors.map(textOf).join(" ");
  const said = TEXTS.find(([pattern]) => pattern.test(text));
  if (said !== undefined) return { message: `${place} ${said[1]}.`, advice: said[2] };
  const shown = visibleLine(text.trim());
  const cause = shown.slice(0, cutEnd(shown, MAX_CAUSE_LENGTH));
  return { message: `${place} could not be asked: ${cause}`, advice: IS_IT_UP };
}

/** An error and what has caused it, outermost first. */
function chainOf(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  let each = error;
  while (each !== undefined && each !== null && chain.length < MAX_DEPTH) {
    chain.push(each);
    if (each instanceof AggregateError) chain.push(...(each.errors as unknown[]).slice(0, 1));
    each = each instanceof Error ? each.cause : undefined;
  }
  return chain;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
