// What Telegram's errors mean for a person, and what to do. Data: the first row that fits speaks.
// Source: docs/telegram-facts.md. The words of a description are no contract, so each code has a row without them.
import { DeliveryError } from "../../../domain/errors.ts";
import { type CallFailure, failureOf } from "./api-error.ts";

interface ErrorRow {
  readonly kind?: CallFailure["kind"];
  readonly code?: number;
  /** What the description says. */
  readonly says?: RegExp;
  /** Both are whole sentences. */
  readonly message: string;
  readonly advice: string;
  /** The address is refused for good: until its person pairs again. */
  readonly isLost?: true;
}

const START = "Open the bot's chat in Telegram, press Start, and pair again if it still does not work.";

const ROWS: readonly ErrorRow[] = [
  {
    code: 401,
    message: "Telegram does not accept TELEGRAM_BOT_TOKEN.",
    advice: "Copy the token again from @BotFather (/mybots → API Token), then restart the server.",
  },
  {
    code: 404,
    message: "Telegram does not know the bot of TELEGRAM_BOT_TOKEN.",
    advice:
      "Copy the token again from @BotFather, check TELEGRAM_BASE_URL if it is set, then restart the server.",
  },
  {
    code: 409,
    says: /webhook/i,
    message: "A webhook is set for this bot: its messages go there, and cannot be read here.",
    advice:
      "Take the webhook away (deleteWebhook of the Bot API), or make a bot of its own for this server at @BotFather.",
  },
  {
    code: 409,
    message: "Another program reads the messages of this bot.",
    advice: "Stop the other program, or make a bot of its own for this server, then restart the server.",
  },
  {
    code: 403,
    says: /blocked by the user/i,
    message: "The bot was blocked in Telegram by the approver.",
    advice: "Unblock the bot in Telegram, then pair again.",
    isLost: true,
  },
  {
    code: 403,
    says: /user is deactivated/i,
    message: "The approver's Telegram account does not exist any more.",
    advice: "Pair another account.",
    isLost: true,
  },
  {
    code: 403,
    message: "Telegram does not let the bot write to the approver.",
    advice: START,
  },
  {
    code: 400,
    says: /chat not found|peer_id_invalid|user not found/i,
    message: "Telegram knows no chat between this bot and the approver.",
    advice: START,
  },
  {
    code: 413,
    message: "The file with the full text is too large for Telegram.",
    advice: "Answer at the terminal, or have the call made smaller.",
  },
  {
    kind: "limited",
    message: "Telegram takes no more messages for now: too many were sent.",
    advice: "Wait a moment; fewer requests at once help.",
  },
  {
    kind: "refused",
    message: "Telegram did not take the message.",
    advice: "Look into the server's log for its error code, then try again.",
  },
  {
    kind: "not-sent",
    message: "Telegram could not be reached.",
    advice:
      "Check this computer's network, a firewall or proxy on the way, and TELEGRAM_BASE_URL if it is set.",
  },
  {
    kind: "unknown",
    message: "Telegram did not answer properly.",
    advice: "Look at the chat: the message may have arrived all the same. Check the network, then try again.",
  },
];

function rowOf(failure: CallFailure): ErrorRow | undefined {
  return ROWS.find(
    ({ kind, code, says }) =>
      (kind === undefined || kind === failure.kind) &&
      (code === undefined || code === failure.code) &&
      (says === undefined || says.test(failure.description ?? "")) &&
      // A proxy that answers 404 is not Telegram.
      (code === undefined || failure.kind === "refused"),
  );
}

/** "Another program reads the messages of this bot. Stop it …" */
export function problemOf(error: unknown): string {
  const { message, advice } = toDeliveryError(error);
  return `${message} ${advice}`;
}

/** In words of ours, with nothing of the call: its address holds the token. */
export function toDeliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const failure = failureOf(error);
  const row = rowOf(failure);
  const message = row?.message ?? "The call to Telegram failed.";
  const advice = row?.advice ?? "Look into the server's log, then try again.";
  const { code, reason } = failure;
  const detail = reason === undefined ? message : message.replace(/\.$/, ` (${reason}).`);
  return new DeliveryError(detail, advice, code, { channel: "telegram" });
}

/** Why the address is refused for good; undefined where it is not. */
export function whyLost(error: unknown): string | undefined {
  const row = rowOf(failureOf(error));
  return row?.isLost === true ? row.message : undefined;
}
