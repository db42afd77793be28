// Whether Twilio accepts the account SID with its auth token, and the API key where there is one.
import { DeliveryError } from "../domain/errors.ts";
import { type Check, failure, ok, skipped, warning } from "./check.ts";

export interface AccountState {
  /** active, suspended or closed. */
  readonly status: string;
  /** Trial or Full. */
  readonly type: string;
}

export interface TwilioAccountDeps {
  /** Signed in with the auth token: an API key may not read the account. @throws DeliveryError */
  readonly fetchAccount: () => Promise<AccountState>;
  /** Whether an error says that the credentials do not match. */
  readonly isRefusal: (error: DeliveryError) => boolean;
  /** Whether the auth token has the form of one: 32 digits, 0-9 and a-f. */
  readonly hasTokenForm: boolean;
  /** Whether it is the secret of an API key that is set as well. */
  readonly isKeySecret: boolean;
  /** Whether the API key is accepted; undefined where none is set. Never rejects. */
  readonly keyAccepted: () => Promise<boolean | undefined>;
}

const COPY = "Copy TWILIO_AUTH_TOKEN from Twilio Console → Account Info";

export function twilioAccountCheck(deps: TwilioAccountDeps): Check {
  return {
    description: "Twilio account",
    async run() {
      let account: AccountState;
      try {
        account = await deps.fetchAccount();
      } catch (error) {
        if (error instanceof DeliveryError && deps.isRefusal(error)) return refused(deps, error);
        throw error;
      }
      const { status, type } = account;
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

/** What a token that is not accepted most likely is. */
async function refused(deps: TwilioAccountDeps, { message, advice }: DeliveryError) {
  if (deps.isKeySecret || !deps.hasTokenForm) {
    const what = deps.isKeySecret ? "is the secret of the API key" : "is no auth token";
    const form = deps.isKeySecret ? "" : " (32 digits, 0-9 and a-f); most often it is an API key's secret";
    return failure(
      `Twilio did not accept TWILIO_AUTH_TOKEN: it ${what}${form}`,
      `${COPY}; an API key's secret belongs into TWILIO_API_KEY_SECRET.`,
    );
  }
  if ((await deps.keyAccepted()) === true) {
    return failure(
      "TWILIO_AUTH_TOKEN is another account's, or an old one: the API key is accepted and messages go out, but every reply by webhook is refused (403)",
      `${COPY}: it must be the token of TWILIO_ACCOUNT_SID.`,
    );
  }
  return failure(message, advice);
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

/** A check that needs Twilio's answers. Where Twilio does not give any, the one above has said so already. */
export function behindTwilio(check: Check, isUsable: () => Promise<boolean>): Check {
  return {
    ...check,
    run: async () =>
      (await isUsable())
        ? check.run()
        : skipped("not looked at: Twilio does not take the credentials, or does not answer"),
  };
}
