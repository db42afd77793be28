// Whether Twilio takes what .env says, asked once at the start and beside it: the credentials, the sender, the templates. For one line
// of the banner. Changes nothing, holds nothing up, and a Twilio that cannot be reached is no reason not to start.
import { judgeCredentials } from "../channels/twilio/credential-verdict.ts";
import { toDeliveryError } from "../channels/twilio/error-advice.ts";
import type { TwilioClient } from "../channels/twilio/twilio-client.ts";
import { SANDBOX_SENDER } from "../config/environment.ts";
import type { TwilioConfig } from "../config/phone-config.ts";
import type { Clock } from "../core/ports/clock.ts";
import { withDeadline } from "../core/timing.ts";
import { count } from "../domain/names.ts";
import { ownCommand } from "../domain/own-command.ts";

/** How long the banner waits for it, ms. */
const LIVE_CHECK_LIMIT_MS = 5_000;

export interface LiveFinding {
  readonly status: "ok" | "warning" | "error";
  /** "credentials accepted, sender online, 11 templates": one line, never a secret. */
  readonly text: string;
  readonly advice?: string | undefined;
  /** Whether Twilio accepted the credentials. */
  readonly isAccepted?: boolean | undefined;
}

export interface LiveCheckDeps {
  readonly twilio: TwilioConfig;
  readonly clock: Clock;
}

/** Never rejects; takes `LIVE_CHECK_LIMIT_MS` at most. */
export async function checkLive(deps: LiveCheckDeps): Promise<LiveFinding> {
  const reason = () => new Error("late");
  try {
    return await withDeadline(LIVE_CHECK_LIMIT_MS, () => findOut(deps), { clock: deps.clock, reason });
  } catch {
    return {
      status: "warning",
      text: `did not answer within ${LIVE_CHECK_LIMIT_MS / 1000} s: nothing could be checked`,
      advice: `The server runs all the same. Check the network, then: ${ownCommand("doctor")}`,
    };
  }
}

async function findOut({ twilio }: LiveCheckDeps): Promise<LiveFinding> {
  const { accountSid, authToken, apiKey, baseUrl, from } = twilio;
  const common = { accountSid, baseUrl, timeoutMs: LIVE_CHECK_LIMIT_MS };
  const { createTwilioClient } = await import("../channels/twilio/twilio-client.ts");
  const withToken = createTwilioClient({ ...common, authToken });
  const withKey =
    apiKey && createTwilioClient({ ...common, apiKeySid: apiKey.sid, apiKeySecret: apiKey.secret });
  const [verdict, sender] = await Promise.all([
    judgeCredentials({
      authToken,
      account: () => readAccount(withToken, accountSid),
      ...(withKey === undefined ? {} : { withKey: () => withKey.messages.list({ limit: 1 }) }),
    }),
    checkSender(withKey ?? withToken, from),
  ]);
  // The line begins with Twilio's name.
  const message = verdict.kind === "accepted" ? "" : verdict.message.replace(/^Twilio /, "");
  if (verdict.kind === "refused") return { status: "error", text: message, advice: verdict.advice };
  if (verdict.kind === "unknown") {
    return {
      status: "warning",
      text: `could not be asked: ${message}`,
      advice: `The server runs all the same. ${verdict.advice}`,
    };
  }
  return { ...sender, text: `credentials accepted, ${sender.text}`, isAccepted: true };
}

/** A stand-in for Twilio need not have the account itself: then one read shows whether it takes the token. */
async function readAccount(client: TwilioClient, accountSid: string): Promise<{ status?: string }> {
  try {
    return await client.api.v2010.accounts(accountSid).fetch();
  } catch (error) {
    if (toDeliveryError(error).code !== NOT_FOUND && statusOf(error) !== 404) throw error;
    await client.messages.list({ limit: 1 });
    return {};
  }
}

const NOT_FOUND = 20404;

function statusOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "status" in error ? error.status : undefined;
}

async function checkSender(client: TwilioClient, from: string): Promise<LiveFinding> {
  const number = from.replace("whatsapp:", "");
  // No API tells who has joined it.
  if (from === SANDBOX_SENDER) return { status: "ok", text: "sender is the Sandbox" };
  try {
    const senders = await client.messaging.v2.channelsSenders.list({ channel: "whatsapp" });
    const found = senders.find(({ senderId }) => senderId === from);
    if (found === undefined) {
      return {
        status: "error",
        text: `the account has no WhatsApp sender ${number}`,
        advice: `Set TWILIO_WHATSAPP_FROM to one from Twilio Console → Messaging → Senders, or to the Sandbox, ${SANDBOX_SENDER}.`,
      };
    }
    return found.status.startsWith("ONLINE")
      ? { status: "ok", text: "sender online" }
      : {
          status: "error",
          text: `the sender ${number} is not online`,
          advice: "See Twilio Console → Messaging → Senders.",
        };
  } catch {
    return { status: "ok", text: "sender not checked (Twilio does not list it)" };
  }
}

/** With what the start found out about the templates. @param missing how many are not known */
export function withTemplates(finding: LiveFinding, missing: number): LiveFinding {
  if (finding.isAccepted !== true) return finding;
  if (missing === 0)
    return finding.status === "ok" ? { ...finding, text: `${finding.text}, templates there` } : finding;
  const text = `${finding.text}, ${count(missing, "template")} missing`;
  const advice = `Requests without a template have no buttons. See: ${ownCommand("doctor")}`;
  const status = finding.status === "ok" ? "warning" : finding.status;
  return { ...finding, status, text, advice: finding.advice ?? advice };
}
