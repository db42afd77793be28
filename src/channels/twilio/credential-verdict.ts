// What Twilio says of the credentials, in words that tell what can be told apart, and say so where nothing can. Never repeats one.
import type { DeliveryError } from "../../domain/errors.ts";
import { toDeliveryError } from "./error-advice.ts";
import { type Advice, BAD_CREDENTIALS } from "./error-codes.ts";

const CONSOLE = "Twilio Console → Account Info";
const KEYS = "Twilio Console → Account → API keys & tokens";

export interface CredentialProbes {
  /** The account, asked for with the auth token. Rejects with what Twilio answers. */
  readonly account: () => Promise<{ readonly status?: string | undefined }>;
  /** A read with the API key; absent where there is none. */
  readonly withKey?: (() => Promise<unknown>) | undefined;
  readonly authToken: string;
}

export type CredentialVerdict =
  | { readonly kind: "accepted" }
  /** Wrong, as Twilio says. */
  | ({ readonly kind: "refused" } & Advice)
  /** Twilio could not be asked. */
  | ({ readonly kind: "unknown" } & Advice);

export async function judgeCredentials({
  account,
  withKey,
  authToken,
}: CredentialProbes): Promise<CredentialVerdict> {
  const [token, key] = await Promise.all([
    attempt(account),
    withKey === undefined ? undefined : attempt(withKey),
  ]);
  if (isRefused(token.error)) return { kind: "refused", ...tokenAdvice(authToken, key) };
  if (token.error !== undefined) return notAccepted(token.error);
  const status = token.value?.status;
  if (status !== undefined && status !== "active") {
    return {
      kind: "refused",
      message: `Twilio accepts the credentials, but the account is ${status === "suspended" || status === "closed" ? status : "not active"}.`,
      advice: "Settle what Twilio Console reports about the account.",
    };
  }
  if (isRefused(key?.error)) {
    return {
      kind: "refused",
      message: "Twilio accepts the auth token, but not the API key.",
      advice: `Make a new key for this account and set TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET, or remove both (${KEYS}).`,
    };
  }
  return key?.error === undefined ? { kind: "accepted" } : notAccepted(key.error);
}

/** Twilio answers the same, 20003, for a wrong SID, a wrong token and the token of another account. */
function tokenAdvice(authToken: string, key: Attempt<unknown> | undefined): Advice {
  const copy = `Copy TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN from the same page: ${CONSOLE}.`;
  if (!/^[0-9a-f]{32}$/.test(authToken)) {
    const isLikeASecret = /^[0-9A-Za-z]{32}$/.test(authToken);
    return {
      message: isLikeASecret
        ? "Twilio refuses TWILIO_AUTH_TOKEN: it looks like the secret of an API key, which does not replace the auth token."
        : "Twilio refuses TWILIO_AUTH_TOKEN: it is no auth token, which has 32 characters, 0-9 and a-f.",
      advice: `Copy the auth token: ${CONSOLE}, behind "Show".`,
    };
  }
  if (key !== undefined && key.error === undefined) {
    return {
      message:
        "Twilio refuses TWILIO_AUTH_TOKEN, but accepts the API key for this account: the token is wrong, or was replaced.",
      advice: `Copy the auth token again: ${CONSOLE}, behind "Show". Webhooks are signed with it.`,
    };
  }
  return {
    message:
      "Twilio refuses account SID and auth token: the token is wrong, was replaced, or one of the two is of another account (Twilio does not say which).",
    advice: copy,
  };
}

/** Refused for another reason than the credentials, or not reached. */
function notAccepted(error: DeliveryError): CredentialVerdict {
  const { message, advice, code } = error;
  return { kind: code === undefined ? "unknown" : "refused", message, advice };
}

interface Attempt<T> {
  readonly value?: T;
  readonly error?: DeliveryError;
}

async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: toDeliveryError(error) };
  }
}

function isRefused(error: DeliveryError | undefined): boolean {
  return error !== undefined && (error.code === BAD_CREDENTIALS || isUnauthorized(error.cause));
}

function isUnauthorized(cause: unknown): boolean {
  return typeof cause === "object" && cause !== null && "status" in cause && cause.status === 401;
}
