// Whether Twilio accepts the account SID with its auth token, and the API key where there is one.
import { type Check, failure, ok, warning } from "./check.ts";

export interface AccountState {
  /** active, suspended or closed. */
  readonly status: string;
  /** Trial or Full. */
  readonly type: string;
}

/** @param fetchAccount signed in with the auth token: an API key may not read the account. @throws DeliveryError */
export function twilioAccountCheck(fetchAccount: () => Promise<AccountState>): Check {
  return {
    description: "Twilio account",
    async run() {
      const { status, type } = await fetchAccount();
      if (status !== "active") {
        return failure(`the account is ${status}`, "Settle what Twilio Console reports about the account.");
      }
      return type === "Trial"
        ? warning(
            "the auth token is accepted; a trial account sends 50 messages a day",
            "Upgrade the account in Twilio Console when that is too few.",
          )
        : ok("the auth token is accepted, the account is active");
    },
  };
}

/** @param readMessages one read with the API key. @throws DeliveryError */
export function apiKeyCheck(readMessages: () => Promise<void>): Check {
  return {
    description: "Twilio API key",
    async run() {
      await readMessages();
      return ok("accepted");
    },
  };
}
