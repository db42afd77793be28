// The Twilio credentials: their checks for the server, and how commands that need only the REST API read them.
import { API_KEYS, CONSOLE, type Environment, environment } from "./environment.ts";
import { type ReadVariables, readVariables, refuseProblems, type Variables } from "./read-variables.ts";

interface TwilioCredentials {
  readonly accountSid: string;
  readonly authToken?: string | undefined;
  readonly apiKeySid?: string | undefined;
  readonly apiKeySecret?: string | undefined;
  /** Sends every REST call to this origin, path unchanged. */
  readonly baseUrl?: string | undefined;
}

const variables = environment.pick({
  TWILIO_ACCOUNT_SID: true,
  TWILIO_AUTH_TOKEN: true,
  TWILIO_API_KEY_SID: true,
  TWILIO_API_KEY_SECRET: true,
  TWILIO_BASE_URL: true,
});

/**
 * Reads the account SID with its auth token or an API key. Empty counts as not set.
 * @throws ConfigError with every problem: the variable and where to get its value, never the value.
 */
export function readCredentials(env: Variables): TwilioCredentials {
  const { values, given, wrong } = readVariables(variables, env);
  const hasKey = given.has("TWILIO_API_KEY_SID") || given.has("TWILIO_API_KEY_SECRET");
  refuseProblems(wrong, [
    ...accountProblem(values),
    ...halfKeyProblem(given),
    ...(hasKey ? [] : tokenProblem(values)),
  ]);
  return {
    accountSid: values.TWILIO_ACCOUNT_SID ?? "",
    authToken: values.TWILIO_AUTH_TOKEN,
    apiKeySid: values.TWILIO_API_KEY_SID,
    apiKeySecret: values.TWILIO_API_KEY_SECRET,
    baseUrl: values.TWILIO_BASE_URL,
  };
}

export function accountProblem({ TWILIO_ACCOUNT_SID }: Pick<Environment, "TWILIO_ACCOUNT_SID">): string[] {
  return TWILIO_ACCOUNT_SID === undefined ? [`TWILIO_ACCOUNT_SID: is missing (${CONSOLE})`] : [];
}

/** @param note what else there is to say about it */
export function tokenProblem(
  { TWILIO_AUTH_TOKEN }: Pick<Environment, "TWILIO_AUTH_TOKEN">,
  note = "",
): string[] {
  return TWILIO_AUTH_TOKEN === undefined ? [`TWILIO_AUTH_TOKEN: is missing (${CONSOLE})${note}`] : [];
}

export function halfKeyProblem(given: ReadVariables<unknown>["given"]): string[] {
  const missing = ["TWILIO_API_KEY_SID", "TWILIO_API_KEY_SECRET"].filter((name) => !given.has(name));
  return missing.length === 1
    ? [`${missing[0]}: is missing; the other half of the API key is set (${API_KEYS})`]
    : [];
}
